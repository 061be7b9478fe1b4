/** A reply: one row of the Account's ledger, from the moment it is scheduled until nothing more can happen to it. */
import type { MessageContent } from "../automation/automation.ts";
import type { TemplateRead } from "../automation/fields.ts";

export const REPLY_STATES = ["pending", "sending", "sent", "refused", "uncertain", "cancelled", "expired"] as const;
export type ReplyState = (typeof REPLY_STATES)[number];

export const REPLY_KINDS = ["private_reply", "public_reply", "message"] as const;
export type ReplyKind = (typeof REPLY_KINDS)[number];

/**
 * Which of Meta's limits a reply is counted against.
 * `live`: private replies to live comments. `private`: private replies to posts and reels. `message`: the Send API.
 * `media`: audio and video. `public`: public comment replies. In the order in which they are served.
 */
export const RATE_LIMITS = ["live", "message", "media", "private", "public"] as const;
export type RateLimit = (typeof RATE_LIMITS)[number];

export type ReplyTarget = { commentId: string } | { recipientId: string };

export interface Reply {
  id: string;
  /** The event that it answers; null when your own backend asked for it through the API. */
  eventId: string | null;
  automationId: string | null;
  kind: ReplyKind;
  rateLimit: RateLimit;
  /** Fairness is between these: the media of a comment, the person of a message. */
  groupKey: string;
  to: ReplyTarget;
  /** Comment id or `mid` of what is answered: deleting or unsending it cancels the reply. */
  about: string | null;
  /** The other side of the conversation, where known: for echoes, takeover and caps. */
  personId: string | null;
  message: MessageContent;
  /** Graph reads that must come before the send, for the template fields that no event carries. */
  reads: readonly TemplateRead[];
  state: ReplyState;
  /** Why it is where it is: an error code, a cancellation reason, `presumed` … */
  reason: string | null;
  createdAt: number;
  /** Never sent before this. */
  dueAt: number;
  /** Meta's window: never sent at or after this. */
  expiresAt: number;
  /**
   * When the row next wants attention: a waiting row, to be sent; a `sending` row, to be judged. Null: nothing is
   * going to happen by itself.
   */
  wakeAt: number | null;
  /** Number of attempts begun; the compare-and-set token of the row. */
  attempts: number;
  /** Attempts that ended without an answer that settles the row, anew from the first doubt; the back-off grows with it. */
  failures: number;
  /** When the newest attempt was committed. */
  attemptAt: number | null;
  /** An earlier attempt may have reached Meta: from now on a refusal proves that it did. */
  ambiguous: boolean;
  /** Asked for while an attempt was on its way: takes effect if that attempt proves not to have been sent. */
  cancelReason: string | null;
  sentAt: number | null;
  messageId: string | null;
  /** The reply that must be sent before this one. Null: none, or it was sent. A blocked row wakes only to expire. */
  afterId: string | null;
  /** Of a public reply: posted instead when Meta refuses the reply that it waits for. */
  whenRefused: MessageContent | null;
  /** The comment thread that a public reply is posted in: its top-level comment. */
  thread: string | null;
  /** A person asked for it: their own takeover does not cancel it. */
  byPerson: boolean;
  /** When it last put the account on hold. A second time, while others passed, it is refused. */
  heldAt: number | null;
}
