/** Echoes that are not known to be ours: those that wait for the answer to a send, and what the inbox says to many people. */
import { first, number, numberOrNull, text, type Sql } from "../../storage/sql.ts";

export function putWaitingEcho(sql: Sql, eventId: string, personId: string, until: number): void {
  sql.all(
    "INSERT OR IGNORE INTO waiting_echoes (event_id, person_id, until) VALUES (?, ?, ?)",
    eventId,
    personId,
    until,
  );
}

/** Takes away the echoes of a person that wait. @returns their events */
export function takeWaitingEchoes(sql: Sql, personId: string): string[] {
  return sql
    .all("DELETE FROM waiting_echoes WHERE person_id = ? RETURNING event_id", personId)
    .map((row) => text(row, "event_id"));
}

/** People with an echo that has waited long enough. */
export function peopleWithDueEchoes(sql: Sql, now: number, limit: number): string[] {
  return sql
    .all("SELECT DISTINCT person_id FROM waiting_echoes WHERE until <= ? LIMIT ?", now, limit)
    .map((row) => text(row, "person_id"));
}

/** When the last waiting echo of a person is judged; null: none waits. */
export function echoDueAt(sql: Sql, personId: string): number | null {
  const row = first(sql, "SELECT max(until) AS at FROM waiting_echoes WHERE person_id = ?", personId);
  return row === null ? null : numberOrNull(row, "at");
}

/** When the first waiting echo is judged; null: none waits. */
export function firstEchoDueAt(sql: Sql): number | null {
  const row = first(sql, "SELECT min(until) AS at FROM waiting_echoes");
  return row === null ? null : numberOrNull(row, "at");
}

/** Counts a text that the account's inbox sent. @returns to how many people it went since `since` */
export function countInboxText(sql: Sql, hash: string, personId: string, at: number, since: number): number {
  sql.all("INSERT OR REPLACE INTO inbox_texts (text_hash, person_id, at) VALUES (?, ?, ?)", hash, personId, at);
  const row = first(sql, "SELECT count(*) AS n FROM inbox_texts WHERE text_hash = ? AND at >= ?", hash, since);
  return row === null ? 0 : number(row, "n");
}
