/** Ledger rows that the alarm must handle now or at a known time. */
import type { RateLimit, Reply } from "../../../core/reply/reply.ts";
import { first, number, numberOrNull, type Sql } from "../../storage/sql.ts";
import { readReply } from "./reply-row.ts";

/**
 * The condition of the partial indexes. SQLite uses such an index only when the query contains its condition. Without
 * statistics it still prefers the index on `state`, which reads every waiting row of a viral post each time. The
 * queries of the alarm therefore use INDEXED BY.
 */
export const WAITING = "wake_at IS NOT NULL AND state IN ('pending', 'uncertain')";

/** `sending` rows whose grace period is over. */
export function unanswered(sql: Sql, now: number, limit: number): Reply[] {
  return sql
    .all(
      "SELECT * FROM replies INDEXED BY replies_sending WHERE state = 'sending' AND wake_at <= ? ORDER BY wake_at LIMIT ?",
      now,
      limit,
    )
    .map(readReply);
}

/** Waiting rows whose window has closed. */
export function overdue(sql: Sql, now: number, limit: number): Reply[] {
  return sql
    .all(
      `SELECT * FROM replies INDEXED BY replies_expiring WHERE expires_at <= ? AND ${WAITING} ORDER BY expires_at LIMIT ?`,
      now,
      limit,
    )
    .map(readReply);
}

/** Pending rows of a rate limit that are due. */
export function pendingDue(sql: Sql, rateLimit: RateLimit, now: number, limit: number): Reply[] {
  return sql
    .all(
      `SELECT * FROM replies INDEXED BY replies_waking
       WHERE lane = ? AND wake_at <= ? AND ${WAITING} AND state = 'pending' ORDER BY wake_at LIMIT ?`,
      rateLimit,
      now,
      limit,
    )
    .map(readReply);
}

/** When the first pending row of the rate limit is due; ms since the epoch, null if none waits. */
export function firstPendingAt(sql: Sql, rateLimit: RateLimit): number | null {
  const row = first(
    sql,
    `SELECT wake_at AS at FROM replies INDEXED BY replies_waking
     WHERE lane = ? AND ${WAITING} AND state = 'pending' ORDER BY wake_at LIMIT 1`,
    rateLimit,
  );
  return row === null ? null : numberOrNull(row, "at");
}

/** When the first waiting row of the rate limit is due: a pending row, or an uncertain one that is tried again. */
export function firstWakeAt(sql: Sql, rateLimit: RateLimit): number | null {
  const row = first(
    sql,
    `SELECT min(wake_at) AS at FROM replies INDEXED BY replies_waking WHERE lane = ? AND ${WAITING}`,
    rateLimit,
  );
  return row === null ? null : numberOrNull(row, "at");
}

/** When the first attempt without a result reaches the end of its grace period. */
export function firstJudgeAt(sql: Sql): number | null {
  const row = first(sql, "SELECT min(wake_at) AS at FROM replies INDEXED BY replies_sending WHERE state = 'sending'");
  return row === null ? null : numberOrNull(row, "at");
}

/** When the first window of a waiting row closes. */
export function firstExpiryAt(sql: Sql): number | null {
  const row = first(sql, `SELECT min(expires_at) AS at FROM replies INDEXED BY replies_expiring WHERE ${WAITING}`);
  return row === null ? null : numberOrNull(row, "at");
}

/** Rows with open work. The watchdog visits the account while there are any. */
export function countAwake(sql: Sql): number {
  const row = first(
    sql,
    `SELECT (SELECT count(*) FROM replies WHERE ${WAITING}) + (SELECT count(*) FROM replies WHERE state = 'sending') AS n`,
  );
  return row === null ? 0 : number(row, "n");
}
