/** Whose turn it is: within a lane the posts that have replies waiting are served one after the other. */
import type { RateLimit, Reply } from "../../../core/reply/reply.ts";
import { first, text, type Sql } from "../../storage/sql.ts";
import { WAITING } from "./due-replies.ts";
import { readReply } from "./reply-row.ts";

/** Groups of a lane that have a row to send now, the one served longest ago first. */
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
     WHERE lane = ? AND group_key = ? AND wake_at <= ? AND ${WAITING} ORDER BY expires_at, seq LIMIT 1`,
    rateLimit,
    groupKey,
    now,
  );
  return row === null ? null : readReply(row);
}

/** Moves the group to the end of the line, or out of it when nothing of it waits any more. */
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

/** A row that went back to waiting needs its group in the line again. */
export function enqueueGroup(sql: Sql, rateLimit: RateLimit, groupKey: string): void {
  sql.all("INSERT INTO turns (lane, group_key, turn) VALUES (?, ?, 0) ON CONFLICT DO NOTHING", rateLimit, groupKey);
}
