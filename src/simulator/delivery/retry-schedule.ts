/**
 * When Meta tries again. Two regimes are documented: the Graph and Instagram pages say "immediately, then with
 * decreasing frequency over the next 36 hours" (Webhooks, Getting started); the Messenger page says a few at once, an
 * alert after 15 minutes of failing, and no more webhooks after an hour. The steps between are not published: these are
 * a plausible choice, and count from the first attempt.
 */

export type RetryPolicy = "graph" | "messenger";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const GRAPH_RETRIES_MS: readonly number[] = [
  0,
  10 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  18 * HOUR,
  24 * HOUR,
  30 * HOUR,
  36 * HOUR,
];

export const MESSENGER_RETRIES_MS: readonly number[] = [
  0,
  5 * SECOND,
  20 * SECOND,
  MINUTE,
  3 * MINUTE,
  8 * MINUTE,
  15 * MINUTE,
  25 * MINUTE,
  40 * MINUTE,
  60 * MINUTE,
];

/** Messenger: the developer is told. */
export const ALERT_AFTER_MS = 15 * MINUTE;
/** Messenger: "Webhooks Disabled", the app is unsubscribed from the Page or account. */
export const DISABLE_AFTER_MS = HOUR;

/** The answer must be there by then (documentation: Messenger Platform, Webhooks). */
export const RESPONSE_DEADLINE_MS = 5 * SECOND;

/**
 * When to try again after `attempts` failures, in ms since the epoch; null when Meta gives the delivery up.
 * `speed` makes the ladder run faster: at 600, 36 hours take 3.6 minutes.
 */
export function nextAttemptAt(
  regime: RetryPolicy,
  firstAttemptAt: number,
  attempts: number,
  speed: number,
  now: number,
): number | null {
  const ladder = regime === "graph" ? GRAPH_RETRIES_MS : MESSENGER_RETRIES_MS;
  const offsetMs = ladder[attempts - 1];
  return offsetMs === undefined ? null : Math.max(now, firstAttemptAt + offsetMs / speed);
}

/** What an hour of failures does to a subscription in Messenger's regime. */
export function subscriptionStatus(
  failingSince: number | null,
  speed: number,
  now: number,
): "fine" | "alert" | "disabled" {
  if (failingSince === null) return "fine";
  const failingMs = (now - failingSince) * speed;
  return failingMs >= DISABLE_AFTER_MS ? "disabled" : failingMs >= ALERT_AFTER_MS ? "alert" : "fine";
}
