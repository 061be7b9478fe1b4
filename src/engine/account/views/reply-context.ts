/**
 * Whom a reply is to, and what they wrote. A person who has to settle a reply looks into Meta's inbox, and the inbox knows
 * neither our ids nor Meta's.
 */
import type { Reply } from "../../../core/reply/reply.ts";
import { text, type Sql, number, type SqlRow } from "../../storage/sql.ts";
import { findConversation } from "../tables/conversations.ts";
import type { Subject } from "../../../core/automation/subject.ts";
import type { EventKind } from "../../../core/event.ts";
import { readSubject } from "../../../meta/subject.ts";
import { rawOf } from "../tables/events.ts";

/** Characters of a person's words in a list. */
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

/** As much as a list shows. */
export function shortened(words: string): string {
  // Never between the halves of a surrogate pair.
  return words.length <= TEXT_CHARS ? words : `${words.slice(0, TEXT_CHARS).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Who and what a stored event is about. @param row with `id`, `kind`, `test` and `raw` */
export function subjectOfRow(sql: Sql, accountId: string, row: SqlRow): Subject {
  const test = number(row, "test") === 1;
  return readSubject({ kind: text(row, "kind") as EventKind, accountId, raw: rawOf(sql, row), test });
}
