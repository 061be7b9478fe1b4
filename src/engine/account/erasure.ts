/**
 * Erases a whole account, or one person in it. Only a hash and a time stay, so that an older event that is delivered
 * late or replayed does not restore erased data.
 */
import type { MetaEvent } from "../../core/event.ts";
import type { Subject } from "../../core/automation/subject.ts";
import { sha256Hex } from "../../meta/sha256.ts";
import { readSubject } from "../../meta/subject.ts";
import { readView } from "../../meta/views/view.ts";
import { namesId } from "../privacy/names.ts";
import { getParts } from "../storage/parts.ts";
import { first, number, text, type Sql } from "../storage/sql.ts";
import { migrate } from "../storage/migrate.ts";
import type { AccountPorts } from "./ports.ts";
import { ACCOUNT_MIGRATIONS } from "./schema.ts";
import { currentAutomations, saveAutomations } from "./tables/automations.ts";
import { getValue, isForgotten, setValue } from "./tables/settings.ts";
import { putTombstone } from "./tables/tombstones.ts";

/**
 * A reply that was in flight when the person was erased returns within this time, as an echo or as our own comment.
 * Such an event counts as older than the erasure. New messages of the person do not.
 */
const AFTERMATH_MS = 120_000;

/** Prefix of the hash, so that erased people are one key range of the table. */
const PREFIX = "erased:";

/**
 * The stored hash of an erased person. It contains the account id, so that hashes cannot show who wrote to several
 * accounts.
 */
export const personHash = (accountId: string, personId: string): string =>
  PREFIX + sha256Hex(`replyline erased person ${accountId} ${personId}`);

/**
 * The stored hash of an erased person's comment that has our answer. The answer contains the comment's id but not the
 * person's.
 */
const commentHash = (accountId: string, commentId: string): string =>
  PREFIX + sha256Hex(`replyline erased comment ${accountId} ${commentId}`);

/** Whether this event must not be stored: its person, or the whole account, was erased after it happened. */
export function isErased(ports: AccountPorts, accountId: string, event: MetaEvent, subject: Subject): boolean {
  const erased = getValue(ports.sql, "erased");
  // Only a new connection opens an erased account again.
  if (isForgotten(ports.sql) || (erased !== null && event.occurredAt <= erased.at)) return true;
  if (!hasErasedPeople(ports.sql)) return false;
  const { personId, parentId, blocked } = subject;
  const person = personId === null ? null : erasedAt(ports.sql, personHash(accountId, personId));
  if (person !== null && event.occurredAt <= person + (isEcho(event, subject) ? AFTERMATH_MS : 0)) return true;
  if (blocked !== "own_comment" || parentId === null) return false;
  const answered = erasedAt(ports.sql, commentHash(accountId, parentId));
  return answered !== null && event.occurredAt <= answered + AFTERMATH_MS;
}

/** Whether this is an echo of our own send. New actions of the person after the erasure are not. */
function isEcho(event: MetaEvent, subject: Subject): boolean {
  if (subject.blocked !== "standby") return subject.blocked === "echo";
  const view = readView(event);
  return view.kind === "standby" && view.inner.kind === "echo";
}

function erasedAt(sql: Sql, hash: string): number | null {
  const row = first(sql, "SELECT at FROM tombstones WHERE about = ? AND reason = 'erased'", hash);
  return row === null ? null : number(row, "at");
}

/** Few accounts have erased people, and hashing costs more than this query. */
const hasErasedPeople = (sql: Sql): boolean =>
  first(sql, "SELECT 1 AS n FROM tombstones WHERE about >= ? AND about < 'erased;' LIMIT 1", PREFIX) !== null;

/** The person's comments and messages that can be answered. */
const THEIR_COMMENTS = "SELECT about FROM events WHERE person_id = ? AND about IS NOT NULL";

/**
 * Deletes one person: conversation, events, replies to them, our public answers under their comments, and every other
 * row with their id.
 *
 * @returns how many rows were deleted; 0: the person was unknown
 */
export function erasePerson(ports: AccountPorts, accountId: string, personId: string): number {
  const { sql } = ports;
  return sql.transaction(() => {
    const comments = new Set(sql.all(THEIR_COMMENTS, personId).map((row) => text(row, "about")));
    const answered = publiclyAnswered(sql, personId);
    // Replies are deleted before the events, because the events identify the person's comments. One pass over the
    // ledger handles any number of comments: its index by comment contains open replies only.
    const gone = [
      sql.all(
        `DELETE FROM replies WHERE person_id = ? OR recipient_id = ? OR about IN (${THEIR_COMMENTS}) RETURNING 1 AS n`,
        personId,
        personId,
        personId,
      ),
      sql.all("DELETE FROM conversations WHERE person_id = ? RETURNING 1 AS n", personId),
      sql.all("DELETE FROM waiting_echoes WHERE person_id = ? RETURNING 1 AS n", personId),
      sql.all("DELETE FROM inbox_texts WHERE person_id = ? RETURNING 1 AS n", personId),
    ];
    sql.all(`DELETE FROM turns WHERE group_key = ? OR group_key IN (${THEIR_COMMENTS})`, personId, personId);
    let rows = gone.reduce((sum, deleted) => sum + deleted.length, 0);
    // An event of an unknown kind may contain the person's id only in its raw text.
    for (const id of [...answersUnder(sql, accountId, comments), ...eventsNaming(sql, personId)]) {
      rows += removeEvent(sql, id);
    }
    const hashes = [personHash(accountId, personId), ...answered.map((comment) => commentHash(accountId, comment))];
    for (const hash of hashes) putTombstone(sql, hash, "erased", ports.now());
    return rows;
  });
}

/** The person's comments that have our public answer, or may get it from an attempt in flight. */
function publiclyAnswered(sql: Sql, personId: string): string[] {
  return sql
    .all(
      `SELECT DISTINCT comment_id FROM replies
       WHERE kind = 'public_reply' AND attempts > 0 AND comment_id IS NOT NULL AND (person_id = ?
         OR about IN (${THEIR_COMMENTS}))`,
      personId,
      personId,
    )
    .map((row) => text(row, "comment_id"));
}

function eventsNaming(sql: Sql, personId: string): Set<string> {
  const own = sql.all("SELECT id FROM events WHERE person_id = ?", personId);
  const named = sql
    .all("SELECT id, raw FROM events WHERE instr(raw, ?) > 0", personId)
    .filter((row) => namesId(text(row, "raw"), personId));
  const long = sql
    .all("SELECT DISTINCT owner AS id FROM parts WHERE instr(content, ?) > 0", personId)
    .filter((row) => namesId(getParts(sql, text(row, "id")), personId));
  return new Set([...own, ...named, ...long].map((row) => text(row, "id")));
}

/** Our own comments under those comments: they may repeat the person's name or text. */
function answersUnder(sql: Sql, accountId: string, comments: ReadonlySet<string>): string[] {
  if (comments.size === 0) return [];
  const own = sql.all(
    `SELECT id, kind, raw FROM events WHERE kind IN ('comment', 'live_comment', 'feed', 'mention')
       AND (person_id = ? OR blocked = 'own_comment' OR instr(decisions, 'own_comment') > 0)`,
    accountId,
  );
  return own.flatMap((row) => {
    const source = { kind: text(row, "kind") as MetaEvent["kind"], accountId, raw: text(row, "raw"), test: false };
    const { parentId } = readSubject(source);
    return parentId !== null && comments.has(parentId) ? [text(row, "id")] : [];
  });
}

function removeEvent(sql: Sql, id: string): number {
  sql.all("DELETE FROM parts WHERE owner = ?", id);
  const replies = sql.all("DELETE FROM replies WHERE event_id = ? RETURNING 1 AS n", id);
  return replies.length + sql.all("DELETE FROM events WHERE id = ? RETURNING 1 AS n", id).length;
}

/**
 * Deletes all data that came from Meta: events, replies, people, the token. The whole database is dropped and created
 * again, so that no data stays in pages that SQLite has only marked as free.
 *
 * A stop of all sending is deleted too: the Directory stores whether there is a stop, and applies it when an account is
 * connected. If it were kept, it would stay after the stop ends, because the Directory does not notify a forgotten
 * account.
 *
 * @param keepConfiguration automations and settings stay: they belong to the developer, and wait for a new connection
 */
export async function eraseAccount(ports: AccountPorts, keepConfiguration: boolean): Promise<void> {
  const { sql } = ports;
  const automations = currentAutomations(sql).items;
  const settings = getValue(sql, "settings");
  const generation = getValue(sql, "announced")?.generation ?? 0;
  const people = sql.all("SELECT about, at FROM tombstones WHERE reason = 'erased'");
  await ports.wipe();
  migrate(sql, ACCOUNT_MIGRATIONS);
  sql.transaction(() => {
    setValue(sql, "erased", { at: ports.now() });
    // The Directory must not accept an old "no open work" as new, and a registration in flight must not count as done.
    setValue(sql, "announced", { generation: generation + 1, done: false });
    for (const row of people) {
      sql.all(
        "INSERT INTO tombstones (about, reason, at) VALUES (?, 'erased', ?)",
        text(row, "about"),
        number(row, "at"),
      );
    }
    if (!keepConfiguration) return;
    if (automations.length > 0) saveAutomations(sql, automations, ports.now());
    if (settings !== null) setValue(sql, "settings", settings);
  });
  await ports.sync();
}
