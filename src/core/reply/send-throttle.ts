/**
 * Delays committed attempts just before the request. A rate limit counts attempts when they are committed, so that a
 * restart does not lose them. But between commit and request the comment is read again, which takes from 100 ms to
 * several seconds. Without this throttle the attempts of one second could be bunched into less time.
 *
 * In memory on purpose, because it only delays. After a restart, only the rate limit applies at first.
 */
import { counted, type RateLimitState, type RateLimitRule, NEW_RATE_LIMIT, openAt } from "./pacing.ts";
import type { RateLimit } from "./reply.ts";

/** Longer windows already include the duration of an attempt (`rateLimitRules`). */
const SHORT_WINDOW_MS = 1_000;

interface Channel {
  clock: RateLimitState;
  /** Send times within the last window. */
  times: number[];
}

export class SendThrottle {
  readonly #channels = new Map<RateLimit, Channel>();

  /** Reserves the next send time. @returns ms since the epoch, `now` or later */
  next(rateLimit: RateLimit, rule: RateLimitRule, now: number): number {
    if (rule.windowMs > SHORT_WINDOW_MS) return now;
    const { clock, times } = this.#channels.get(rateLimit) ?? { clock: NEW_RATE_LIMIT, times: [] };
    // Send times are reserved in advance and in order.
    const earliest = Math.max(now, times.at(-1) ?? 0);
    const at = openAt(rule, clock, times.at(-rule.limit) ?? null, earliest);
    const left = [...times.filter((time) => time > at - rule.windowMs), at];
    this.#channels.set(rateLimit, { clock: counted(rule, clock, at), times: left });
    return at;
  }
}
