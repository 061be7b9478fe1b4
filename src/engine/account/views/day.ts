/** Counts of the last 24 hours, for the console's charts. */
import { HOUR_MS } from "../../../core/time.ts";
import { first, number, numberOrNull, type Sql } from "../../storage/sql.ts";
import type { Day } from "../../../api/feed.ts";

const HOURS = 24;

/** Counts per hour, for the current hour and the 23 before it. A reply counts in the hour in which it was created. */
export function dayOf(sql: Sql, now: number): Day["hours"] {
  const last = Math.floor(now / HOUR_MS);
  const since = (last - HOURS + 1) * HOUR_MS;
  const hours = new Map<number, Day["hours"][number]>();
  for (let hour = last - HOURS + 1; hour <= last; hour++) {
    hours.set(hour, { at: hour * HOUR_MS, events: 0, duplicates: 0, replies: 0, sent: 0, failed: 0 });
  }
  for (const row of sql.all(
    `SELECT received_at / ${HOUR_MS} AS hour, count(*) AS events, sum(duplicates) AS duplicates
     FROM events WHERE seq > ? AND received_at >= ? GROUP BY hour`,
    lastBefore(sql, "SELECT seq FROM events WHERE received_at < ? ORDER BY seq DESC LIMIT 1", since),
    since,
  )) {
    const hour = hours.get(number(row, "hour"));
    if (hour === undefined) continue;
    hour.events = number(row, "events");
    hour.duplicates = number(row, "duplicates");
  }
  for (const row of sql.all(
    `SELECT created_at / ${HOUR_MS} AS hour, count(*) AS replies, sum(state = 'sent') AS sent,
       sum(state IN ('refused', 'uncertain', 'expired')) AS failed
     FROM replies WHERE seq > ? AND created_at >= ? GROUP BY hour`,
    lastBefore(sql, "SELECT seq FROM replies WHERE created_at < ? ORDER BY seq DESC LIMIT 1", since),
    since,
  )) {
    const hour = hours.get(number(row, "hour"));
    if (hour === undefined) continue;
    hour.replies = number(row, "replies");
    hour.sent = number(row, "sent");
    hour.failed = number(row, "failed");
  }
  return [...hours.values()];
}

/** Rows are in order of arrival, so the search from the end stops at the first older row. It needs no index. */
function lastBefore(sql: Sql, statement: string, since: number): number {
  const row = first(sql, statement, since);
  return row === null ? 0 : (numberOrNull(row, "seq") ?? 0);
}
