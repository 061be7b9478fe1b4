/**
 * The person that a reply is to, and the text that they wrote. A person who settles a reply searches Meta's inbox,
 * which shows neither our ids nor Meta's.
 */
import type { Reply } from "../../../core/reply/reply.ts";
import { text, type Sql, number, type SqlRow } from "../../storage/sql.ts";
import { findConversation } from "../tables/conversations.ts";
import type { Subject } from "../../../core/automation/subject.ts";
import type { EventKind } from "../../../core/event.ts";
import { readSubject } from "../../../meta/subject.ts";
import { rawOf } from "../tables/events.ts";

/** Characters of a person's text in a list. */
const TEXT_CHARS = 280;

export interface Answered {
  username: string | null;
  eventText: string | null;
}

/** By reply id. */
export function answeredBy(sql: Sql, accountId: string, replies: readonly Reply[]): Map<string, Answered> {
  const eventIds = [...new Set(replies.flatMap(({ eventId }) => eventId ?? []))];
  const rows = sql.all(
    "SELECT id, kind, test, raw FROM events WHERE id IN (SELECT value FROM json_each(?))",
    JSON.stringify(eventIds),
  );
  const events = new Map(rows.map((row) => [text(row, "id"), subjectOfRow(sql, accountId, row)]));
  return new Map(
    replies.map(({ id, eventId, personId }) => {
      const subject = eventId === null ? undefined : events.get(eventId);
      const words = subject?.text ?? null;
      const username = subject?.username ?? usernameOf(sql, personId);
      return [id, { username, eventText: words === null ? null : shortened(words) }];
    }),
  );
}

export function usernameOf(sql: Sql, personId: string | null): string | null {
  return personId === null ? null : (findConversation(sql, personId)?.username ?? null);
}

/** The text cut to the length that lists show. */
export function shortened(words: string): string {
  // Never cuts a surrogate pair in half.
  return words.length <= TEXT_CHARS ? words : `${words.slice(0, TEXT_CHARS).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * The person and the text of a stored event.
 * @param row with `id`, `kind`, `test` and `raw`
 */
export function subjectOfRow(sql: Sql, accountId: string, row: SqlRow): Subject {
  const test = number(row, "test") === 1;
  return readSubject({ kind: text(row, "kind") as EventKind, accountId, raw: rawOf(sql, row), test });
}
