/** What the reconciler has read and found, by day. The days are UTC days. */
import { DAY_MS } from "../../../core/time.ts";
import { first, number, type Sql } from "../../storage/sql.ts";
import { getValue, setValue } from "./settings.ts";

/** Days that are counted, today included. */
const DAYS = 7;

const dayOf = (time: number): number => time - (time % DAY_MS);

/** Adds calls of the Graph API, or events that it found. */
export function countReconciler(sql: Sql, now: number, add: { calls?: number; found?: number }): void {
  const today = dayOf(now);
  const days = (getValue(sql, "reconcilerDays") ?? []).filter(({ at }) => at > today - DAYS * DAY_MS);
  const known = days.find(({ at }) => at === today) ?? { at: today, calls: 0, found: 0 };
  const changed = { at: today, calls: known.calls + (add.calls ?? 0), found: known.found + (add.found ?? 0) };
  setValue(sql, "reconcilerDays", [...days.filter(({ at }) => at !== today), changed]);
}

/** Calls of the Graph API since midnight UTC. */
export function callsToday(sql: Sql, now: number): number {
  return getValue(sql, "reconcilerDays")?.find(({ at }) => at === dayOf(now))?.calls ?? 0;
}

/** How many of the events since `since`, the start of a UTC day, Meta did not deliver. */
export function foundThisWeek(sql: Sql, now: number): { events: number; total: number; since: number } {
  const since = dayOf(now) - (DAYS - 1) * DAY_MS;
  const days = (getValue(sql, "reconcilerDays") ?? []).filter(({ at }) => at >= since);
  const events = days.reduce((sum, { found }) => sum + found, 0);
  return { events, total: events + deliveredSince(sql, since), since };
}

/**
 * Rows are in order of arrival, so a search by halves finds the first one of the week without an index on the time. Then
 * only the index of delivered events is read, not the events.
 */
function deliveredSince(sql: Sql, since: number): number {
  const row = first(
    sql,
    "SELECT count(*) AS n FROM events INDEXED BY events_by_webhook WHERE delivery_id <> 'reconciler' AND seq >= ?",
    firstSeqSince(sql, since),
  );
  return row === null ? 0 : number(row, "n");
}

function firstSeqSince(sql: Sql, since: number): number {
  const ends = first(sql, "SELECT coalesce(min(seq), 0) AS low, coalesce(max(seq), -1) + 1 AS high FROM events");
  if (ends === null) return 0;
  let [low, high] = [number(ends, "low"), number(ends, "high")];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = first(sql, "SELECT seq, received_at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1", middle);
    if (row === null || number(row, "received_at") >= since) high = middle;
    else low = number(row, "seq") + 1;
  }
  return low;
}
