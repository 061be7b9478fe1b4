/** Deletes old, settled rows in small batches. Open replies stay, however old. */
import { DAY_MS } from "../../../core/time.ts";
import type { Sql } from "../../storage/sql.ts";
import type { AccountPorts } from "../ports.ts";
import { getSettings, getValue, setValue } from "../tables/settings.ts";

/** Rows deleted per run. If more remain, the next run is soon. */
const BATCH = 500;
const SOON_MS = 10_000;

/** Deletes rows past the account's retention. The alarm calls it; it schedules its own next run. */
export function prune(ports: AccountPorts): void {
  const now = ports.now();
  const chores = getValue(ports.sql, "chores");
  if (chores === null || now < chores.pruneAt) return;
  const { retentionDays } = getSettings(ports.sql, ports.config.deferSeconds);
  ports.sql.transaction(() => {
    const more = removeOld(ports.sql, now - retentionDays * DAY_MS, now);
    setValue(ports.sql, "chores", { ...chores, pruneAt: more ? now + SOON_MS : now + DAY_MS });
  });
}

function removeOld(sql: Sql, before: number, now: number): boolean {
  const settledReplies = `state NOT IN ('pending', 'sending', 'uncertain')`;
  const removed = [
    // Replies first: the event explains its replies, so it stays longer.
    sql.all(
      `DELETE FROM replies WHERE seq IN (
         SELECT seq FROM replies WHERE created_at < ? AND ${settledReplies} LIMIT ?) RETURNING 1 AS n`,
      before,
      BATCH,
    ),
    sql.all(
      `DELETE FROM events WHERE seq IN (
         SELECT seq FROM events WHERE received_at < ?
           AND NOT EXISTS (SELECT 1 FROM replies WHERE replies.event_id = events.id)
         ORDER BY seq LIMIT ?) RETURNING 1 AS n`,
      before,
      BATCH,
    ),
    sql.all(
      `DELETE FROM tombstones WHERE about IN (
         SELECT about FROM tombstones WHERE at < ? AND reason = 'deleted' LIMIT ?) RETURNING 1 AS n`,
      before,
      BATCH,
    ),
    sql.all(
      `DELETE FROM conversations WHERE person_id IN (
         SELECT person_id FROM conversations WHERE updated_at < ? LIMIT ?) RETURNING 1 AS n`,
      before,
      BATCH,
    ),
  ];
  sql.all("DELETE FROM parts WHERE owner NOT IN (SELECT id FROM events)");
  sql.all("DELETE FROM inbox_texts WHERE at < ?", now - DAY_MS);
  return removed.some((rows) => rows.length === BATCH);
}
