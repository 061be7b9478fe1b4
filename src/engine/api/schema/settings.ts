import * as v from "valibot";
import { SENDING, type Settings, type SettingsPart } from "../../../core/settings.ts";
import { META_RATE_LIMITS } from "../../../meta/limits.ts";
import { MAX_DEFER_SECONDS } from "../../config.ts";
import { closed, flag, oneOf, whole } from "./common.ts";

/** The upper ends are Meta's own limits: a pace may be gentler, never faster. */
const pacing = {
  privateRepliesPerHour: whole(1, META_RATE_LIMITS.private.calls),
  privateReplyBurst: whole(1, META_RATE_LIMITS.private.calls),
  messagesPerSecond: whole(1, META_RATE_LIMITS.message.calls),
  mediaPerSecond: whole(1, META_RATE_LIMITS.media.calls),
  publicRepliesPerMinute: whole(1, META_RATE_LIMITS.public.calls),
};

const takeover = { enabled: flag, holdMinutes: whole(1, 10_080) };
const reconcile = { enabled: flag, everyMinutes: whole(5, 1_440) };

const scalars = {
  deferSeconds: v.pipe(whole(0, MAX_DEFER_SECONDS), v.description("Seconds from the receiver's time to a reply.")),
  sending: v.pipe(
    oneOf(SENDING),
    v.description("`paused`: captured and scheduled, nothing leaves. `dry_run`: decided and shown, never sent."),
  ),
  retentionDays: v.pipe(
    whole(8, 365),
    v.description("Days that events and settled replies are kept. The private-reply window is 7 days, so at least 8."),
  ),
  conversationRepliesPerHour: v.pipe(
    whole(1, 1_000),
    v.description("Automated messages to one person in any hour; stops two bots from talking to each other."),
  ),
  uncertainMessages: v.pipe(
    oneOf(["hold", "retry"]),
    v.description("A message whose outcome is unknown: held for evidence, or tried again (and maybe sent twice)."),
  ),
  recheckComments: v.pipe(flag, v.description("Read a comment again just before its private reply.")),
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
    closed(optional),
    v.check((given) => Object.keys(given).length > 0, `names nothing to set; it may hold ${names}`),
  );
}
