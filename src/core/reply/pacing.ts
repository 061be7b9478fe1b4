/**
 * How fast replies may leave. One lane per limit of Meta's; all of it is arithmetic over a few numbers that the Account
 * keeps in SQLite, so that no restart forgets what has been sent.
 *
 * A lane has two rules. The window is hard: never more than `limit` calls in any `windowMs`, whichever moment one looks
 * at. The gap is polite: after a small burst, calls are spread evenly instead of using the window up at once.
 */
import { HOUR_MS } from "../time.ts";
import type { Settings } from "../settings.ts";
import type { Usage } from "./outcome.ts";
import type { RateLimit } from "./reply.ts";

export interface RateLimitRule {
  /** Calls in any window. */
  limit: number;
  windowMs: number;
  /** Calls that may leave together before they are spread. */
  burst: number;
}

/**
 * Meta counts a call when it arrives, we when it leaves. A slow call followed by a fast one an hour later would put one
 * call too many into Meta's hour, so ours is longer by the request timeout and the 30 s a dying object may still send.
 */
const HOUR_WITH_SLACK_MS = HOUR_MS + 45_000;

/** The lanes' rules. Limits: Messenger Platform and Graph API, Rate limiting (docs/meta.md). */
export function rateLimitRules(pacing: Settings["pacing"]): Record<RateLimit, RateLimitRule> {
  // A tenth of a second's calls together, the rest evenly: a whole second's calls in one burst would meet the next
  // second's on the way, and Meta would count both in one.
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

/** What is remembered of a lane. */
export interface RateLimitState {
  /** Calls begun so far; call number n is kept at place n mod ring size, so the last `limit` calls are always known. */
  calls: number;
  /** Where the evenly spread schedule has got to (the "theoretical arrival time" of a leaky bucket). */
  spreadAt: number;
  /** Closed until then: a throttle answer, or usage headers near the top. */
  closedUntil: number;
  /** Times that throttle answers have closed it since the last accepted call. */
  strikes: number;
  /** Percent of Meta's quota in use, as its headers last said, and when. */
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

/** Percent from which the gap grows, and from which the lane closes until Meta says otherwise. */
export const USAGE_SLOW_PERCENT = 75;
const USAGE_STOP_PERCENT = 95;
/** A usage header older than this says nothing any more. */
const USAGE_FRESH_MS = 600_000;
/** How long a lane stays closed at the top of the quota, where Meta names no time. */
const USAGE_STOP_MS = 300_000;

/** Waits after 1, 2, 3 … throttle answers in a row that name no time of their own. The last one repeats. */
const STRIKE_DELAYS_MS = [60_000, 300_000, 900_000, 1_800_000];

/** ms between calls once the burst is used up. */
export function gapMs(rule: RateLimitRule, clock: RateLimitState, now: number): number {
  const gap = rule.windowMs / rule.limit;
  const slow = clock.usagePercent >= USAGE_SLOW_PERCENT && now < clock.usageAt + USAGE_FRESH_MS;
  return slow ? gap * 3 : gap;
}

/**
 * When the lane's next call may leave: now, or the first moment that breaks no rule.
 *
 * @param limitCallsAgo when the call `limit` calls ago was begun; null where there were fewer
 */
export function openAt(rule: RateLimitRule, clock: RateLimitState, limitCallsAgo: number | null, now: number): number {
  const bySpread = clock.spreadAt - (rule.burst - 1) * gapMs(rule, clock, now);
  const byWindow = limitCallsAgo === null ? 0 : limitCallsAgo + rule.windowMs;
  return Math.max(now, Math.ceil(bySpread), byWindow, clock.closedUntil);
}

/** The lane after one call. */
export function counted(rule: RateLimitRule, clock: RateLimitState, now: number): RateLimitState {
  const spreadAt = Math.max(clock.spreadAt, now) + gapMs(rule, clock, now);
  return { ...clock, calls: clock.calls + 1, spreadAt };
}

/**
 * The lane after a throttle answer. `waitMs`: the time that Meta named, or null.
 *
 * While a lane is closed nothing leaves it. What is answered then left before, together with what closed the lane: the
 * hundred calls of one second that meet one limit are one strike, not a hundred.
 */
export function throttled(clock: RateLimitState, waitMs: number | null, now: number, random: number): RateLimitState {
  const strikes = now < clock.closedUntil ? Math.max(1, clock.strikes) : clock.strikes + 1;
  const delayMs = waitMs ?? STRIKE_DELAYS_MS[Math.min(strikes, STRIKE_DELAYS_MS.length) - 1] ?? 0;
  // Up to a quarter longer, so that accounts throttled together do not come back together.
  return { ...clock, strikes, closedUntil: Math.max(clock.closedUntil, now + Math.ceil(delayMs * (1 + random / 4))) };
}

/**
 * The lane after an accepted call, and what its usage headers said (null: nothing). It ends the series of throttles, unless
 * the lane is closed: then it left before the last of them.
 */
export function accepted(clock: RateLimitState, usage: Usage | null, now: number): RateLimitState {
  return measured(clock.strikes === 0 || now < clock.closedUntil ? clock : { ...clock, strikes: 0 }, usage, now);
}

/** The lane after any other answer with usage headers: how full it is, and nothing about its throttles. */
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
 * When a waiting row will probably leave: its place in the queue, spread over the lane's pace.
 *
 * @param ahead rows that will be served before it
 */
export function estimate(
  rule: RateLimitRule,
  clock: RateLimitState,
  openAtMs: number,
  ahead: number,
  now: number,
): number {
  const gap = gapMs(rule, clock, now);
  // The part of the burst that is still there leaves at once; the rest follows at the gap.
  const burstLeft = Math.max(0, Math.floor(rule.burst - Math.max(0, clock.spreadAt - now) / gap));
  return Math.round(openAtMs + Math.max(0, ahead - Math.max(0, burstLeft - 1)) * gap);
}
