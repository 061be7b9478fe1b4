/** Rows of the ledger that something has to happen to, now or at a time: what the alarm looks for. */
import type { RateLimit, Reply } from "../../../core/reply/reply.ts";
import { first, number, numberOrNull, type Sql } from "../../storage/sql.ts";
import { readReply } from "./reply-row.ts";

/**
 * Part of the partial indexes' conditions; SQLite can use an index only when the query says the same. It does not choose
 * them by itself: without statistics it takes the index on `state`, which reads every waiting row of a viral post each
 * time. Hence INDEXED BY wherever a run of the alarm looks.
 */
export const WAITING = "wake_at IS NOT NULL AND state IN ('pending', 'uncertain')";

/** `sending` rows whose grace is over. */
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

/** Pending rows of a lane whose time has come. */
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

/** When the first pending row of the lane is due; ms since the epoch, null where none waits. */
export function firstPendingAt(sql: Sql, rateLimit: RateLimit): number | null {
  const row = first(
    sql,
    `SELECT wake_at AS at FROM replies INDEXED BY replies_waking
     WHERE lane = ? AND ${WAITING} AND state = 'pending' ORDER BY wake_at LIMIT 1`,
    rateLimit,
  );
  return row === null ? null : numberOrNull(row, "at");
}

/** When the first row of the lane wants attention: a pending one, or an uncertain one that is to be tried again. */
export function firstWakeAt(sql: Sql, rateLimit: RateLimit): number | null {
  const row = first(
    sql,
    `SELECT min(wake_at) AS at FROM replies INDEXED BY replies_waking WHERE lane = ? AND ${WAITING}`,
    rateLimit,
  );
  return row === null ? null : numberOrNull(row, "at");
}

/** When the grace of the first attempt without an answer is over. */
export function firstJudgeAt(sql: Sql): number | null {
  const row = first(sql, "SELECT min(wake_at) AS at FROM replies INDEXED BY replies_sending WHERE state = 'sending'");
  return row === null ? null : numberOrNull(row, "at");
}

/** When the first window of a waiting row closes. */
export function firstExpiryAt(sql: Sql): number | null {
  const row = first(sql, `SELECT min(expires_at) AS at FROM replies INDEXED BY replies_expiring WHERE ${WAITING}`);
  return row === null ? null : numberOrNull(row, "at");
}

/** Rows that something is still going to happen to by itself: what the watchdog must not lose sight of. */
export function countAwake(sql: Sql): number {
  const row = first(
    sql,
    `SELECT (SELECT count(*) FROM replies WHERE ${WAITING}) + (SELECT count(*) FROM replies WHERE state = 'sending') AS n`,
  );
  return row === null ? 0 : number(row, "n");
}
