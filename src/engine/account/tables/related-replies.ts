/** Ledger rows by their person, comment or message. */
import type { Reply } from "../../../core/reply/reply.ts";
import { first, number, type Sql } from "../../storage/sql.ts";
import { readReply } from "./reply-row.ts";

const OPEN = "state IN ('pending', 'sending', 'uncertain')";

/** Attempted replies to a person, newest first: candidates for an echo. */
export function attemptedTo(sql: Sql, personId: string, since: number): Reply[] {
  return sql
    .all(
      `SELECT * FROM replies WHERE person_id = ? AND attempts > 0 AND (${OPEN} OR sent_at >= ?) ORDER BY seq DESC LIMIT 50`,
      personId,
      since,
    )
    .map(readReply);
}

/**
 * Attempted private replies without a known person or message id: your own backend answered a comment before its event
 * arrived. Includes replies that were settled since `since` without these ids.
 */
export function attemptedToUnknown(sql: Sql, since: number): Reply[] {
  return sql
    .all(
      // The query repeats the condition of the index. The index is named because the planner would otherwise read every
      // sent reply.
      `SELECT * FROM replies INDEXED BY replies_to_unknown
       WHERE person_id IS NULL AND message_id IS NULL AND kind = 'private_reply'
         AND state IN ('pending', 'sending', 'uncertain', 'sent')
         AND attempts > 0 AND (${OPEN} OR sent_at >= ?)
       ORDER BY seq DESC LIMIT 50`,
      since,
    )
    .map(readReply);
}

/** Open replies to a person: what a takeover cancels. */
export function openTo(sql: Sql, personId: string): Reply[] {
  return sql.all(`SELECT * FROM replies WHERE person_id = ? AND ${OPEN}`, personId).map(readReply);
}

/** Open replies to a comment or message: what deleting or unsending it cancels. */
export function openAbout(sql: Sql, about: string): Reply[] {
  return sql.all(`SELECT * FROM replies WHERE about = ? AND ${OPEN}`, about).map(readReply);
}

/** The newest private replies to a person about one post. A limit is enough: a person may comment a thousand times. */
export function privateRepliesTo(sql: Sql, personId: string, groupKey: string, since: number): Reply[] {
  return sql
    .all(
      `SELECT * FROM replies WHERE person_id = ? AND group_key = ? AND kind = 'private_reply' AND created_at >= ?
       ORDER BY seq DESC LIMIT 10`,
      personId,
      groupKey,
      since,
    )
    .map(readReply);
}

/** Automated messages to a person since a time, including pending ones. */
export function countAutomatedTo(sql: Sql, personId: string, since: number): number {
  const row = first(
    sql,
    `SELECT count(*) AS n FROM replies WHERE person_id = ? AND kind <> 'public_reply' AND automation_id IS NOT NULL
       AND created_at >= ? AND state NOT IN ('cancelled', 'expired', 'refused')`,
    personId,
    since,
  );
  return row === null ? 0 : number(row, "n");
}

/** Public replies in a comment thread, newest first. */
export function publicRepliesIn(sql: Sql, thread: string): Reply[] {
  return sql
    .all(
      "SELECT * FROM replies WHERE thread = ? AND kind = 'public_reply' ORDER BY created_at DESC, seq DESC LIMIT 20",
      thread,
    )
    .map(readReply);
}

/** Public replies that were posted or still may be, since a time: in a thread, and to a person. */
export function countPublicReplies(
  sql: Sql,
  { thread, personId, since }: { thread: string | null; personId: string | null; since: number },
): { inThread: number; toPerson: number } {
  const counted = "kind = 'public_reply' AND created_at >= ? AND state NOT IN ('cancelled', 'expired', 'refused')";
  const count = (column: "thread" | "person_id", value: string | null): number => {
    if (value === null) return 0;
    const row = first(sql, `SELECT count(*) AS n FROM replies WHERE ${column} = ? AND ${counted}`, value, since);
    return row === null ? 0 : number(row, "n");
  };
  return { inThread: count("thread", thread), toPerson: count("person_id", personId) };
}

/** Whether one of the account's public replies to this event was posted since a time. */
export function hasPublicReplySince(sql: Sql, eventId: string, since: number): boolean {
  const statement =
    "SELECT 1 AS n FROM replies WHERE event_id = ? AND kind = 'public_reply' AND (state = 'sending' OR sent_at >= ?) LIMIT 1";
  return first(sql, statement, eventId, since) !== null;
}

/** Replies that wait for this one. */
export function repliesAfter(sql: Sql, id: string): Reply[] {
  return sql.all("SELECT * FROM replies WHERE after_id = ? AND state = 'pending'", id).map(readReply);
}

/** Attempts to a person that are on their way: their answers may explain an echo. */
export function sendingTo(sql: Sql, personId: string): Reply[] {
  return sql.all("SELECT * FROM replies WHERE person_id = ? AND state = 'sending'", personId).map(readReply);
}
