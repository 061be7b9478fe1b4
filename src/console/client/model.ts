/** What the API gives, as far as the script reads it. `GET /api/openapi.json` describes all of it. */
import type { Automation, Decision, MessageContent } from "../../core/automation/automation.ts";
import type { EventKind } from "../../core/event.ts";
import type { ReplyKind, ReplyState } from "../../core/reply/reply.ts";
import type { SendStatus } from "../send-status.ts";

export interface FeedRow {
  seq: number;
  id: string;
  kind: EventKind;
  field: string;
  occurredAt: number;
  receivedAt: number;
  test: boolean;
  duplicates: number;
  blocked: string | null;
  decisions: Decision[];
  personId: string | null;
  username: string | null;
  text: string | null;
  replies: { id: string; kind: ReplyKind; state: ReplyState; reason: string | null }[];
}

export interface FeedPage {
  items: FeedRow[];
  nextCursor: string | null;
  newest: number;
}

export interface EventItem {
  id: string;
  kind: EventKind;
  field: string;
  object: string;
  occurredAt: number;
  receivedAt: number;
  deliveryId: string;
  proof: { secret: string; form: "raw" | "escaped" };
  test: boolean;
  duplicates: number;
  decisions: Decision[];
  blocked: string | null;
  /** Who, and what they wrote; not there: an engine that does not say so yet. */
  personId?: string | null;
  username?: string | null;
  text?: string | null;
  replyIds: string[];
  raw: string;
}

export interface ReplyItem {
  id: string;
  eventId: string | null;
  automationId: string | null;
  kind: ReplyKind;
  lane: string;
  to: { commentId: string } | { recipientId: string };
  about: string | null;
  personId: string | null;
  /** The person's name; not there, like the next one: an engine that does not say so yet. */
  username?: string | null;
  /** What they wrote in the event that it answers. */
  eventText?: string | null;
  message: MessageContent;
  state: ReplyState;
  reason: string | null;
  createdAt: number;
  dueAt: number;
  expiresAt: number;
  attempts: number;
  failures: number;
  attemptAt: number | null;
  ambiguous: boolean;
  sentAt: number | null;
  messageId: string | null;
  /** Null: settled, or nothing is sent for now. */
  estimatedAt: number | null;
}

export interface LiveMessage {
  type: "changes";
  events: FeedRow[];
  replies: ReplyItem[];
  truncated: boolean;
}

export interface AccountDetail {
  id: string;
  connected: boolean;
  tokenExpiresAt: number | null;
  lastEventAt: number | null;
  lastReplyAt: number | null;
  state: {
    settings: { sending: string };
    hold: SendStatus["hold"];
    stop: SendStatus["stop"];
    events: number;
    replies: Record<ReplyState, number>;
    lanes: { lane: string; used: number; limit: number; waiting: number; openAt: number }[];
  };
}

export interface AutomationList {
  items: Automation[];
  version: number;
  updatedAt: number | null;
}

export interface Backtest {
  events: number;
  fired: number;
  missed: Record<string, number>;
  rows: {
    eventId: string;
    kind: EventKind;
    occurredAt: number;
    text: string | null;
    decision: Decision;
    preview: string | null;
  }[];
}

export interface Conversation {
  personId: string;
  username: string | null;
  lastInboundAt: number | null;
  windowClosesAt: number | null;
  heldUntil: number | null;
  heldBy: string | null;
  updatedAt: number;
}

export interface Thread {
  conversation: Conversation;
  nextCursor: string | null;
  items: {
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
  }[];
}

export interface Quarantined {
  id: string;
  accountId: string | null;
  reason: string;
  receivedAt: number;
  deliveryId: string;
  encoding: "utf8" | "base64";
  body: string;
  replayedAt: number | null;
}

export interface DeadLetter {
  id: string;
  eventId: string;
  accountId: string;
  kind: string;
  diedAt: number;
  attempts: number;
  replayedAt: number | null;
  raw: string;
}
