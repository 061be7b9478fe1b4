/**
 * Structured log lines. Only the fields in this file can be logged: no tokens, texts, payloads or query strings.
 * Successful deliveries are not logged, because the inspector shows them.
 */

export type LogEvent =
  /** The App Dashboard has verified the callback URL. */
  | "handshake_accepted"
  | "handshake_refused"
  /** Missing or invalid signature, too large, encoded, or without Meta's client certificate. */
  | "delivery_refused"
  /** Signed by Meta, but not queued. Answered with 503, so Meta sends it again. */
  | "delivery_failed"
  /** Accepted, but with something unusual in it. */
  | "delivery_noteworthy"
  | "kv_unavailable"
  | "engine_unavailable"
  | "misconfigured"
  | "unexpected_error";

/** The fields that may be logged. Consider privacy before you add one. */
export interface LogFields {
  cause?: string;
  deliveryId?: string;
  bytes?: number;
  received?: number;
  quarantined?: number;
  unknown?: number;
  entriesWithoutEvents?: number;
  /** Label of the secret that matched, and the form of the body that it matched. */
  signedWith?: string;
  form?: string;
  /** The variable or secret that is missing or invalid. */
  variable?: string;
  operation?: "read" | "write";
  /** Name and message of a platform error. */
  error?: string;
}

export type Log = (event: LogEvent, fields: LogFields) => void;

/** Logged as information; all others are warnings. */
const ROUTINE: ReadonlySet<LogEvent> = new Set(["handshake_accepted", "delivery_noteworthy"]);

export const log: Log = (event, fields) => {
  const line = JSON.stringify({ event, ...fields });
  if (ROUTINE.has(event)) console.log(line);
  else console.warn(line);
};

/** Name and message of a platform error, enough to search for it. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : typeof error;
