/**
 * Meta's limits as sliding windows (documentation: Graph API, Rate limiting; Messenger Platform, Rate limiting). Every
 * accepted call counts. If two pages disagree (100 or 300 sends a second), the lower limit applies.
 */
import { DAY_MS, HOUR_MS } from "../../core/time.ts";

export interface Limit {
  calls: number;
  windowMs: number;
}

export const LIMITS = {
  /** Private replies to posts and reels, per account. */
  private: { calls: 750, windowMs: HOUR_MS },
  /** Private replies to live comments, per account. */
  live: { calls: 100, windowMs: 1000 },
  /** Send API: text, links, reactions, stickers, per account. */
  message: { calls: 100, windowMs: 1000 },
  /** Send API: audio and video, per account. */
  media: { calls: 10, windowMs: 1000 },
} as const satisfies Record<string, Limit>;

export type RateLimitName = keyof typeof LIMITS;

/** General calls of an account: 4800 for each impression in 24 h. */
export const BUDGET_CALLS_PER_IMPRESSION = 4800;
export const BUDGET_WINDOW_MS = DAY_MS;

/** Times of calls, by key. Pruned as the window passes. */
export class SlidingWindows {
  readonly #times = new Map<string, number[]>();

  /** Calls in the window that ends at `now`. */
  count(key: string, windowMs: number, now: number): number {
    return this.#pruned(key, windowMs, now).length;
  }

  /** ms until the window allows one more call; 0 if it does now. */
  waitMs(key: string, limit: Limit, now: number): number {
    const times = this.#pruned(key, limit.windowMs, now);
    const blocking = times[times.length - limit.calls];
    return blocking === undefined ? 0 : blocking + limit.windowMs - now;
  }

  record(key: string, at: number): void {
    const times = this.#times.get(key);
    if (times === undefined) this.#times.set(key, [at]);
    else times.push(at);
  }

  clear(): void {
    this.#times.clear();
  }

  #pruned(key: string, windowMs: number, now: number): number[] {
    const times = this.#times.get(key);
    if (times === undefined) return [];
    const firstInside = times.findIndex((time) => time > now - windowMs);
    if (firstInside === -1) times.length = 0;
    else if (firstInside > 0) times.splice(0, firstInside);
    return times;
  }
}

export interface UsageReport {
  accountId: string;
  type: "instagram" | "pages" | "messenger";
  percent: number;
  regainMs: number;
}

/** The two usage headers. `estimated_time_to_regain_access` is in whole minutes. */
export function usageHeaders(report: UsageReport): Record<string, string> {
  const percent = Math.min(100, Math.max(0, Math.round(report.percent)));
  const minutes = Math.ceil(report.regainMs / 60_000);
  return {
    "x-app-usage": JSON.stringify({ call_count: percent, total_time: percent, total_cputime: percent }),
    "x-business-use-case-usage": JSON.stringify({
      [report.accountId]: [
        {
          type: report.type,
          call_count: percent,
          total_cputime: percent,
          total_time: percent,
          estimated_time_to_regain_access: minutes,
        },
      ],
    }),
  };
}
