/** Erasure requests by confirmation code. The id that the request is about is deleted when the work is done. */
import { first, json, number, numberOrNull, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";
import type { Erasure, ErasureKind } from "../../../api/privacy.ts";

export interface ErasureRow extends Erasure {
  /** The person to erase from every account; null if there is none, or when it is done. */
  subject: string | null;
  /** Accounts still to be erased as a whole. */
  accounts: string[];
  /** The last account of the sweep so far; null: the sweep is complete. */
  cursor: string | null;
}

/** @returns the request, or the earlier one with the same key: a repeated request is one request */
export function insertErasure(
  sql: Sql,
  wanted: { code: string; key: string; kind: ErasureKind; subject: string; accounts: readonly string[] },
  now: number,
): ErasureRow {
  // A person who logged in has a different kind of id than people who write messages. Ids of the second kind are
  // searched for in every account.
  const sweeps = wanted.kind !== "deauthorize" && wanted.accounts.length === 0;
  sql.all(
    `INSERT INTO erasures (code, request_key, kind, subject, accounts, sweep, requested_at, finished_at, erased, people)
     VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 0, 0) ON CONFLICT (request_key) DO NOTHING`,
    wanted.code,
    wanted.key,
    wanted.kind,
    sweeps ? wanted.subject : null,
    JSON.stringify(wanted.accounts),
    sweeps ? "" : null,
    now,
  );
  const row = first(sql, "SELECT * FROM erasures WHERE request_key = ?", wanted.key);
  if (row === null) throw new Error("the erasure was not stored");
  return readErasure(row);
}

export function findErasure(sql: Sql, code: string): ErasureRow | null {
  const row = first(sql, "SELECT * FROM erasures WHERE code = ?", code);
  return row === null ? null : readErasure(row);
}

/** Open requests, oldest first. */
export function openErasures(sql: Sql, limit: number): ErasureRow[] {
  return sql
    .all("SELECT * FROM erasures WHERE finished_at IS NULL ORDER BY requested_at LIMIT ?", limit)
    .map(readErasure);
}

/** Stores the progress. The request is finished when no account is left and the sweep is complete. */
export function advanceErasure(
  sql: Sql,
  code: string,
  step: { accountDone?: string; cursor?: string | null; people?: number },
  now: number,
): void {
  const row = findErasure(sql, code);
  if (row === null || row.finishedAt !== null) return;
  const accounts = row.accounts.filter((id) => id !== step.accountDone);
  const erased = row.erased + (accounts.length < row.accounts.length ? 1 : 0);
  const cursor = step.cursor === undefined ? row.cursor : step.cursor;
  const done = accounts.length === 0 && cursor === null;
  sql.all(
    `UPDATE erasures SET accounts = ?, sweep = ?, erased = ?, people = people + ?, finished_at = ?,
       subject = CASE WHEN ? THEN NULL ELSE subject END WHERE code = ?`,
    JSON.stringify(accounts),
    cursor,
    erased,
    step.people ?? 0,
    done ? now : null,
    done ? 1 : 0,
    code,
  );
}

function readErasure(row: SqlRow): ErasureRow {
  return {
    code: text(row, "code"),
    kind: text(row, "kind") as ErasureKind,
    requestedAt: number(row, "requested_at"),
    finishedAt: numberOrNull(row, "finished_at"),
    erased: number(row, "erased"),
    people: number(row, "people"),
    subject: textOrNull(row, "subject"),
    accounts: json(row, "accounts") as string[],
    cursor: textOrNull(row, "sweep"),
  };
}
