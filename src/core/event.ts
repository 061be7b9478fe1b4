/**
 * One update from Meta. The receiver sends it through the queue to the Account object.
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

/** Which secret verified the delivery, and over which form of the body. Stored for the inspector and the doctor. */
export interface Proof {
  /** Label of the matching entry of META_APP_SECRETS; `secret1`, `secret2`… if it has no label. */
  secret: string;
  /** `raw`: the bytes as received. `escaped`: the `\uXXXX` form that Meta's Messenger page describes. */
  form: "raw" | "escaped";
}

/** An event as it is queued, stored and shown. All times are ms since the epoch. */
export interface MetaEvent {
  v: 1;
  /** Made from object, account, kind and Meta's id. The same update always gets the same id. */
  id: string;
  /** `entry.id` as text; `""` if no account can be read from an invalid body. */
  accountId: string;
  /** `instagram`, `page`, `user`, `permissions`, or the value that Meta sent. */
  object: string;
  kind: EventKind;
  /** Meta's field name (`comments`, `messages`, …). */
  field: string;
  /** Time of the event, according to Meta. */
  occurredAt: number;
  /** When the receiver had read the delivery. Reply delays start here. */
  receivedAt: number;
  deliveryId: string;
  /** Sent by the App Dashboard's Test button (`entry.id` "0"): stored and shown, never answered. */
  test: boolean;
  /** The item as Meta sent it, as JSON text. */
  raw: string;
  proof: Proof;
}

/**
 * The queue message. A small event is sent unchanged. If `raw` exceeds the limit of the queue, it is gzipped
 * (`rawGzip`). If it is still too large, `raw` is stored in KV under `rawKey`. In both cases `raw` is `""`.
 */
export interface QueuedEvent extends MetaEvent {
  rawGzip?: Uint8Array;
  rawKey?: string;
}
