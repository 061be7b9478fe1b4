/** Received events: one row per event, however often Meta sent it. */
import type { Decision } from "../../../core/automation/automation.ts";
import type { Subject } from "../../../core/automation/subject.ts";
import type { EventKind, MetaEvent, Proof } from "../../../core/event.ts";
import { getParts, PART_CHARS, putParts } from "../../storage/parts.ts";
import { first, json, number, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";

/**
 * The delivery id of an event that Meta did not deliver, and the name of its secret: it comes from Meta's API. The index
 * `events_by_webhook` contains this word.
 */
export const RECONCILER = "reconciler";

export interface StoredEvent extends MetaEvent {
  seq: number;
  duplicates: number;
  blocked: string | null;
  decisions: Decision[];
}

/** @returns false when the event is already stored; its count of duplicates is then increased by one */
export function insertEvent(
  sql: Sql,
  event: MetaEvent,
  subject: Pick<Subject, "personId" | "commentId" | "messageId">,
): boolean {
  const isLong = event.raw.length > PART_CHARS;
  const inserted = sql.all(
    `INSERT INTO events (id, kind, field, object, occurred_at, received_at, delivery_id, proof_secret, proof_form, test,
       duplicates, blocked, decisions, person_id, about, raw)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, '[]', ?, ?, ?)
     ON CONFLICT (id) DO NOTHING RETURNING seq`,
    event.id,
    event.kind,
    event.field,
    event.object,
    event.occurredAt,
    event.receivedAt,
    event.deliveryId,
    event.proof.secret,
    event.proof.form,
    event.test ? 1 : 0,
    subject.personId,
    subject.commentId ?? subject.messageId,
    isLong ? "" : event.raw,
  );
  if (inserted.length === 0) {
    sql.all("UPDATE events SET duplicates = duplicates + 1 WHERE id = ?", event.id);
    return false;
  }
  if (isLong) putParts(sql, event.id, event.raw);
  return true;
}

/** @param blocked why no automation was evaluated; null when they were */
export function setDecisions(sql: Sql, id: string, blocked: string | null, decisions: readonly Decision[]): void {
  sql.all("UPDATE events SET blocked = ?, decisions = ? WHERE id = ?", blocked, JSON.stringify(decisions), id);
}

export function findEvent(sql: Sql, accountId: string, id: string): StoredEvent | null {
  const row = first(sql, "SELECT * FROM events WHERE id = ?", id);
  return row === null ? null : readEvent(sql, accountId, row);
}

export function hasEvent(sql: Sql, id: string): boolean {
  return first(sql, "SELECT 1 AS n FROM events WHERE id = ?", id) !== null;
}

/** Whether an event is, or removes, the message or comment with this id of Meta's. A reaction to it is not. */
export function hasEventAbout(sql: Sql, about: string): boolean {
  const kinds = "('reaction', 'seen', 'message_edit', 'response_feedback')";
  return first(sql, `SELECT 1 AS n FROM events WHERE about = ? AND kind NOT IN ${kinds}`, about) !== null;
}

/** Events of one person between two times of Meta's clock, both inclusive. */
export function eventsAround(
  sql: Sql,
  accountId: string,
  personId: string,
  kinds: readonly EventKind[],
  time: { from: number; to: number },
): StoredEvent[] {
  return sql
    .all(
      `SELECT * FROM events WHERE person_id = ? AND occurred_at BETWEEN ? AND ?
       AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq`,
      personId,
      time.from,
      time.to,
      JSON.stringify(kinds),
    )
    .map((row) => readEvent(sql, accountId, row));
}

/** The kind of the person's newest event among these kinds. */
export function latestKind(sql: Sql, personId: string, kinds: readonly EventKind[]): EventKind | null {
  const row = first(
    sql,
    `SELECT kind FROM events WHERE person_id = ? AND kind IN (SELECT value FROM json_each(?))
     ORDER BY seq DESC LIMIT 1`,
    personId,
    JSON.stringify(kinds),
  );
  return row === null ? null : (text(row, "kind") as EventKind);
}

/** The event of a comment, of any kind. */
export function commentEvent(sql: Sql, accountId: string, commentId: string): StoredEvent | null {
  const row = first(
    sql,
    "SELECT * FROM events WHERE about = ? AND kind IN ('comment', 'live_comment', 'feed', 'mention') ORDER BY seq LIMIT 1",
    commentId,
  );
  return row === null ? null : readEvent(sql, accountId, row);
}

/** Newest first; `before` is the `seq` of the last row of the page before. */
export function listEvents(
  sql: Sql,
  accountId: string,
  query: { kind: EventKind | null; before: number; limit: number },
): StoredEvent[] {
  const rows =
    query.kind === null
      ? sql.all("SELECT * FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?", query.before, query.limit)
      : sql.all(
          "SELECT * FROM events WHERE kind = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
          query.kind,
          query.before,
          query.limit,
        );
  return rows.map((row) => readEvent(sql, accountId, row));
}

export function countEvents(sql: Sql): number {
  const row = first(sql, "SELECT count(*) AS n FROM events");
  return row === null ? 0 : number(row, "n");
}

function readEvent(sql: Sql, accountId: string, row: SqlRow): StoredEvent {
  return {
    v: 1,
    seq: number(row, "seq"),
    id: text(row, "id"),
    accountId,
    object: text(row, "object"),
    kind: text(row, "kind") as EventKind,
    field: text(row, "field"),
    occurredAt: number(row, "occurred_at"),
    receivedAt: number(row, "received_at"),
    deliveryId: text(row, "delivery_id"),
    proof: { secret: text(row, "proof_secret"), form: text(row, "proof_form") as Proof["form"] },
    test: number(row, "test") === 1,
    duplicates: number(row, "duplicates"),
    blocked: textOrNull(row, "blocked"),
    decisions: json(row, "decisions") as Decision[],
    raw: rawOf(sql, row),
  };
}

/** The raw item of a row with `id` and `raw`. An item that is too long for one row is stored in `parts`. */
export function rawOf(sql: Sql, row: SqlRow): string {
  const raw = text(row, "raw");
  return raw === "" ? getParts(sql, text(row, "id")) : raw;
}
