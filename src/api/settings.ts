import * as v from "valibot";
import { MAX_DEFER_SECONDS, SENDING, type Settings, type SettingsPart } from "../core/settings.ts";
import { META_RATE_LIMITS } from "../meta/limits.ts";
import { boolean, integer, picklist, strictObject } from "./building-blocks.ts";

/** The upper ends are Meta's own limits: a pace may be gentler, never faster. */
const pacing = {
  privateRepliesPerHour: integer(1, META_RATE_LIMITS.private.calls),
  privateReplyBurst: integer(1, META_RATE_LIMITS.private.calls),
  messagesPerSecond: integer(1, META_RATE_LIMITS.message.calls),
  mediaPerSecond: integer(1, META_RATE_LIMITS.media.calls),
  publicRepliesPerMinute: integer(1, META_RATE_LIMITS.public.calls),
};

const takeover = { enabled: boolean, holdMinutes: integer(1, 10_080) };
const reconcile = { enabled: boolean, everyMinutes: integer(5, 1_440) };

const scalars = {
  deferSeconds: v.pipe(integer(0, MAX_DEFER_SECONDS), v.description("Seconds from the receiver's time to a reply.")),
  sending: v.pipe(
    picklist(SENDING),
    v.description("`paused`: captured and scheduled, nothing leaves. `dry_run`: decided and shown, never sent."),
  ),
  retentionDays: v.pipe(
    integer(8, 365),
    v.description("Days that events and settled replies are kept. The private-reply window is 7 days, so at least 8."),
  ),
  conversationRepliesPerHour: v.pipe(
    integer(1, 1_000),
    v.description("Automated messages to one person in any hour; stops two bots from talking to each other."),
  ),
  uncertainMessages: v.pipe(
    picklist(["hold", "retry"]),
    v.description("A message whose outcome is unknown: held for evidence, or tried again (and maybe sent twice)."),
  ),
  recheckComments: v.pipe(boolean, v.description("Read a comment again just before its private reply.")),
};

export const settings = v.object({
  ...scalars,
  pacing: v.object(pacing),
  takeover: v.object(takeover),
  reconcile: v.object(reconcile),
}) satisfies v.GenericSchema<unknown, Settings>;

/** Any part of the settings; what is not named stays as it is. */
export const settingsPart = part({
  ...scalars,
  pacing: part(pacing),
  takeover: part(takeover),
  reconcile: part(reconcile),
}) satisfies v.GenericSchema<unknown, SettingsPart>;

type Optional<E extends v.ObjectEntries> = { [K in keyof E]: v.ExactOptionalSchema<E[K], undefined> };

function part<const E extends v.ObjectEntries>(entries: E) {
  const optional = Object.fromEntries(
    Object.entries(entries).map(([key, schema]) => [key, v.exactOptional(schema)]),
  ) as Optional<E>;
  const names = Object.keys(entries).join(", ");
  return v.pipe(
    strictObject(optional),
    v.check((given) => Object.keys(given).length > 0, `names nothing to set; it may hold ${names}`),
  );
}
