/**
 * Accounts whose data was erased because their owner removed the app. Automations and settings stay, because the
 * developer wrote them. No list shows these accounts. Their owners are kept, so that a later deletion request finds the
 * rest.
 */
import { first, type Sql } from "../../storage/sql.ts";

export function markDeauthorized(sql: Sql, accountId: string, now: number): void {
  sql.all("INSERT OR REPLACE INTO parked (account_id, parked_at) VALUES (?, ?)", accountId, now);
}

export function clearDeauthorized(sql: Sql, accountId: string): void {
  sql.all("DELETE FROM parked WHERE account_id = ?", accountId);
}

export function isDeauthorized(sql: Sql, accountId: string): boolean {
  return first(sql, "SELECT 1 AS n FROM parked WHERE account_id = ?", accountId) !== null;
}
