/** Events that could not be delivered to their account within all retries of the queue. */
import { namesId } from "../../privacy/names.ts";
import type { QueuedEvent } from "../../../core/event.ts";
import { deleteParts, getParts, putParts } from "../../storage/parts.ts";
import { first, number, numberOrNull, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";
import type { DeadLetter } from "../../../api/failed-events.ts";

/** The same event may become a dead letter more than once. Each one is stored until it is replayed. */
const ownerOf = (id: string): string => `dead:${id}`;

export function insertDeadLetter(sql: Sql, event: QueuedEvent, attempts: number, now: number): void {
  const id = `${event.id}@${event.receivedAt}`;
  sql.all(
    `INSERT INTO dead_letters (id, account_id, event, kind, died_at, attempts, replayed_at)
     VALUES (?, ?, ?, ?, ?, ?, NULL)
     ON CONFLICT (id) DO UPDATE SET died_at = excluded.died_at, attempts = excluded.attempts, replayed_at = NULL`,
    id,
    event.accountId,
    event.id,
    event.kind,
    now,
    attempts,
  );
  putParts(sql, ownerOf(id), JSON.stringify(event));
}

export function listDeadLetters(sql: Sql, before: number, limit: number): { seq: number; deadLetter: DeadLetter }[] {
  return sql
    .all("SELECT * FROM dead_letters WHERE seq < ? ORDER BY seq DESC LIMIT ?", before, limit)
    .map((row) => ({ seq: number(row, "seq"), deadLetter: readDeadLetter(sql, row) }));
}

export function findDeadLetter(sql: Sql, id: string): { deadLetter: DeadLetter; event: QueuedEvent } | null {
  const row = first(sql, "SELECT * FROM dead_letters WHERE id = ?", id);
  return row === null ? null : { deadLetter: readDeadLetter(sql, row), event: readEvent(sql, id) };
}

export function markRedriven(sql: Sql, id: string, now: number): void {
  sql.all("UPDATE dead_letters SET replayed_at = ? WHERE id = ?", now, id);
}

/**
 * Waiting dead letters of one account, oldest first.
 * @param after `seq` of the last one before these
 */
export function waitingDeadLetters(
  sql: Sql,
  accountId: string,
  after: number,
  limit: number,
): { seq: number; id: string; event: QueuedEvent }[] {
  return sql
    .all(
      "SELECT seq, id FROM dead_letters WHERE account_id = ? AND seq > ? AND replayed_at IS NULL ORDER BY seq LIMIT ?",
      accountId,
      after,
      limit,
    )
    .map((row) => {
      const id = text(row, "id");
      return { seq: number(row, "seq"), id, event: readEvent(sql, id) };
    });
}

/** The next account, by id, with waiting dead letters; null: none after this one. */
export function nextWithDeadLetters(sql: Sql, after: string): string | null {
  const row = first(
    sql,
    "SELECT min(account_id) AS id FROM dead_letters WHERE account_id > ? AND replayed_at IS NULL",
    after,
  );
  return row === null ? null : textOrNull(row, "id");
}

/** Deletes dead letters that were replayed before this time. Others stay. */
export function pruneDeadLetters(sql: Sql, before: number): void {
  for (const row of sql.all("SELECT id FROM dead_letters WHERE replayed_at < ? LIMIT 500", before)) {
    const id = text(row, "id");
    deleteParts(sql, ownerOf(id));
    sql.all("DELETE FROM dead_letters WHERE id = ?", id);
  }
}

/**
 * Deletes dead letters of this account, or with this id anywhere in them.
 * @returns how many
 */
export function eraseDeadLetters(sql: Sql, id: string): number {
  const rows = sql
    .all("SELECT id, account_id FROM dead_letters")
    .filter((row) => row["account_id"] === id || namesId(getParts(sql, ownerOf(text(row, "id"))), id));
  for (const row of rows) {
    deleteParts(sql, ownerOf(text(row, "id")));
    sql.all("DELETE FROM dead_letters WHERE id = ?", text(row, "id"));
  }
  return rows.length;
}

export function countDeadLetters(sql: Sql): number {
  const row = first(sql, "SELECT count(*) AS n FROM dead_letters WHERE replayed_at IS NULL");
  return row === null ? 0 : number(row, "n");
}

/** @returns whether it existed */
export function deleteDeadLetter(sql: Sql, id: string): boolean {
  deleteParts(sql, ownerOf(id));
  return sql.all("DELETE FROM dead_letters WHERE id = ? RETURNING 1 AS n", id).length > 0;
}

export function countByAccount(sql: Sql): Record<string, number> {
  const rows = sql.all(
    "SELECT account_id, count(*) AS n FROM dead_letters WHERE replayed_at IS NULL GROUP BY account_id",
  );
  return Object.fromEntries(rows.map((row) => [text(row, "account_id"), number(row, "n")]));
}

function readEvent(sql: Sql, id: string): QueuedEvent {
  return JSON.parse(getParts(sql, ownerOf(id))) as QueuedEvent;
}

function readDeadLetter(sql: Sql, row: SqlRow): DeadLetter {
  const id = text(row, "id");
  const { raw, rawKey } = readEvent(sql, id);
  return {
    id,
    eventId: text(row, "event"),
    accountId: text(row, "account_id"),
    kind: text(row, "kind"),
    diedAt: number(row, "died_at"),
    attempts: number(row, "attempts"),
    replayedAt: numberOrNull(row, "replayed_at"),
    raw: rawKey === undefined ? raw : JSON.stringify({ unreadable: true, kvKey: rawKey }),
  };
}
