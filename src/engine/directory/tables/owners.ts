/**
 * The owners of accounts: app-scoped ids of the people who connected them. Deauthorize and deletion callbacks contain
 * such an id, which differs from the ids in webhooks. Stored as a hash, because the id is only compared.
 */
import { sha256Hex } from "../../../meta/sha256.ts";
import { text, type Sql } from "../../storage/sql.ts";

const hashOf = (ownerId: string): string => sha256Hex(`replyline owner ${ownerId}`);

/** @param add adds to the known owners; otherwise the account was connected again, and the owners are replaced */
export function setOwners(sql: Sql, accountId: string, ownerIds: readonly string[], add: boolean): void {
  if (!add) deleteOwners(sql, accountId);
  for (const ownerId of new Set(ownerIds)) {
    sql.all("INSERT OR IGNORE INTO owners (owner_id, account_id) VALUES (?, ?)", hashOf(ownerId), accountId);
  }
}

export function deleteOwners(sql: Sql, accountId: string): void {
  sql.all("DELETE FROM owners WHERE account_id = ?", accountId);
}

/** The accounts of this person, including deauthorized ones; or the account itself if the id is an account's. */
export function ownedBy(sql: Sql, ownerId: string): string[] {
  return sql
    .all(
      // The plain id matches rows from before ids were hashed.
      `SELECT account_id AS id FROM owners WHERE owner_id IN (?, ?)
       UNION SELECT id FROM accounts WHERE id = ? UNION SELECT account_id FROM parked WHERE account_id = ? ORDER BY id`,
      hashOf(ownerId),
      ownerId,
      ownerId,
      ownerId,
    )
    .map((row) => text(row, "id"));
}
