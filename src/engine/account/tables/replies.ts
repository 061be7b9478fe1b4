/** The ledger: one row per reply. */
import type { MessageContent } from "../../../core/automation/automation.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { DAY_MS } from "../../../core/time.ts";
import type { ReplyWrite } from "../../../core/reply/step.ts";
import { first, textOrNull, type Sql, type SqlValue } from "../../storage/sql.ts";
import { readReply } from "./reply-row.ts";
import { enqueueGroup } from "./fair-queue.ts";

/** What your backend asked for: its Idempotency-Key, and a hash of the whole request. */
export interface ReplyRequest {
  key: string;
  hash: string;
}

/** The columns that `step` may change. */
const COLUMNS: { [K in keyof Reply]?: { name: string; value: (reply: Partial<Reply>) => SqlValue } } = {
  personId: { name: "person_id", value: (r) => r.personId ?? null },
  state: { name: "state", value: (r) => r.state ?? null },
  reason: { name: "reason", value: (r) => r.reason ?? null },
  dueAt: { name: "due_at", value: (r) => r.dueAt ?? null },
  wakeAt: { name: "wake_at", value: (r) => r.wakeAt ?? null },
  attempts: { name: "attempts", value: (r) => r.attempts ?? null },
  failures: { name: "failures", value: (r) => r.failures ?? null },
  attemptAt: { name: "attempt_at", value: (r) => r.attemptAt ?? null },
  ambiguous: { name: "ambiguous", value: (r) => (r.ambiguous === true ? 1 : 0) },
  cancelReason: { name: "cancel_reason", value: (r) => r.cancelReason ?? null },
  sentAt: { name: "sent_at", value: (r) => r.sentAt ?? null },
  messageId: { name: "message_id", value: (r) => r.messageId ?? null },
  afterId: { name: "after_id", value: (r) => r.afterId ?? null },
  heldAt: { name: "held_at", value: (r) => r.heldAt ?? null },
};

/** @returns false when the ledger already holds the comment's private reply, this automation's reply, or the key. */
export function insertReply(sql: Sql, reply: Reply, request: ReplyRequest | null): boolean {
  const inserted = sql.all(
    `INSERT INTO replies (id, event_id, automation_id, kind, lane, group_key, comment_id, recipient_id, about, person_id,
       message, text, reads, state, reason, created_at, due_at, expires_at, wake_at, attempts, failures, attempt_at,
       ambiguous, cancel_reason, sent_at, message_id, after_id, when_refused, thread, by_person, held_at, idempotency_key, request_hash,
       person_rank)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
       (SELECT count(*) FROM replies WHERE person_id = ? AND group_key = ? AND kind = ? AND created_at > ?))
     ON CONFLICT DO NOTHING RETURNING seq`,
    reply.id,
    reply.eventId,
    reply.automationId,
    reply.kind,
    reply.rateLimit,
    reply.groupKey,
    "commentId" in reply.to ? reply.to.commentId : null,
    "recipientId" in reply.to ? reply.to.recipientId : null,
    reply.about,
    reply.personId,
    JSON.stringify(reply.message),
    reply.message.text ?? null,
    JSON.stringify(reply.reads),
    reply.state,
    reply.reason,
    reply.createdAt,
    reply.dueAt,
    reply.expiresAt,
    reply.wakeAt,
    reply.attempts,
    reply.failures,
    reply.attemptAt,
    reply.ambiguous ? 1 : 0,
    reply.cancelReason,
    reply.sentAt,
    reply.messageId,
    reply.afterId,
    reply.whenRefused === null ? null : JSON.stringify(reply.whenRefused),
    reply.thread,
    reply.byPerson ? 1 : 0,
    reply.heldAt,
    request?.key ?? null,
    request?.hash ?? null,
    reply.personId,
    reply.groupKey,
    reply.kind,
    reply.createdAt - DAY_MS,
  );
  if (inserted.length === 0) return false;
  enqueueGroup(sql, reply.rateLimit, reply.groupKey);
  return true;
}

/**
 * Applies the write of a step if the row is unchanged since it was read.
 *
 * @returns false when another write changed it; the step must then be computed again
 */
export function applyWrite(sql: Sql, change: ReplyWrite): boolean {
  const names: string[] = [];
  const values: SqlValue[] = [];
  for (const key of Object.keys(change.set) as (keyof Reply)[]) {
    const column = COLUMNS[key];
    if (column === undefined) throw new TypeError(`step may not change ${key}`);
    names.push(`${column.name} = ?`);
    values.push(column.value(change.set));
  }
  const { state, attempts } = change.expect;
  // OR IGNORE: a late echo may mark a cancelled private reply as sent although its comment has another one.
  const updated = sql.all(
    `UPDATE OR IGNORE replies SET ${names.join(", ")} WHERE id = ? AND state = ? AND attempts = ? RETURNING seq`,
    ...values,
    change.id,
    state,
    attempts,
  );
  return updated.length > 0;
}

/** Stores the rendered message after the Graph reads of its template. */
export function setMessage(sql: Sql, id: string, message: MessageContent): void {
  sql.all(
    "UPDATE replies SET message = ?, text = ?, reads = '[]' WHERE id = ?",
    JSON.stringify(message),
    message.text ?? null,
    id,
  );
}

export function findReply(sql: Sql, id: string): Reply | null {
  const row = first(sql, "SELECT * FROM replies WHERE id = ?", id);
  return row === null ? null : readReply(row);
}

/** Known replies, in no order. Unknown ids are left out. */
export function repliesById(sql: Sql, ids: readonly string[]): Reply[] {
  return sql
    .all("SELECT * FROM replies WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(ids))
    .map(readReply);
}

/** The reply that Meta gave this message id: maps an echo to its row. */
export function replyByMessageId(sql: Sql, messageId: string): Reply | null {
  const row = first(sql, "SELECT * FROM replies WHERE message_id = ?", messageId);
  return row === null ? null : readReply(row);
}

/** The reply that your backend asked for with this Idempotency-Key. `hash` null: asked for before hashes were kept. */
export function replyByKey(sql: Sql, idempotencyKey: string): { reply: Reply; hash: string | null } | null {
  const row = first(sql, "SELECT * FROM replies WHERE idempotency_key = ?", idempotencyKey);
  return row === null ? null : { reply: readReply(row), hash: textOrNull(row, "request_hash") };
}

/** Stores the person of a comment in its private reply, if that was requested before the comment's event arrived. */
export function learnPerson(sql: Sql, commentId: string, personId: string): void {
  sql.all(
    `UPDATE replies SET person_id = ? WHERE comment_id = ? AND kind = 'private_reply'
       AND state IN ('pending', 'sending', 'uncertain', 'sent') AND person_id IS NULL`,
    personId,
    commentId,
  );
}

/** The private reply that has used the comment's one private reply, or may still use it. */
export function privateReplyOf(sql: Sql, commentId: string): Reply | null {
  const row = first(
    sql,
    `SELECT * FROM replies WHERE comment_id = ? AND kind = 'private_reply'
       AND state IN ('pending', 'sending', 'uncertain', 'sent')`,
    commentId,
  );
  return row === null ? null : readReply(row);
}
