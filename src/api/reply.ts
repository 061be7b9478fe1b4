import * as v from "valibot";
import { RATE_LIMITS, REPLY_KINDS, REPLY_STATES, type ReplyTarget } from "../core/reply/reply.ts";
import { deferSeconds, messageContent } from "./automation.ts";
import { idText, picklist, strictObject } from "./building-blocks.ts";

const target = v.union([v.object({ commentId: v.string() }), v.object({ recipientId: v.string() })]);

export const replyItem = v.object({
  id: v.string(),
  eventId: v.pipe(
    v.nullable(v.string()),
    v.description("The event that it answers; null if it was created through the API."),
  ),
  automationId: v.nullable(v.string()),
  kind: v.picklist(REPLY_KINDS),
  lane: v.pipe(v.picklist(RATE_LIMITS), v.description("The rate limit of Meta that the reply counts against.")),
  to: target,
  about: v.pipe(v.nullable(v.string()), v.description("The comment or message that it answers.")),
  personId: v.nullable(v.string()),
  message: messageContent,
  reads: v.pipe(v.array(v.picklist(["parent.text", "media.permalink"])), v.readonly()),
  state: v.picklist(REPLY_STATES),
  reason: v.pipe(v.nullable(v.string()), v.description("Why the reply is in its state.")),
  createdAt: v.number(),
  dueAt: v.pipe(v.number(), v.description("Never sent before this time.")),
  expiresAt: v.pipe(v.number(), v.description("The end of Meta's window: never sent at or after this time.")),
  attempts: v.number(),
  failures: v.number(),
  attemptAt: v.nullable(v.number()),
  ambiguous: v.pipe(v.boolean(), v.description("An earlier attempt may have reached Meta.")),
  sentAt: v.nullable(v.number()),
  messageId: v.nullable(v.string()),
  afterId: v.pipe(v.nullable(v.string()), v.description("The reply that must be sent before this one.")),
  estimatedAt: v.pipe(
    v.nullable(v.number()),
    v.description(
      "When it will probably be sent, including rate limits. Null if the reply is final, or while the account may not send.",
    ),
  ),
  username: v.pipe(v.nullable(v.string()), v.description("The username of the recipient, if Meta has sent one.")),
  eventText: v.pipe(v.nullable(v.string()), v.description("The text of the person, at most 280 characters.")),
});
export type ReplyItem = v.InferOutput<typeof replyItem>;

export const errorExplanation = v.object({
  code: v.string(),
  reason: v.pipe(v.string(), v.description("A short, stable code for programs.")),
  meaning: v.string(),
  advice: v.string(),
});

const to = v.pipe(
  strictObject({ commentId: v.exactOptional(idText()), recipientId: v.exactOptional(idText()) }),
  v.check(
    ({ commentId, recipientId }) => (commentId === undefined) !== (recipientId === undefined),
    "must have either commentId (a private reply) or recipientId (a message), not both",
  ),
  v.metadata({ oneOf: [{ required: ["commentId"] }, { required: ["recipientId"] }] }),
  v.transform(({ commentId, recipientId }): ReplyTarget =>
    commentId === undefined ? { recipientId: recipientId ?? "" } : { commentId },
  ),
);

export const newReply = strictObject({
  to,
  message: messageContent,
  deferSeconds: v.exactOptional(deferSeconds),
  by: v.exactOptional(
    v.pipe(
      picklist(["person"]),
      v.description("A person wrote it: it takes the conversation over. Absent: a program did, and waits for people."),
    ),
  ),
});

/** Printable ASCII: a header allows no more. */
export const idempotencyHeaders = v.object(
  {
    "idempotency-key": v.pipe(
      v.string(),
      v.regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters without spaces"),
      v.description("Unique for each reply, and the same for a retry: an order number, a UUID."),
    ),
  },
  "is required: a string that is unique for each reply and the same for a retry, such as an order number or a UUID",
);
