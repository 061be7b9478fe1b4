/** Events that could not be parsed or delivered. They are stored for a person to check. */
import * as v from "valibot";

export const quarantineItem = v.object({
  id: v.string(),
  accountId: v.nullable(v.string()),
  reason: v.pipe(v.string(), v.description("Why it could not be parsed.")),
  receivedAt: v.number(),
  deliveryId: v.string(),
  encoding: v.picklist(["utf8", "base64"]),
  body: v.pipe(v.string(), v.description("As received: text, or base64 if the bytes are not UTF-8.")),
  replayedAt: v.nullable(v.number()),
});
export type QuarantineItem = v.InferOutput<typeof quarantineItem>;

export const quarantineReplay = v.object({
  events: v.pipe(v.number(), v.description("Events that could be parsed now and were delivered to their accounts.")),
  stillUnreadable: v.number(),
});

export const deadLetter = v.object({
  id: v.string(),
  eventId: v.string(),
  accountId: v.string(),
  kind: v.string(),
  diedAt: v.number(),
  attempts: v.number(),
  replayedAt: v.nullable(v.number()),
  raw: v.string(),
});
export type DeadLetter = v.InferOutput<typeof deadLetter>;

export const deadLetterReplay = v.object({
  result: v.pipe(v.picklist(["new", "duplicate"]), v.description("`duplicate`: the account already had it.")),
});
