/** The live feed: each event as one row, with its result. The full event is a separate request. */
import type { Decision } from "../../../core/automation/automation.ts";
import type { EventKind } from "../../../core/event.ts";
import { json, number, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";
import { subjectOfRow, shortened, usernameOf } from "./reply-context.ts";
import type { FeedPage, FeedRow } from "../../../api/feed.ts";
import type { FeedQuery } from "../contract.ts";
import { RECONCILER } from "../tables/events.ts";
import { feedEvents, feedEventsAfter, feedEventsById, newestSeq, repliesToEvents } from "../tables/feed.ts";

/** How many events one page may scan for matches of a filter. The next page continues from there. */
const SCAN = 10_000;

/** @returns newest first; with `after`, newer events, oldest first */
export function feedPage(sql: Sql, accountId: string, query: FeedQuery): FeedPage {
  const filter = { kind: query.kind ?? null, outcome: query.outcome ?? null, search: query.search ?? null };
  const { limit } = query;
  const newest = newestSeq(sql);
  if (query.after !== undefined) {
    const rows = feedEventsAfter(sql, filter, query.after, limit + 1);
    const items = feedRows(sql, accountId, rows.slice(0, limit));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last !== undefined ? String(last.seq) : null, newest };
  }
  const before = query.cursor === undefined ? (query.before ?? newest + 1) : Number(query.cursor);
  const after = Math.max(0, before - 1 - SCAN);
  const rows = feedEvents(sql, filter, { after, before }, limit + 1);
  const items = feedRows(sql, accountId, rows.slice(0, limit));
  const last = items.at(-1);
  if (rows.length > limit && last !== undefined) return { items, nextCursor: String(last.seq), newest };
  return { items, nextCursor: after > 0 ? String(after + 1) : null, newest };
}

/** These events as rows, newest first. Unknown ids are left out. */
export function feedRowsOf(sql: Sql, accountId: string, ids: readonly string[]): FeedRow[] {
  return feedRows(sql, accountId, feedEventsById(sql, ids));
}

function feedRows(sql: Sql, accountId: string, rows: readonly SqlRow[]): FeedRow[] {
  const replies = repliesToEvents(
    sql,
    rows.map((row) => text(row, "id")),
  );
  const usernames = new Map<string, string | null>();
  const nameOf = (personId: string): string | null => {
    const known = usernames.get(personId);
    if (known !== undefined) return known;
    const found = usernameOf(sql, personId);
    usernames.set(personId, found);
    return found;
  };
  return rows.map((row) => {
    const id = text(row, "id");
    const { personId, username, text: words } = subjectOfRow(sql, accountId, row);
    return {
      seq: number(row, "seq"),
      id,
      kind: text(row, "kind") as EventKind,
      field: text(row, "field"),
      occurredAt: number(row, "occurred_at"),
      receivedAt: number(row, "received_at"),
      test: number(row, "test") === 1,
      found: text(row, "delivery_id") === RECONCILER,
      duplicates: number(row, "duplicates"),
      blocked: textOrNull(row, "blocked"),
      decisions: json(row, "decisions") as Decision[],
      personId,
      username: username ?? (personId === null ? null : nameOf(personId)),
      text: words === null ? null : shortened(words),
      replies: replies.get(id) ?? [],
    };
  });
}
