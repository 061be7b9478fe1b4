/** Signed deliveries, or parts of them, that could not be parsed. They are stored unchanged. */
import { namesId } from "../../privacy/names.ts";
import type { MetaEvent } from "../../../core/event.ts";
import { readQuarantined } from "../../../meta/reader/quarantine.ts";
import { deleteParts, getParts, putParts } from "../../storage/parts.ts";
import { first, number, numberOrNull, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";
import type { QuarantineItem } from "../../../api/failed-events.ts";

/** Characters of a body in lists; a single item shows all. */
const PREVIEW_CHARS = 2_000;

/** Stores the whole event. An existing one stays unchanged. */
export function insertQuarantined(sql: Sql, event: MetaEvent): void {
  const inserted = sql.all(
    `INSERT INTO quarantine (id, account_id, reason, received_at, delivery_id, proof, replayed_at)
     VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING RETURNING seq`,
    event.id,
    event.accountId === "" ? null : event.accountId,
    readQuarantined(event.raw)?.reason ?? "unreadable",
    event.receivedAt,
    event.deliveryId,
    JSON.stringify(event.proof),
  );
  if (inserted.length > 0) putParts(sql, event.id, JSON.stringify(event));
}

/** Newest first, with the beginning of each body; `before` is the `seq` of the last row of the page before. */
export function listQuarantined(sql: Sql, before: number, limit: number): { seq: number; item: QuarantineItem }[] {
  return sql
    .all("SELECT * FROM quarantine WHERE seq < ? ORDER BY seq DESC LIMIT ?", before, limit)
    .map((row) => ({ seq: number(row, "seq"), item: readItem(sql, row, PREVIEW_CHARS) }));
}

/** With the whole body. */
export function findQuarantined(sql: Sql, id: string): { item: QuarantineItem; event: MetaEvent } | null {
  const row = first(sql, "SELECT * FROM quarantine WHERE id = ?", id);
  if (row === null) return null;
  return { item: readItem(sql, row, Infinity), event: JSON.parse(getParts(sql, id)) as MetaEvent };
}

export function markReplayed(sql: Sql, id: string, now: number): void {
  sql.all("UPDATE quarantine SET replayed_at = ? WHERE id = ?", now, id);
}

/** @returns whether it existed */
export function deleteQuarantined(sql: Sql, id: string): boolean {
  deleteParts(sql, id);
  return sql.all("DELETE FROM quarantine WHERE id = ? RETURNING 1 AS n", id).length > 0;
}

/**
 * Deletes items of this account, or with this id anywhere in them.
 * @returns how many
 */
export function eraseQuarantined(sql: Sql, id: string): number {
  const rows = sql
    .all("SELECT id, account_id FROM quarantine")
    .filter((row) => row["account_id"] === id || namesId(getParts(sql, text(row, "id")), id));
  for (const row of rows) {
    deleteParts(sql, text(row, "id"));
    sql.all("DELETE FROM quarantine WHERE id = ?", text(row, "id"));
  }
  return rows.length;
}

/** Items that were not replayed yet. */
export function countQuarantined(sql: Sql): number {
  const row = first(sql, "SELECT count(*) AS n FROM quarantine WHERE replayed_at IS NULL");
  return row === null ? 0 : number(row, "n");
}

function readItem(sql: Sql, row: SqlRow, chars: number): QuarantineItem {
  const id = text(row, "id");
  const event = JSON.parse(getParts(sql, id)) as MetaEvent;
  const quarantined = readQuarantined(event.raw);
  return {
    id,
    accountId: textOrNull(row, "account_id"),
    reason: text(row, "reason"),
    receivedAt: number(row, "received_at"),
    deliveryId: text(row, "delivery_id"),
    encoding: quarantined?.encoding ?? "utf8",
    body: (quarantined?.body ?? event.raw).slice(0, chars),
    replayedAt: numberOrNull(row, "replayed_at"),
  };
}
