/**
 * One Meta update, on its way from the receiver through the queue to the Account object.
 *
 * A queue message carries exactly one event, so one bad update can never hold up or drop its neighbors.
 */

export const EVENT_KINDS = [
  "comment",
  "live_comment",
  "mention",
  "story_insights",
  "message",
  "message_deleted",
  "message_edit",
  "echo",
  "reaction",
  "postback",
  "referral",
  "seen",
  "delivery",
  "optin",
  "handover",
  "standby",
  "response_feedback",
  "policy_enforcement",
  "account_linking",
  "game_play",
  "order",
  "feed",
  "change",
  "changed_fields",
  "unknown",
  "quarantine",
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** Which secret proved the delivery, and over which form of the body. Kept for the inspector and the doctor. */
export interface Proof {
  /** Label of the matching entry of META_APP_SECRETS; `secret1`, `secret2`… where it has none. */
  secret: string;
  /** `raw`: the bytes as received. `escaped`: the `\uXXXX` form that Meta's Messenger page describes. */
  form: "raw" | "escaped";
}

/** An event as it is queued, stored and shown. All times are ms since the epoch. */
export interface MetaEvent {
  v: 1;
  /** Identity: object, account, kind and Meta's own id. The same update always gets the same id. */
  id: string;
  /** `entry.id` as text; `""` when a body is so broken that no account can be read from it. */
  accountId: string;
  /** `instagram`, `page`, `user`, `permissions`, or what Meta wrote. */
  object: string;
  kind: EventKind;
  /** Meta's field name (`comments`, `messages`, …). */
  field: string;
  /** When Meta says that it happened. */
  occurredAt: number;
  /** When the receiver had read the delivery. Every deferral counts from here. */
  receivedAt: number;
  deliveryId: string;
  /** Sent by the App Dashboard's Test button (`entry.id` "0"): stored and shown, never answered. */
  test: boolean;
  /** The item as Meta wrote it, as JSON text. */
  raw: string;
  proof: Proof;
}

/**
 * The queue message. Small events travel whole. An event whose `raw` would pass the queue's limit travels gzipped
 * (`rawGzip`), and one that is still too large leaves `raw` in KV under `rawKey`; in both cases `raw` is `""`.
 */
export interface QueuedEvent extends MetaEvent {
  rawGzip?: Uint8Array;
  rawKey?: string;
}
