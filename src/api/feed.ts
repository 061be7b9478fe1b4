import * as v from "valibot";
import { EVENT_KINDS } from "../core/event.ts";
import { REPLY_KINDS, REPLY_STATES } from "../core/reply/reply.ts";
import type { ReplyItem } from "./reply.ts";
import { decision } from "./automation.ts";
import { pageOf } from "./building-blocks.ts";

/** `not_answered`: no automation was triggered. `failed`: a reply was refused, expired, or is uncertain. */
export const FEED_OUTCOMES = ["answered", "not_answered", "failed", "duplicated", "test"] as const;
export type FeedOutcome = (typeof FEED_OUTCOMES)[number];

const feedRow = v.object({
  seq: v.pipe(v.number(), v.description("Increases with each new event of the account.")),
  id: v.string(),
  kind: v.picklist(EVENT_KINDS),
  field: v.string(),
  occurredAt: v.number(),
  receivedAt: v.number(),
  test: v.boolean(),
  found: v.pipe(v.boolean(), v.description("Meta did not deliver this event; Replyline found it.")),
  duplicates: v.number(),
  blocked: v.nullable(v.string()),
  decisions: v.array(decision),
  personId: v.nullable(v.string()),
  username: v.nullable(v.string()),
  text: v.pipe(v.nullable(v.string()), v.description("The text of the person, shortened.")),
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
  newest: v.pipe(v.number(), v.description("`seq` of the account's newest event, independent of the filter.")),
});
export type FeedPage = v.InferOutput<typeof feedPage>;

export const day = v.object({
  hours: v.pipe(
    v.array(
      v.object({
        at: v.pipe(v.number(), v.description("Start of the hour.")),
        events: v.number(),
        duplicates: v.number(),
        replies: v.pipe(v.number(), v.description("Replies created in this hour.")),
        sent: v.pipe(v.number(), v.description("How many of these replies are sent by now.")),
        failed: v.pipe(
          v.number(),
          v.description("How many of these replies are refused, expired or uncertain by now."),
        ),
      }),
    ),
    v.description("24 hours, oldest first. The last one is the current hour."),
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
