/** One row a person that this account has heard from or written to. */
import { first, number, numberOrNull, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";

export interface Conversation {
  personId: string;
  username: string | null;
  /** When the person last wrote, pressed or reacted: Meta's 24 hours count from here. */
  lastInboundAt: number | null;
  /** Automations stand back until then. */
  humanUntil: number | null;
  /** Who answered: `person` in Meta's inbox, or another app's id. */
  humanBy: string | null;
  updatedAt: number;
}

export function findConversation(sql: Sql, personId: string): Conversation | null {
  const row = first(sql, "SELECT * FROM conversations WHERE person_id = ?", personId);
  return row === null ? null : readConversation(row);
}

export function readConversation(row: SqlRow): Conversation {
  return {
    personId: text(row, "person_id"),
    username: textOrNull(row, "username"),
    lastInboundAt: numberOrNull(row, "last_inbound_at"),
    humanUntil: numberOrNull(row, "human_until"),
    humanBy: textOrNull(row, "human_by"),
    updatedAt: number(row, "updated_at"),
  };
}

/** The person was heard: `at` only if it opens Meta's window (a message, a button, a reaction). */
export function recordInbound(
  sql: Sql,
  personId: string,
  username: string | null,
  at: number | null,
  now: number,
): void {
  sql.all(
    `INSERT INTO conversations (person_id, username, last_inbound_at, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (person_id) DO UPDATE SET
       username = coalesce(excluded.username, username),
       last_inbound_at = CASE WHEN excluded.last_inbound_at > coalesce(last_inbound_at, 0)
         THEN excluded.last_inbound_at ELSE last_inbound_at END,
       updated_at = excluded.updated_at`,
    personId,
    username,
    at,
    now,
  );
}

/** Automations stand back from this conversation until `until`; null: they may answer again. */
export function setHuman(sql: Sql, personId: string, until: number | null, by: string | null, now: number): void {
  sql.all(
    `INSERT INTO conversations (person_id, human_until, human_by, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (person_id) DO UPDATE SET
       human_until = excluded.human_until, human_by = excluded.human_by, updated_at = excluded.updated_at`,
    personId,
    until,
    by,
    now,
  );
}
