/** Conversations, and what was said in one. */
import type { EventKind } from "../../../core/event.ts";
import type { ReplyKind, ReplyState } from "../../../core/reply/reply.ts";
import type { Page } from "./page.ts";

export interface ConversationQuery {
  /** Part of the person's id or name. */
  search?: string;
  /** Only those from which automations stand back. */
  held?: boolean;
  cursor?: string;
  limit: number;
}

export interface ConversationItem {
  personId: string;
  username: string | null;
  lastInboundAt: number | null;
  /** Until then Meta takes messages to this person; null: the person has not written yet. */
  windowClosesAt: number | null;
  /** Automations stand back until then, because somebody else answers. */
  heldUntil: number | null;
  /** `person` in Meta's inbox, or another app's id. */
  heldBy: string | null;
  updatedAt: number;
}

/** `proof`: the echo of a reply of ours. `account`: a person in the inbox, or another app. */
export interface ThreadItem {
  by: "person" | "replyline" | "account" | "proof";
  at: number;
  sentAt: number | null;
  kind: EventKind | ReplyKind;
  text: string | null;
  eventId: string | null;
  replyId: string | null;
  state: ReplyState | null;
  reason: string | null;
  automationId: string | null;
}

export interface Thread extends Page<ThreadItem> {
  conversation: ConversationItem;
}
