import * as v from "valibot";
import { EVENT_KINDS } from "../core/event.ts";
import { REPLY_KINDS, REPLY_STATES } from "../core/reply/reply.ts";
import { pageOf } from "./building-blocks.ts";

export const conversationItem = v.object({
  personId: v.string(),
  username: v.nullable(v.string()),
  lastInboundAt: v.nullable(v.number()),
  windowClosesAt: v.pipe(
    v.nullable(v.number()),
    v.description("Until then Meta takes messages to this person; null: the person has not written yet."),
  ),
  heldUntil: v.pipe(
    v.nullable(v.number()),
    v.description("Automations stand back until then, because somebody else answers."),
  ),
  heldBy: v.pipe(v.nullable(v.string()), v.description("`person` in Meta's inbox, or another app's id.")),
  updatedAt: v.number(),
});
export type ConversationItem = v.InferOutput<typeof conversationItem>;

const threadItem = v.object({
  by: v.pipe(
    v.picklist(["person", "replyline", "account", "proof"]),
    v.description("`account`: somebody in the inbox, or another app. `proof`: the echo of a reply of ours."),
  ),
  at: v.number(),
  sentAt: v.nullable(v.number()),
  kind: v.picklist([...EVENT_KINDS, ...REPLY_KINDS]),
  text: v.nullable(v.string()),
  eventId: v.nullable(v.string()),
  replyId: v.nullable(v.string()),
  state: v.nullable(v.picklist(REPLY_STATES)),
  reason: v.nullable(v.string()),
  automationId: v.nullable(v.string()),
});
export type ThreadItem = v.InferOutput<typeof threadItem>;

/** Oldest first; the next page is further back. */
export const thread = v.object({
  ...pageOf(threadItem).entries,
  conversation: conversationItem,
});
export type Thread = v.InferOutput<typeof thread>;
