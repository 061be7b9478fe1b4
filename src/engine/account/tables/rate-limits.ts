/** The state of each rate limit, in SQLite, so that no call is lost at a restart. */
import { NEW_RATE_LIMIT, type RateLimitState, type RateLimitRule } from "../../../core/reply/pacing.ts";
import type { RateLimit } from "../../../core/reply/reply.ts";
import { first, number, type Sql } from "../../storage/sql.ts";

/**
 * Size of the ring of call times of a rate limit: call n overwrites call n - RING. It is as large as the largest limit,
 * so the time of the call `limit` calls ago is one look-up, and the table never grows.
 */
const RING = 1_000;

/** The state of a rate limit; the initial state if no call was ever made. */
export function readRateLimit(sql: Sql, rateLimit: RateLimit): RateLimitState {
  const row = first(sql, "SELECT * FROM lanes WHERE lane = ?", rateLimit);
  if (row === null) return NEW_RATE_LIMIT;
  return {
    calls: number(row, "calls"),
    spreadAt: number(row, "spread_at"),
    closedUntil: number(row, "closed_until"),
    strikes: number(row, "strikes"),
    usagePercent: number(row, "usage_percent"),
    usageAt: number(row, "usage_at"),
  };
}

export function storeRateLimit(sql: Sql, rateLimit: RateLimit, clock: RateLimitState): void {
  sql.all(
    `INSERT OR REPLACE INTO lanes (lane, calls, spread_at, closed_until, strikes, usage_percent, usage_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    rateLimit,
    clock.calls,
    clock.spreadAt,
    clock.closedUntil,
    clock.strikes,
    clock.usagePercent,
    clock.usageAt,
  );
}

/** When the call `callsAgo` calls before the next one started; null if there were fewer calls. */
export function callTime(sql: Sql, rateLimit: RateLimit, clock: RateLimitState, callsAgo: number): number | null {
  if (callsAgo > RING) throw new RangeError(`a rate limit stores ${RING} calls, not ${callsAgo}`);
  if (clock.calls < callsAgo) return null;
  const row = first(
    sql,
    "SELECT at FROM calls WHERE lane = ? AND place = ?",
    rateLimit,
    (clock.calls - callsAgo) % RING,
  );
  return row === null ? null : number(row, "at");
}

/** Stores call number `clock.calls`, before it is made. */
export function recordCall(sql: Sql, rateLimit: RateLimit, clock: RateLimitState, now: number): void {
  sql.all("INSERT OR REPLACE INTO calls (lane, place, at) VALUES (?, ?, ?)", rateLimit, clock.calls % RING, now);
}

/** Calls within the window of the rate limit: the console shows it as "used of 750". */
export function callsInWindow(sql: Sql, rateLimit: RateLimit, rule: RateLimitRule, now: number): number {
  const row = first(sql, "SELECT count(*) AS n FROM calls WHERE lane = ? AND at > ?", rateLimit, now - rule.windowMs);
  return row === null ? 0 : number(row, "n");
}
