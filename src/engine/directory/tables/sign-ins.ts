/** Sign-in attempts at the console, by client. The attempts of a client with the right token are deleted at once. */
import { first, number, type Sql } from "../../storage/sql.ts";

/** A person may send ten wrong tokens in 15 minutes. More come from a program. */
const ATTEMPTS = 10;
const WINDOW_MS = 900_000;

/** Counts the attempt before the token is checked, so that concurrent requests get no extra attempts. */
export function trySignIn(sql: Sql, client: string, now: number): { allowed: boolean; retryAfterSeconds: number } {
  pruneSignIns(sql, now);
  sql.all(
    `INSERT INTO sign_ins (client, since, attempts) VALUES (?, ?, 1)
     ON CONFLICT (client) DO UPDATE SET attempts = attempts + 1`,
    client,
    now,
  );
  const row = first(sql, "SELECT since, attempts FROM sign_ins WHERE client = ?", client);
  if (row === null || number(row, "attempts") <= ATTEMPTS) return { allowed: true, retryAfterSeconds: 0 };
  return { allowed: false, retryAfterSeconds: Math.ceil((number(row, "since") + WINDOW_MS - now) / 1_000) };
}

export function forgetSignIns(sql: Sql, client: string): void {
  sql.all("DELETE FROM sign_ins WHERE client = ?", client);
}

/** Deletes clients whose 15 minutes are over. */
export function pruneSignIns(sql: Sql, now: number): void {
  sql.all("DELETE FROM sign_ins WHERE since <= ?", now - WINDOW_MS);
}
