/** Lists of conversations, and the rows of one conversation. */
import { first, number, type Sql, type SqlRow, type SqlValue } from "../../storage/sql.ts";
import { readConversation, type Conversation } from "./conversations.ts";

export interface ConversationFilter {
  search: string | null;
  /** Only those in which automations are paused at this time. */
  heldAt: number | null;
  before: { updatedAt: number; personId: string } | null;
}

/** The most recently updated first. */
export function listConversations(sql: Sql, filter: ConversationFilter, limit: number): Conversation[] {
  const conditions = ["TRUE"];
  const values: SqlValue[] = [];
  if (filter.before !== null) {
    conditions.push("(updated_at, person_id) < (?, ?)");
    values.push(filter.before.updatedAt, filter.before.personId);
  }
  if (filter.heldAt !== null) {
    conditions.push("human_until > ?");
    values.push(filter.heldAt);
  }
  if (filter.search !== null) {
    conditions.push("(instr(person_id, ?) > 0 OR instr(lower(coalesce(username, '')), ?) > 0)");
    values.push(filter.search, filter.search.toLowerCase());
  }
  return sql
    .all(
      `SELECT * FROM conversations WHERE ${conditions.join(" AND ")}
       ORDER BY updated_at DESC, person_id DESC LIMIT ?`,
      ...values,
      limit,
    )
    .map(readConversation);
}

/** Events of one person, newest first. */
export function eventsOfPerson(sql: Sql, personId: string, before: number, limit: number): SqlRow[] {
  return sql.all(
    "SELECT * FROM events WHERE person_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
    personId,
    before,
    limit,
  );
}

/** Replies to one person, newest first. */
export function repliesToPerson(sql: Sql, personId: string, before: number, limit: number): SqlRow[] {
  return sql.all(
    "SELECT * FROM replies WHERE person_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
    personId,
    before,
    limit,
  );
}

/** Whether Replyline sent the message with this id. */
export function isOurMessage(sql: Sql, messageId: string): boolean {
  const row = first(sql, "SELECT count(*) AS n FROM replies WHERE message_id = ?", messageId);
  return row !== null && number(row, "n") > 0;
}
