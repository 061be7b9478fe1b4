/** Notifications for the conformance test: about an unknown account, each from a new person. */
import { envelope, type Item } from "../../notifications/delivery-body.ts";
import { instagramObjectId, personId } from "../../notifications/meta-ids.ts";
import { KINDS } from "../../notifications/kinds/all-kinds.ts";
import { OptionValues, type NotificationContext } from "../../notifications/kinds/notification-kind.ts";
import { toWire, type WireValue } from "../../notifications/wire-format.ts";
import type { CaseContext } from "./conform-case.ts";

function contextOf({ accountId, random }: CaseContext, platform: "instagram" | "page"): NotificationContext {
  return {
    platform,
    accountId,
    personId: personId(random),
    username: "conformance.check",
    mediaId: instagramObjectId(random),
    appId: "1184729305561827",
    now: Date.now(),
    random,
  };
}

/** A notification of a kind, by its name and options. */
export function item(
  context: CaseContext,
  name: string,
  values: Record<string, string | boolean> = {},
  platform: "instagram" | "page" = "instagram",
): Item {
  const kind = KINDS.find((candidate) => candidate.name === name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind.make(contextOf(context, kind.platform ?? platform), new OptionValues(values));
}

/** A delivery of many comments. */
export function crowd(context: CaseContext, size: number): string {
  return toWire(envelope(Array.from({ length: size }, () => item(context, "comment", { text: "conformance check" }))));
}

export function singleComment(context: CaseContext): WireValue {
  return envelope([item(context, "comment", { text: "conformance check" })]);
}
