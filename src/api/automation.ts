import * as v from "valibot";
import { type Automation, type Decision, MATCHES, MISS_REASONS, TRIGGERS } from "../core/automation/automation.ts";
import { ATTACHMENT_TYPES, QUICK_REPLY_TYPES } from "../core/automation/message-parts.ts";
import { partProblems } from "../core/automation/validate.ts";
import { MAX_DEFER_SECONDS } from "../core/settings.ts";
import { EVENT_KINDS } from "../core/event.ts";
import { COMMENT_TEXT_LIMITS, MESSAGE_TEXT_LIMITS, QUICK_REPLY_LIMIT } from "../meta/limits.ts";
import {
  array,
  boolean,
  idText,
  integer,
  issuePath,
  passedOn,
  picklist,
  strictObject,
  string,
} from "./building-blocks.ts";

/** More than a person can maintain; every save sends the whole list. */
const MAX_AUTOMATIONS = 200;
const MAX_KEYWORDS = 100;
const MAX_KEYWORD_LENGTH = 100;
const MAX_MEDIA_IDS = 500;
const MAX_PUBLIC_TEXTS = 50;
/** The higher limit of the two platforms. The limit of the account's platform is checked if it is known. */
const MAX_MESSAGE_LENGTH = MESSAGE_TEXT_LIMITS.page.max;
const MAX_COMMENT_LENGTH = COMMENT_TEXT_LIMITS.page.max;

export const deferSeconds = v.pipe(
  integer(0, MAX_DEFER_SECONDS),
  v.description("Seconds between the receipt of the event and the reply. Default: the account's setting."),
);

export const messageContent = v.pipe(
  strictObject({
    text: v.exactOptional(v.pipe(string({ min: 1, max: MAX_MESSAGE_LENGTH }), v.description("A template."))),
    attachment: v.exactOptional(
      v.pipe(
        strictObject({ type: string({ min: 1, max: 50 }), payload: v.exactOptional(passedOn) }),
        v.description(`In the format of the Send API, sent unchanged. Types: ${ATTACHMENT_TYPES.join(", ")}.`),
      ),
    ),
    quick_replies: v.exactOptional(
      v.pipe(
        array(passedOn, { min: 1, max: QUICK_REPLY_LIMIT }),
        v.description(
          `In the format of the Send API, sent unchanged: content_type (${QUICK_REPLY_TYPES.join(", ")}), title, payload.`,
        ),
      ),
    ),
  }),
  v.check(
    (content) => (content.text === undefined) !== (content.attachment === undefined),
    "must have either text or attachment: Meta does not accept both in one message",
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const { path, message } of partProblems(dataset.value, { quickReplies: QUICK_REPLY_LIMIT })) {
      addIssue({ message, path: issuePath(dataset.value, path) });
    }
  }),
);

const trigger = strictObject({
  on: v.pipe(picklist(TRIGGERS), v.description("The kind of event that triggers the automation.")),
  keywords: v.optional(array(string({ min: 1, max: MAX_KEYWORD_LENGTH }), { max: MAX_KEYWORDS }), () => []),
  match: v.optional(
    v.pipe(
      picklist(MATCHES),
      v.description(
        "`word`: whole words. `contains`: anywhere in the text. `exact`: the whole text. `any`: no keyword needed.",
      ),
    ),
    "word",
  ),
  mediaIds: v.optional(
    v.pipe(
      array(idText(), { max: MAX_MEDIA_IDS }),
      v.description("Only on these posts, reels or live videos. Empty: all."),
    ),
    () => [],
  ),
});

const actions = strictObject({
  privateReply: v.exactOptional(messageContent),
  publicReply: v.exactOptional(
    v.pipe(
      strictObject({
        texts: array(string({ min: 1, max: MAX_COMMENT_LENGTH }), { min: 1, max: MAX_PUBLIC_TEXTS }),
        whenRefused: v.exactOptional(
          v.pipe(
            array(string({ min: 1, max: MAX_COMMENT_LENGTH }), { max: MAX_PUBLIC_TEXTS }),
            v.description("Posted instead when Meta refuses the private reply; without it, nothing is posted then."),
          ),
        ),
      }),
      v.description("One of the texts is chosen for each comment."),
    ),
  ),
  message: v.exactOptional(messageContent),
});

const automationId = v.pipe(
  v.string("must be a string"),
  v.regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 letters, digits, dots, dashes or underscores"),
);

const entries = {
  id: automationId,
  name: string({ min: 1, max: 200 }),
  enabled: v.optional(boolean, true),
  trigger,
  actions,
  deferSeconds: v.exactOptional(deferSeconds),
};

export const automation = strictObject(entries) satisfies v.GenericSchema<unknown, Automation>;

/** A draft may be without id and name. */
export const automationDraft = strictObject({
  ...entries,
  id: v.optional(automationId, "draft"),
  name: v.optional(entries.name, "Draft"),
}) satisfies v.GenericSchema<unknown, Automation>;

export const automations = array(automation, { max: MAX_AUTOMATIONS });

export const version = v.pipe(integer(0, Number.MAX_SAFE_INTEGER), v.description("Increases with every save."));

export const decision = v.variant("fired", [
  v.object({ automationId: v.string(), fired: v.literal(true), replyIds: v.array(v.string()) }),
  v.object({ automationId: v.string(), fired: v.literal(false), reason: v.picklist(MISS_REASONS) }),
]) satisfies v.GenericSchema<unknown, Decision>;

export const versionedAutomations = v.object({
  items: v.array(automation),
  nextCursor: v.pipe(v.null(), v.description("Always null: the response contains the whole list.")),
  version,
  updatedAt: v.nullable(v.number()),
});

export const automationVersion = v.object({ version, updatedAt: v.nullable(v.number()), items: v.array(automation) });

export const backtest = v.object({
  events: v.pipe(v.number(), v.description("Number of stored events that were tested.")),
  fired: v.number(),
  missed: v.pipe(
    v.record(v.string(), v.number()),
    v.description("Number of events that did not trigger the automation, by reason."),
  ),
  rows: v.array(
    v.object({
      eventId: v.string(),
      kind: v.picklist(EVENT_KINDS),
      occurredAt: v.number(),
      text: v.nullable(v.string()),
      decision,
      preview: v.pipe(
        v.nullable(v.string()),
        v.description("The text of the reply; null if the automation is not triggered."),
      ),
    }),
  ),
});
export type Backtest = v.InferOutput<typeof backtest>;

/** The list as `GET …/automations` answers it. */
export type AutomationList = Versioned<Automation[]>;
export type Versioned<T> = { version: number; updatedAt: number | null; items: T };
