/**
 * Accounts that were erased but for what the developer wrote (automations, settings), because their owner removed the app.
 * No list shows them. Their owners stay known, so that the request for deletion that follows finds what is left.
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
