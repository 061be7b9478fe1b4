/** The fair queue: within a rate limit, posts with waiting replies are served in turn. */
import type { RateLimit, Reply } from "../../../core/reply/reply.ts";
import { first, text, type Sql } from "../../storage/sql.ts";
import { WAITING } from "./due-replies.ts";
import { readReply } from "./reply-row.ts";

/** Groups of a rate limit with a row to send now, the least recently served first. */
export function nextGroups(sql: Sql, rateLimit: RateLimit, now: number, limit: number): string[] {
  return sql
    .all(
      `SELECT group_key FROM turns WHERE lane = ? AND EXISTS (
         SELECT 1 FROM replies INDEXED BY replies_waiting
         WHERE replies.lane = turns.lane AND replies.group_key = turns.group_key AND wake_at <= ? AND ${WAITING})
       ORDER BY turn, group_key LIMIT ?`,
      rateLimit,
      now,
      limit,
    )
    .map((row) => text(row, "group_key"));
}

/** The group's next row: the one whose window closes first. */
export function nextOfGroup(sql: Sql, rateLimit: RateLimit, groupKey: string, now: number): Reply | null {
  const row = first(
    sql,
    `SELECT * FROM replies INDEXED BY replies_waiting
     WHERE lane = ? AND group_key = ? AND wake_at <= ? AND ${WAITING} ORDER BY person_rank, expires_at, seq LIMIT 1`,
    rateLimit,
    groupKey,
    now,
  );
  return row === null ? null : readReply(row);
}

/** Moves the group to the end of the queue, or removes it when none of its rows waits. */
export function markServed(sql: Sql, rateLimit: RateLimit, groupKey: string, turn: number): void {
  const waits = first(
    sql,
    `SELECT 1 AS n FROM replies INDEXED BY replies_waiting WHERE lane = ? AND group_key = ? AND ${WAITING} LIMIT 1`,
    rateLimit,
    groupKey,
  );
  if (waits === null) sql.all("DELETE FROM turns WHERE lane = ? AND group_key = ?", rateLimit, groupKey);
  else sql.all("INSERT OR REPLACE INTO turns (lane, group_key, turn) VALUES (?, ?, ?)", rateLimit, groupKey, turn);
}

/** Adds the group of a row that waits again to the queue. */
export function enqueueGroup(sql: Sql, rateLimit: RateLimit, groupKey: string): void {
  sql.all("INSERT INTO turns (lane, group_key, turn) VALUES (?, ?, 0) ON CONFLICT DO NOTHING", rateLimit, groupKey);
}
