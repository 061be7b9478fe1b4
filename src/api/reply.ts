import * as v from "valibot";
import { RATE_LIMITS, REPLY_KINDS, REPLY_STATES, type ReplyTarget } from "../core/reply/reply.ts";
import { deferSeconds, messageContent } from "./automation.ts";
import { idText, picklist, strictObject } from "./building-blocks.ts";

const target = v.union([v.object({ commentId: v.string() }), v.object({ recipientId: v.string() })]);

export const replyItem = v.object({
  id: v.string(),
  eventId: v.pipe(
    v.nullable(v.string()),
    v.description("The event that it answers; null when it came through the API."),
  ),
  automationId: v.nullable(v.string()),
  kind: v.picklist(REPLY_KINDS),
  lane: v.pipe(v.picklist(RATE_LIMITS), v.description("Which of Meta's limits it is counted against.")),
  to: target,
  about: v.pipe(v.nullable(v.string()), v.description("The comment or message that it answers.")),
  personId: v.nullable(v.string()),
  message: messageContent,
  reads: v.pipe(v.array(v.picklist(["parent.text", "media.permalink"])), v.readonly()),
  state: v.picklist(REPLY_STATES),
  reason: v.pipe(v.nullable(v.string()), v.description("Why it is where it is.")),
  createdAt: v.number(),
  dueAt: v.pipe(v.number(), v.description("Never sent before this.")),
  expiresAt: v.pipe(v.number(), v.description("Meta's window: never sent at or after this.")),
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
      "When it will probably leave, pace included; null when nothing more will happen, and while the account may not send.",
    ),
  ),
  username: v.pipe(v.nullable(v.string()), v.description("Of the person it is to, where Meta has named one.")),
  eventText: v.pipe(v.nullable(v.string()), v.description("What the person wrote; 280 characters at most.")),
});
export type ReplyItem = v.InferOutput<typeof replyItem>;

export const errorExplanation = v.object({
  code: v.string(),
  reason: v.pipe(v.string(), v.description("Short and stable, for programs.")),
  meaning: v.string(),
  advice: v.string(),
});

const to = v.pipe(
  strictObject({ commentId: v.exactOptional(idText()), recipientId: v.exactOptional(idText()) }),
  v.check(
    ({ commentId, recipientId }) => (commentId === undefined) !== (recipientId === undefined),
    "needs either commentId (a private reply) or recipientId (a message), not both",
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

/** Printable ASCII, as far as headers go. */
export const idempotencyHeaders = v.object(
  {
    "idempotency-key": v.pipe(
      v.string(),
      v.regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters without spaces"),
      v.description("New for each reply, the same when you ask again: an order number, a UUID."),
    ),
  },
  "is required: a text that is new for each reply and the same when you ask again, such as an order number or a UUID",
);
