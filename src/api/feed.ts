import * as v from "valibot";
import { EVENT_KINDS } from "../core/event.ts";
import { REPLY_KINDS, REPLY_STATES } from "../core/reply/reply.ts";
import type { ReplyItem } from "./reply.ts";
import { decision } from "./automation.ts";
import { pageOf } from "./building-blocks.ts";

/** `not_answered`: no automation fired. `failed`: a reply to it was refused, expired, or is uncertain. */
export const FEED_OUTCOMES = ["answered", "not_answered", "failed", "duplicated", "test"] as const;
export type FeedOutcome = (typeof FEED_OUTCOMES)[number];

const feedRow = v.object({
  seq: v.pipe(v.number(), v.description("Goes up with each new event of the account.")),
  id: v.string(),
  kind: v.picklist(EVENT_KINDS),
  field: v.string(),
  occurredAt: v.number(),
  receivedAt: v.number(),
  test: v.boolean(),
  duplicates: v.number(),
  blocked: v.nullable(v.string()),
  decisions: v.array(decision),
  personId: v.nullable(v.string()),
  username: v.nullable(v.string()),
  text: v.pipe(v.nullable(v.string()), v.description("What the person wrote, cut.")),
  replies: v.array(
    v.object({
      id: v.string(),
      kind: v.picklist(REPLY_KINDS),
      state: v.picklist(REPLY_STATES),
      reason: v.nullable(v.string()),
    }),
  ),
});
export type FeedRow = v.InferOutput<typeof feedRow>;

export const feedPage = v.object({
  ...pageOf(feedRow).entries,
  newest: v.pipe(v.number(), v.description("`seq` of the account's newest event, whatever the filter.")),
});
export type FeedPage = v.InferOutput<typeof feedPage>;

export const day = v.object({
  hours: v.pipe(
    v.array(
      v.object({
        at: v.pipe(v.number(), v.description("Begin of the hour.")),
        events: v.number(),
        duplicates: v.number(),
        replies: v.pipe(v.number(), v.description("Made in this hour.")),
        sent: v.pipe(v.number(), v.description("Of them, by now.")),
        failed: v.pipe(v.number(), v.description("Of them, by now refused, expired or uncertain.")),
      }),
    ),
    v.description("24, oldest first; the last one is still running."),
  ),
  lastEventAt: v.nullable(v.number()),
  lastReplyAt: v.nullable(v.number()),
  openReplies: v.number(),
});
export type Day = v.InferOutput<typeof day>;

/** The only message that the console's live feed sends over its WebSocket. */
export interface LiveMessage {
  type: "changes";
  events: FeedRow[];
  replies: ReplyItem[];
  /** More changed at once than one message has room for: read the list again. */
  truncated: boolean;
}
