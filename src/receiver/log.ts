/**
 * Structured log lines. Only what is named here can be logged: no tokens, no texts, no payloads, no query strings.
 * Deliveries that went well are not logged: they are in the inspector, and the hot path stays quiet.
 */

export type LogEvent =
  /** The App Dashboard has verified the callback URL. */
  | "handshake_accepted"
  | "handshake_refused"
  /** No, or no good, signature; or too large, encoded, or without Meta's client certificate. */
  | "delivery_refused"
  /** Signed by Meta, but not queued: answered 503, so Meta will send it again. */
  | "delivery_failed"
  /** Accepted, with something in it that deserves a look. */
  | "delivery_noteworthy"
  | "kv_unavailable"
  | "engine_unavailable"
  | "misconfigured"
  | "unexpected_error";

/** The fields that may be logged. Adding one is a decision about privacy. */
export interface LogFields {
  cause?: string;
  deliveryId?: string;
  bytes?: number;
  received?: number;
  quarantined?: number;
  unknown?: number;
  entriesWithoutEvents?: number;
  /** Label of the secret that matched, and over which form of the body. */
  signedWith?: string;
  form?: string;
  /** The variable or secret that is missing or wrong. */
  variable?: string;
  operation?: "read" | "write";
  /** Name and message of a platform error. */
  error?: string;
}

export type Log = (event: LogEvent, fields: LogFields) => void;

/** Nothing is wrong; all others are warnings. */
const ROUTINE: ReadonlySet<LogEvent> = new Set(["handshake_accepted", "delivery_noteworthy"]);

export const log: Log = (event, fields) => {
  const line = JSON.stringify({ event, ...fields });
  if (ROUTINE.has(event)) console.log(line);
  else console.warn(line);
};

/** Enough of a platform error to look it up. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : typeof error;
