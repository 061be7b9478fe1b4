/**
 * When Meta retries a delivery. Two policies are documented: the Graph and Instagram pages say "immediately, then with
 * decreasing frequency over the next 36 hours" (Webhooks, Getting started); the Messenger page says a few at once, an
 * alert after 15 minutes of failing, and no more webhooks after an hour. The steps between are not published: these are
 * a plausible choice. They count from the first attempt.
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

/** Messenger: Meta alerts the developer. */
export const ALERT_AFTER_MS = 15 * MINUTE;
/** Messenger: "Webhooks Disabled", the app is unsubscribed from the Page or account. */
export const DISABLE_AFTER_MS = HOUR;

/** The response must arrive within this time (documentation: Messenger Platform, Webhooks). */
export const RESPONSE_DEADLINE_MS = 5 * SECOND;

/**
 * When to retry after `attempts` failures, in ms since the epoch; null when Meta gives up. `speed` makes the schedule
 * faster: at 600, 36 hours take 3.6 minutes.
 */
export function nextAttemptAt(
  regime: RetryPolicy,
  firstAttemptAt: number,
  attempts: number,
  speed: number,
  now: number,
): number | null {
  const schedule = regime === "graph" ? GRAPH_RETRIES_MS : MESSENGER_RETRIES_MS;
  const offsetMs = schedule[attempts - 1];
  return offsetMs === undefined ? null : Math.max(now, firstAttemptAt + offsetMs / speed);
}

/** What failures do to a subscription with Messenger's retry policy. */
export function subscriptionStatus(
  failingSince: number | null,
  speed: number,
  now: number,
): "fine" | "alert" | "disabled" {
  if (failingSince === null) return "fine";
  const failingMs = (now - failingSince) * speed;
  return failingMs >= DISABLE_AFTER_MS ? "disabled" : failingMs >= ALERT_AFTER_MS ? "alert" : "fine";
}
