/** Erasure requests: the remaining work of each, and what a person with the confirmation code may see. */
import type { Sql } from "../storage/sql.ts";
import type { Erasure, ErasureKind } from "../../api/privacy.ts";
import type { OpenErasure } from "./contract.ts";
import { listAccounts } from "./tables/accounts.ts";
import { eraseDeadLetters } from "./tables/dead-letters.ts";
import { advanceErasure, type ErasureRow, findErasure, insertErasure, openErasures } from "./tables/erasures.ts";
import { eraseInvited } from "./tables/invites.ts";
import { ownedBy } from "./tables/owners.ts";
import { eraseQuarantined } from "./tables/quarantine.ts";

/** Stores the request with the accounts of the person who made it. The same `key` returns the same erasure. */
export function requestErasure(
  sql: Sql,
  wanted: { code: string; key: string; kind: ErasureKind; subject: string },
  now: number,
): Erasure {
  return sql.transaction(() => {
    const accounts = ownedBy(sql, wanted.subject);
    const row = insertErasure(sql, { ...wanted, accounts }, now);
    // A request without work is finished at once.
    advanceErasure(sql, row.code, {}, now);
    return shown(findErasure(sql, row.code) ?? row);
  });
}

export function shownErasure(sql: Sql, code: string): Erasure | null {
  const row = findErasure(sql, code);
  return row === null ? null : shown(row);
}

/** Open erasures with their remaining work. */
export function unfinishedErasures(sql: Sql, limit: number): OpenErasure[] {
  return openErasures(sql, limit).map((row) => ({
    ...shown(row),
    subject: row.subject,
    accounts: row.accounts,
    cursor: row.cursor,
  }));
}

/** The next accounts to search for the person; empty: the sweep is complete. */
export function nextToSweep(sql: Sql, code: string, limit: number): string[] {
  const cursor = findErasure(sql, code)?.cursor ?? null;
  return cursor === null ? [] : listAccounts(sql, { cursor, limit }, limit).map(({ id }) => id);
}

/** Deletes what contains this id outside the accounts: quarantine, dead letters, invites. */
export function eraseFailedEvents(sql: Sql, id: string): { removed: number } {
  return sql.transaction(() => {
    eraseInvited(sql, id);
    return { removed: eraseQuarantined(sql, id) + eraseDeadLetters(sql, id) };
  });
}

/** The public view for a person with the code. It does not show whose data it is. */
const shown = ({ code, kind, requestedAt, finishedAt, erased, people }: ErasureRow): Erasure => ({
  code,
  kind,
  requestedAt,
  finishedAt,
  erased,
  people,
});
