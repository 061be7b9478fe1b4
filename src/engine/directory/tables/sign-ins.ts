/** Attempts at signing in to the console, by client. A client that knows the token is forgotten at once. */
import { first, number, type Sql } from "../../storage/sql.ts";

/** Ten wrong tokens in a quarter of an hour are a person's bad day; more is a program. */
const ATTEMPTS = 10;
const WINDOW_MS = 900_000;

/** Counts the attempt before the token is looked at, so that no race gives more of them. */
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

/** Forgets clients whose quarter of an hour is over. */
export function pruneSignIns(sql: Sql, now: number): void {
  sql.all("DELETE FROM sign_ins WHERE since <= ?", now - WINDOW_MS);
}
