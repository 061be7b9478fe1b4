/** A reply: one row of the Account's ledger, from scheduling to its final state. */
import type { MessageContent } from "../automation/automation.ts";
import type { TemplateRead } from "../automation/fields.ts";

export const REPLY_STATES = ["pending", "sending", "sent", "refused", "uncertain", "cancelled", "expired"] as const;
export type ReplyState = (typeof REPLY_STATES)[number];

export const REPLY_KINDS = ["private_reply", "public_reply", "message"] as const;
export type ReplyKind = (typeof REPLY_KINDS)[number];

/**
 * Which of Meta's limits a reply is counted against.
 * `live`: private replies to live comments. `private`: private replies to posts and reels. `message`: the Send API.
 * `media`: audio and video. `public`: public comment replies. Listed by sending priority, highest first.
 */
export const RATE_LIMITS = ["live", "message", "media", "private", "public"] as const;
export type RateLimit = (typeof RATE_LIMITS)[number];

export type ReplyTarget = { commentId: string } | { recipientId: string };

export interface Reply {
  id: string;
  /** The event that it replies to; null if your backend created the reply through the API. */
  eventId: string | null;
  automationId: string | null;
  kind: ReplyKind;
  rateLimit: RateLimit;
  /** Key of the fair queue: the media of a comment, or the person of a message. */
  groupKey: string;
  to: ReplyTarget;
  /** Comment id or `mid` that the reply answers. Deleting or unsending it cancels the reply. */
  about: string | null;
  /** The person in the conversation, if known. Used for echoes, takeover and hourly limits. */
  personId: string | null;
  message: MessageContent;
  /** Graph API reads before the send, for template fields that no event contains. */
  reads: readonly TemplateRead[];
  state: ReplyState;
  /** Why the reply is in its state: an error code, a cancellation reason, `presumed` … */
  reason: string | null;
  createdAt: number;
  /** Never sent before this. */
  dueAt: number;
  /** Meta's window: never sent at or after this. */
  expiresAt: number;
  /**
   * When the row is processed next: a waiting row is sent, a `sending` row without a response becomes uncertain. Null:
   * nothing is scheduled.
   */
  wakeAt: number | null;
  /** Number of attempts begun; the compare-and-set token of the row. */
  attempts: number;
  /** Attempts without a conclusive result; reset at the first ambiguous attempt. The back-off grows with it. */
  failures: number;
  /** When the latest attempt was committed. */
  attemptAt: number | null;
  /** An earlier attempt may have reached Meta. From now on, an `already_replied` refusal proves that it did. */
  ambiguous: boolean;
  /** Cancellation requested while an attempt was in flight. Applied if that attempt turns out not to have been sent. */
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
