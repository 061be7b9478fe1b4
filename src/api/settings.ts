import * as v from "valibot";
import { ECHO_METADATA, MAX_DEFER_SECONDS, SENDING, type Settings, type SettingsPart } from "../core/settings.ts";
import { META_RATE_LIMITS } from "../meta/limits.ts";
import { array, boolean, integer, picklist, strictObject, string } from "./building-blocks.ts";

/** The maximum values are Meta's limits: a setting may be slower, never faster. */
const pacing = {
  privateRepliesPerHour: integer(1, META_RATE_LIMITS.private.calls),
  privateReplyBurst: integer(1, META_RATE_LIMITS.private.calls),
  messagesPerSecond: integer(1, META_RATE_LIMITS.message.calls),
  mediaPerSecond: integer(1, META_RATE_LIMITS.media.calls),
  publicRepliesPerMinute: integer(1, META_RATE_LIMITS.public.calls),
};

const texts = array(string({ min: 1, max: 2_000 }), { max: 100 });
const takeover = {
  enabled: boolean,
  holdMinutes: integer(1, 10_080),
  automaticTexts: v.pipe(texts, v.description("Texts of Meta's own automatic replies: they pause nothing.")),
  personTexts: v.pipe(texts, v.description("Texts that a person sends, although they look automatic.")),
};
const publicReplies = {
  gapSeconds: v.pipe(
    v.number("must be a number of seconds from 1.5 to 600"),
    v.minValue(1.5, "must be at least 1.5: Meta refuses a private reply next to a public one"),
    v.maxValue(600, "must be at most 600"),
    v.description("Seconds between a private reply and the public reply of the same automation."),
  ),
  whenUncertain: v.pipe(
    picklist(["wait", "send"]),
    v.description("What the public reply does when its private reply stays uncertain."),
  ),
  perThreadPerHour: v.pipe(integer(1, 1_000), v.description("Public replies in one comment thread in any hour.")),
  perPersonPerHour: v.pipe(integer(1, 1_000), v.description("Public replies to one person in any hour.")),
};
const reconcile = {
  enabled: v.pipe(boolean, v.description("Look for comments and messages that Meta did not deliver.")),
  everyMinutes: integer(5, 1_440),
};

const scalars = {
  deferSeconds: v.pipe(
    integer(0, MAX_DEFER_SECONDS),
    v.description("Seconds from the receipt of an event to its reply."),
  ),
  sending: v.pipe(
    picklist(SENDING),
    v.description(
      "`paused`: events are recorded and replies scheduled, but nothing is sent. `dry_run`: replies are shown, never sent.",
    ),
  ),
  retentionDays: v.pipe(
    integer(8, 365),
    v.description(
      "Days that events and settled replies are stored. At least 8, because the private reply window is 7 days.",
    ),
  ),
  conversationRepliesPerHour: v.pipe(
    integer(1, 1_000),
    v.description(
      "Maximum automated messages to one person in any hour. Stops endless conversations between two bots.",
    ),
  ),
  uncertainMessages: v.pipe(
    picklist(["hold", "retry"]),
    v.description(
      "For a message with an unknown result: `hold` waits for its echo or a person, `retry` sends again (it may arrive twice).",
    ),
  ),
  recheckComments: v.pipe(boolean, v.description("Read a comment again just before its private reply.")),
  echoMetadata: v.pipe(
    picklist(ECHO_METADATA),
    v.description(
      "Whether messages carry the reply's id as `metadata`, so that their echo is matched exactly. `auto`: on Pages only, where Meta documents it. `on` for an Instagram account is unproven: try it on one account.",
    ),
  ),
};

export const settings = v.object({
  ...scalars,
  pacing: v.object(pacing),
  takeover: v.object(takeover),
  publicReplies: v.object(publicReplies),
  reconcile: v.object(reconcile),
}) satisfies v.GenericSchema<unknown, Settings>;

/** Any part of the settings. Values that are not in the body stay unchanged. */
export const settingsPart = part({
  ...scalars,
  pacing: part(pacing),
  takeover: part(takeover),
  publicReplies: part(publicReplies),
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
    v.check((given) => Object.keys(given).length > 0, `must contain at least one of ${names}`),
  );
}
