/**
 * When a committed attempt may leave. A lane counts attempts as they are committed, so that no restart forgets them; but
 * between that and the request lies a look at the comment, now of 100 ms and now of seconds, and a second's attempts may
 * leave within less. So what has come through a lane is counted once more at the door.
 *
 * In memory on purpose: it only delays. After a restart the lane alone holds, to the few ms between commit and request.
 */
import { counted, type RateLimitState, type RateLimitRule, NEW_RATE_LIMIT, openAt } from "./pacing.ts";
import type { RateLimit } from "./reply.ts";

/** Longer windows have room for all that an attempt may take (`rateLimitRules`). */
const SHORT_WINDOW_MS = 1_000;

interface Channel {
  clock: RateLimitState;
  /** SendThrottle of the last window. */
  times: number[];
}

export class SendThrottle {
  readonly #doors = new Map<RateLimit, Channel>();

  /** Takes the lane's next place. @returns when to leave: ms since the epoch, `now` or later */
  next(rateLimit: RateLimit, rule: RateLimitRule, now: number): number {
    if (rule.windowMs > SHORT_WINDOW_MS) return now;
    const { clock, times } = this.#doors.get(rateLimit) ?? { clock: NEW_RATE_LIMIT, times: [] };
    // Places are taken ahead of time, and in order.
    const earliest = Math.max(now, times.at(-1) ?? 0);
    const at = openAt(rule, clock, times.at(-rule.limit) ?? null, earliest);
    const left = [...times.filter((time) => time > at - rule.windowMs), at];
    this.#doors.set(rateLimit, { clock: counted(rule, clock, at), times: left });
    return at;
  }
}
