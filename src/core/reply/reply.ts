/** A reply: one row of the Account's ledger, from the moment it is scheduled until nothing more can happen to it. */
import type { MessageContent } from "../automation/automation.ts";

export const REPLY_STATES = ["pending", "sending", "sent", "refused", "uncertain", "cancelled", "expired"] as const;
export type ReplyState = (typeof REPLY_STATES)[number];

/** States in which something may still happen. Retention never removes such a row. */
export const OPEN_STATES: readonly ReplyState[] = ["pending", "sending", "uncertain"];

export type ReplyKind = "private_reply" | "public_reply" | "message";

/**
 * Which of Meta's limits a reply is counted against.
 * `private`: private replies to posts and reels. `live`: private replies to live comments. `message`: the Send API.
 * `media`: audio and video. `public`: public comment replies.
 */
export const LANES = ["live", "private", "message", "media", "public"] as const;
export type Lane = (typeof LANES)[number];

export type ReplyTarget = { commentId: string } | { recipientId: string };

export interface Reply {
  id: string;
  /** The event that it answers; null when your own backend asked for it through the API. */
  eventId: string | null;
  automationId: string | null;
  kind: ReplyKind;
  lane: Lane;
  /** Fairness is between these: the media of a comment, the person of a message. */
  groupKey: string;
  to: ReplyTarget;
  /** The other side of the conversation, where known: for echoes, takeover and caps. */
  personId: string | null;
  message: MessageContent;
  state: ReplyState;
  /** Why it is where it is: an error code, a cancellation reason, `presumed` … */
  reason: string | null;
  createdAt: number;
  /** Never sent before this. */
  dueAt: number;
  /** Meta's window: never sent at or after this. */
  expiresAt: number;
  /** Number of attempts begun; the compare-and-set token of the row. */
  attempts: number;
  /** When the newest attempt was committed. */
  attemptAt: number | null;
  /** An earlier attempt may have reached Meta: from now on a refusal proves that it did. */
  ambiguous: boolean;
  sentAt: number | null;
  messageId: string | null;
}
