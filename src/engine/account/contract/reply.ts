/** Replies as lists show them, and replies that your own backend asks for. */
import type { MessageContent } from "../../../core/automation/automation.ts";
import type { RateLimit, Reply, ReplyState, ReplyTarget } from "../../../core/reply/reply.ts";

/**
 * A reply as lists show it. `estimatedAt`: when it will probably leave, pace included; null when it is settled, and while
 * the account may not send. `eventText`: what the person wrote.
 */
export interface ReplyItem extends Omit<Reply, "groupKey" | "wakeAt" | "cancelReason" | "rateLimit"> {
  /** The rate limit that it counts against. */
  lane: RateLimit;
  estimatedAt: number | null;
  username: string | null;
  eventText: string | null;
}

export interface ReplyQuery {
  state?: ReplyState;
  eventId?: string;
  /** `due`: what is due first comes first. Otherwise the newest does. */
  order?: "newest" | "due";
  cursor?: string;
  limit: number;
}

export interface NewReply {
  to: ReplyTarget;
  message: MessageContent;
  deferSeconds?: number;
  /** From the Idempotency-Key header: the same key always gives the same reply. */
  idempotencyKey: string;
}

export type ReplyError =
  | { reason: "not_found" }
  | { reason: "not_connected" }
  /** The comment already has its one private reply. */
  | { reason: "already_replied"; replyId: string }
  /** The key was used before for something else. */
  | { reason: "key_reused"; replyId: string }
  /** Meta's window for this answer has closed. */
  | { reason: "outside_window" }
  /** Meta has told of its deletion. */
  | { reason: "comment_gone" }
  /** Nothing is cut silently from what your own backend wrote. */
  | { reason: "text_too_long"; max: number; unit: "bytes" | "characters" }
  /** The reply has left, or has been settled: `state` says how. */
  | { reason: "too_late"; state: ReplyState }
  | { reason: "not_uncertain"; state: ReplyState };
