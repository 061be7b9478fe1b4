/**
 * How fast replies may be sent. There is one rate limit for each limit of Meta. The state is a few numbers that the
 * Account stores in SQLite, so a restart does not lose the count.
 *
 * A rate limit has two rules. The sliding window is strict: never more than `limit` calls in any `windowMs`. The gap
 * smooths: after a small burst, calls are spread evenly instead of using up the window at once.
 */
import { HOUR_MS } from "../time.ts";
import type { Settings } from "../settings.ts";
import type { Usage } from "./outcome.ts";
import type { RateLimit } from "./reply.ts";

export interface RateLimitRule {
  /** Calls in any window. */
  limit: number;
  windowMs: number;
  /** Calls that may be sent together before calls are spread. */
  burst: number;
}

/**
 * Meta counts a call when it arrives, Replyline when it is sent. A slow call followed by a fast call an hour later
 * would exceed Meta's hourly limit by one. So our window is longer, by the request timeout and the 30 s in which a
 * replaced object may still send.
 */
const HOUR_WITH_SLACK_MS = HOUR_MS + 45_000;

/** The rules of each rate limit. Source: Messenger Platform and Graph API, Rate limiting (docs/meta.md). */
export function rateLimitRules(pacing: Settings["pacing"]): Record<RateLimit, RateLimitRule> {
  // The burst is a tenth of a second's calls. If the calls of a whole second were sent in one burst, network delay
  // could put them into the same second as the next calls, and Meta would count both.
  const perSecond = (limit: number): RateLimitRule => ({ limit, windowMs: 1_000, burst: Math.ceil(limit / 10) });
  return {
    live: perSecond(pacing.messagesPerSecond),
    message: perSecond(pacing.messagesPerSecond),
    media: perSecond(pacing.mediaPerSecond),
    private: {
      limit: pacing.privateRepliesPerHour,
      windowMs: HOUR_WITH_SLACK_MS,
      burst: Math.min(pacing.privateReplyBurst, pacing.privateRepliesPerHour),
    },
    public: {
      limit: pacing.publicRepliesPerMinute,
      windowMs: 60_000,
      burst: Math.min(10, pacing.publicRepliesPerMinute),
    },
  };
}

/** The stored state of a rate limit. */
export interface RateLimitState {
  /** Calls begun so far. Call n is stored at position n mod ring size, so the last `limit` calls are always known. */
  calls: number;
  /** The next time in the evenly spread schedule ("theoretical arrival time" of a leaky bucket). */
  spreadAt: number;
  /** No calls until this time, after a throttling error or because the usage headers report a nearly full quota. */
  closedUntil: number;
  /** How often throttling errors have closed the rate limit since the last accepted call. */
  strikes: number;
  /** Used part of Meta's quota in percent, from the newest usage headers, and the time of those headers. */
  usagePercent: number;
  usageAt: number;
}

export const NEW_RATE_LIMIT: RateLimitState = {
  calls: 0,
  spreadAt: 0,
  closedUntil: 0,
  strikes: 0,
  usagePercent: 0,
  usageAt: 0,
};

/** From the first percentage on, the gap grows. From the second on, the rate limit closes until Meta reports less. */
export const USAGE_SLOW_PERCENT = 75;
const USAGE_STOP_PERCENT = 95;
/** A usage header older than this is ignored. */
const USAGE_FRESH_MS = 600_000;
/** How long a rate limit stays closed when the quota is full and Meta gives no time. */
const USAGE_STOP_MS = 300_000;

/** Waits after 1, 2, 3 … consecutive throttling errors that give no time. The last one repeats. */
const STRIKE_DELAYS_MS = [60_000, 300_000, 900_000, 1_800_000];

/** ms between calls once the burst is used up. */
export function gapMs(rule: RateLimitRule, clock: RateLimitState, now: number): number {
  const gap = rule.windowMs / rule.limit;
  const slow = clock.usagePercent >= USAGE_SLOW_PERCENT && now < clock.usageAt + USAGE_FRESH_MS;
  return slow ? gap * 3 : gap;
}

/**
 * When the next call may be sent: now, or the first time that both rules allow.
 *
 * @param limitCallsAgo when the call `limit` calls ago began; null if there were fewer calls
 */
export function openAt(rule: RateLimitRule, clock: RateLimitState, limitCallsAgo: number | null, now: number): number {
  const bySpread = clock.spreadAt - (rule.burst - 1) * gapMs(rule, clock, now);
  const byWindow = limitCallsAgo === null ? 0 : limitCallsAgo + rule.windowMs;
  return Math.max(now, Math.ceil(bySpread), byWindow, clock.closedUntil);
}

/** The state after one call. */
export function counted(rule: RateLimitRule, clock: RateLimitState, now: number): RateLimitState {
  const spreadAt = Math.max(clock.spreadAt, now) + gapMs(rule, clock, now);
  return { ...clock, calls: clock.calls + 1, spreadAt };
}

/**
 * The state after a throttling error. `waitMs`: the time that Meta gave, or null.
 *
 * While a rate limit is closed, no call is sent. An error that arrives then belongs to a call that was sent before,
 * with the call that closed it. So 100 calls of one second that hit the same limit count as one throttle, not as 100.
 */
export function throttled(clock: RateLimitState, waitMs: number | null, now: number, random: number): RateLimitState {
  const strikes = now < clock.closedUntil ? Math.max(1, clock.strikes) : clock.strikes + 1;
  const delayMs = waitMs ?? STRIKE_DELAYS_MS[Math.min(strikes, STRIKE_DELAYS_MS.length) - 1] ?? 0;
  // Up to a quarter longer, so that accounts that were throttled together do not retry together.
  return { ...clock, strikes, closedUntil: Math.max(clock.closedUntil, now + Math.ceil(delayMs * (1 + random / 4))) };
}

/**
 * The state after an accepted call with its usage headers (null: none). It resets the count of consecutive throttles,
 * unless the rate limit is closed: then the call was sent before the last throttle.
 */
export function accepted(clock: RateLimitState, usage: Usage | null, now: number): RateLimitState {
  return measured(clock.strikes === 0 || now < clock.closedUntil ? clock : { ...clock, strikes: 0 }, usage, now);
}

/** The state after any other response with usage headers. Updates the usage, not the count of throttles. */
export function measured(clock: RateLimitState, usage: Usage | null, now: number): RateLimitState {
  if (usage === null) return clock;
  const stopMs = usage.percent >= USAGE_STOP_PERCENT ? (usage.regainMs ?? USAGE_STOP_MS) : 0;
  return {
    ...clock,
    usagePercent: usage.percent,
    usageAt: now,
    closedUntil: Math.max(clock.closedUntil, stopMs > 0 ? now + stopMs : 0),
  };
}

/**
 * Estimates when a waiting row is sent, from its position in the queue and the rate limit.
 *
 * @param ahead number of rows that are sent before it
 */
export function estimate(
  rule: RateLimitRule,
  clock: RateLimitState,
  openAtMs: number,
  ahead: number,
  now: number,
): number {
  const gap = gapMs(rule, clock, now);
  // The unused part of the burst is sent at once; the rest follows with the gap between calls.
  const burstLeft = Math.max(0, Math.floor(rule.burst - Math.max(0, clock.spreadAt - now) / gap));
  return Math.round(openAtMs + Math.max(0, ahead - Math.max(0, burstLeft - 1)) * gap);
}
