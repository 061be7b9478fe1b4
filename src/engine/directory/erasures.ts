/** Requests to erase: what each has still to do, and what whoever has its code may see. */
import type { Sql } from "../storage/sql.ts";
import type { Erasure, ErasureKind } from "../../api/privacy.ts";
import type { OpenErasure } from "./contract.ts";
import { listAccounts } from "./tables/accounts.ts";
import { eraseDeadLetters } from "./tables/dead-letters.ts";
import { advanceErasure, type ErasureRow, findErasure, insertErasure, openErasures } from "./tables/erasures.ts";
import { eraseInvited } from "./tables/invites.ts";
import { ownedBy } from "./tables/owners.ts";
import { eraseQuarantined } from "./tables/quarantine.ts";

/** Writes the request down with the accounts of whoever asked. The same `key` gives the same erasure again. */
export function requestErasure(
  sql: Sql,
  wanted: { code: string; key: string; kind: ErasureKind; subject: string },
  now: number,
): Erasure {
  return sql.transaction(() => {
    const accounts = ownedBy(sql, wanted.subject);
    const row = insertErasure(sql, { ...wanted, accounts }, now);
    // What has nothing to do is done.
    advanceErasure(sql, row.code, {}, now);
    return shown(findErasure(sql, row.code) ?? row);
  });
}

export function shownErasure(sql: Sql, code: string): Erasure | null {
  const row = findErasure(sql, code);
  return row === null ? null : shown(row);
}

/** Those that are under way, with what is left to do of each. */
export function unfinishedErasures(sql: Sql, limit: number): OpenErasure[] {
  return openErasures(sql, limit).map((row) => ({
    ...shown(row),
    subject: row.subject,
    accounts: row.accounts,
    cursor: row.cursor,
  }));
}

/** The next accounts to ask about the person; none: the sweep is through. */
export function nextToSweep(sql: Sql, code: string, limit: number): string[] {
  const cursor = findErasure(sql, code)?.cursor ?? null;
  return cursor === null ? [] : listAccounts(sql, { cursor, limit }, limit).map(({ id }) => id);
}

/** What names this id beside the accounts themselves: quarantine, dead letters, invites. */
export function eraseFailedEvents(sql: Sql, id: string): { removed: number } {
  return sql.transaction(() => {
    eraseInvited(sql, id);
    return { removed: eraseQuarantined(sql, id) + eraseDeadLetters(sql, id) };
  });
}

/** As everybody with the code may see it: without whose it is. */
const shown = ({ code, kind, requestedAt, finishedAt, erased, people }: ErasureRow): Erasure => ({
  code,
  kind,
  requestedAt,
  finishedAt,
  erased,
  people,
});
