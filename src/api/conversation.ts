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
    v.description("Meta accepts messages to this person until then. Null: the person has not written yet."),
  ),
  heldUntil: v.pipe(
    v.nullable(v.number()),
    v.description("Automations are paused until then, because a person or another app answers."),
  ),
  heldBy: v.pipe(v.nullable(v.string()), v.description("`person` for Meta's inbox, or the id of another app.")),
  updatedAt: v.number(),
});
export type ConversationItem = v.InferOutput<typeof conversationItem>;

const threadItem = v.object({
  by: v.pipe(
    v.picklist(["person", "replyline", "account", "proof"]),
    v.description("`account`: a person in the inbox, or another app. `proof`: the echo of our own reply."),
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

/** Oldest first. The next page contains older items. */
export const thread = v.object({
  ...pageOf(threadItem).entries,
  conversation: conversationItem,
});
export type Thread = v.InferOutput<typeof thread>;
