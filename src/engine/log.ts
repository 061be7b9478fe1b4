/** One line of JSON per event, with ids and codes only: never a token, a message text or a payload. */

export type LogEvent =
  | "batch_consumed"
  | "ingest_failed"
  | "dead_letter_kept"
  | "dead_letter_failed"
  | "content_not_cleared"
  | "alarm_failed"
  | "graph_code_unknown"
  | "reply_refused"
  | "reply_uncertain"
  | "account_held"
  | "rate_limited"
  | "token_unreadable"
  | "token_refreshed"
  | "token_refused"
  | "token_unchecked"
  | "token_expiring"
  | "token_of_another_account"
  | "subscription_repaired"
  | "subscription_missing"
  | "account_connected"
  | "connect_failed"
  | "erasure_requested"
  | "erasure_refused"
  | "erasure_failed"
  | "account_erased"
  | "person_erased"
  | "erased_event_refused"
  | "sender_unreachable"
  | "directory_unreachable"
  | "watchdog_visited"
  | "watchdog_failed"
  | "reconciler_read"
  | "reconciler_failed"
  | "post_read_failed"
  | "request_failed";

/** The fields that may be logged. A new field needs a privacy decision. */
export interface LogFields {
  accountId?: string;
  replyId?: string;
  eventId?: string;
  rateLimit?: string;
  code?: string;
  count?: number;
  attempts?: number;
  durationMs?: number;
  delaySeconds?: number;
  route?: string;
  status?: number;
  /** Name and message of an exception from our own code. */
  error?: string;
}

export type Log = (event: LogEvent, fields?: LogFields) => void;

export const log: Log = (event, fields = {}) => {
  console.log(JSON.stringify({ event, ...fields }));
};

/** An exception as text for the log. */
export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : "unknown";
}
