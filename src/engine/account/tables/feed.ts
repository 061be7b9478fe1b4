/** Events for the live feed: filtered, with the replies to each. */
import type { EventKind } from "../../../core/event.ts";
import type { ReplyKind, ReplyState } from "../../../core/reply/reply.ts";
import { first, number, text, textOrNull, type Sql, type SqlRow, type SqlValue } from "../../storage/sql.ts";
import type { FeedOutcome } from "../../../api/feed.ts";

export interface FeedFilter {
  kind: EventKind | null;
  outcome: FeedOutcome | null;
  search: string | null;
}

const FAILED = "state IN ('refused', 'uncertain', 'expired')";

const OUTCOMES: Record<FeedOutcome, string> = {
  answered: `decisions LIKE '%"fired":true%'`,
  not_answered: `decisions NOT LIKE '%"fired":true%'`,
  failed: `EXISTS (SELECT 1 FROM replies WHERE replies.event_id = events.id AND ${FAILED})`,
  duplicated: "duplicates > 0",
  test: "test = 1",
};

/**
 * Rows of `events` with a `seq` between two bounds, newest first.
 *
 * @param range exclusive on both sides
 */
export function feedEvents(
  sql: Sql,
  filter: FeedFilter,
  range: { after: number; before: number },
  limit: number,
): SqlRow[] {
  const { conditions, values } = conditionsOf(filter);
  return sql.all(
    `SELECT * FROM events WHERE ${["seq > ?", "seq < ?", ...conditions].join(" AND ")} ORDER BY seq DESC LIMIT ?`,
    range.after,
    range.before,
    ...values,
    limit,
  );
}

/** Rows after a `seq`, oldest first: events since the live feed was last open. */
export function feedEventsAfter(sql: Sql, filter: FeedFilter, after: number, limit: number): SqlRow[] {
  const { conditions, values } = conditionsOf(filter);
  return sql.all(
    `SELECT * FROM events WHERE ${["seq > ?", ...conditions].join(" AND ")} ORDER BY seq LIMIT ?`,
    after,
    ...values,
    limit,
  );
}

/** Newest first. Unknown ids are left out. */
export function feedEventsById(sql: Sql, ids: readonly string[]): SqlRow[] {
  return sql.all(
    "SELECT * FROM events WHERE id IN (SELECT value FROM json_each(?)) ORDER BY seq DESC",
    JSON.stringify(ids),
  );
}

/** `seq` of the newest event; 0 when there is none. */
export function newestSeq(sql: Sql): number {
  const row = first(sql, "SELECT seq FROM events ORDER BY seq DESC LIMIT 1");
  return row === null ? 0 : number(row, "seq");
}

export interface EventReply {
  id: string;
  kind: ReplyKind;
  state: ReplyState;
  reason: string | null;
}

/** The replies to these events, by event. */
export function repliesToEvents(sql: Sql, ids: readonly string[]): Map<string, EventReply[]> {
  const rows = sql.all(
    `SELECT event_id, id, kind, state, reason FROM replies
     WHERE event_id IN (SELECT value FROM json_each(?)) AND event_id IS NOT NULL ORDER BY seq`,
    JSON.stringify(ids),
  );
  const replies = new Map<string, EventReply[]>();
  for (const row of rows) {
    const eventId = text(row, "event_id");
    replies.set(eventId, [
      ...(replies.get(eventId) ?? []),
      {
        id: text(row, "id"),
        kind: text(row, "kind") as ReplyKind,
        state: text(row, "state") as ReplyState,
        reason: textOrNull(row, "reason"),
      },
    ]);
  }
  return replies;
}

function conditionsOf({ kind, outcome, search }: FeedFilter): { conditions: string[]; values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  if (kind !== null) {
    conditions.push("kind = ?");
    values.push(kind);
  }
  if (outcome !== null) conditions.push(OUTCOMES[outcome]);
  if (search !== null) {
    // Meta escapes non-ASCII characters as \uXXXX. The search looks for both forms.
    conditions.push("(instr(lower(raw), ?) > 0 OR instr(lower(raw), ?) > 0 OR instr(lower(id), ?) > 0)");
    const wanted = search.toLowerCase();
    values.push(wanted, asciiJson(wanted), wanted);
  }
  return { conditions, values };
}

function asciiJson(value: string): string {
  return Array.from({ length: value.length }, (_, index) => value.charCodeAt(index))
    .map((unit) => (unit < 0x80 ? String.fromCharCode(unit) : `\\u${unit.toString(16).padStart(4, "0")}`))
    .join("");
}
