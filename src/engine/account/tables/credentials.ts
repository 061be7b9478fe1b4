/**
 * The account's encrypted access token (../connection/token-encryption.ts). No other file reads or writes this table.
 */
import { first, text, type Sql } from "../../storage/sql.ts";

export function getToken(sql: Sql): string | null {
  const row = first(sql, "SELECT sealed FROM credentials WHERE name = 'access_token'");
  return row === null ? null : text(row, "sealed");
}

export function putToken(sql: Sql, sealed: string, now: number): void {
  sql.all("INSERT OR REPLACE INTO credentials (name, sealed, saved_at) VALUES ('access_token', ?, ?)", sealed, now);
}

export function deleteToken(sql: Sql): void {
  sql.all("DELETE FROM credentials WHERE name = 'access_token'");
}
