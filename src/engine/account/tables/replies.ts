/** The ledger: one row a reply. */
import type { MessageContent } from "../../../core/automation/automation.ts";
import { OPEN_STATES, type Lane, type Reply, type ReplyKind, type ReplyState } from "../../../core/reply/reply.ts";
import type { ReplyWrite } from "../../../core/reply/step.ts";
import {
  first,
  json,
  number,
  numberOrNull,
  text,
  textOrNull,
  type Sql,
  type SqlRow,
  type SqlValue,
} from "../../storage/sql.ts";

/**
 * Part of the partial indexes' conditions; SQLite can use an index only when the query says the same. It does not choose
 * them by itself: without statistics it takes the index on `state`, which reads every waiting row of a viral post each
 * time. Hence INDEXED BY wherever a run of the alarm looks.
 */
const WAITING = "wake_at IS NOT NULL AND state IN ('pending', 'uncertain')";
const OPEN = "state IN ('pending', 'sending', 'uncertain')";

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
};

/** @returns false when the ledger already holds the comment's private reply, this automation's reply, or the key. */
export function insertReply(sql: Sql, reply: Reply, idempotencyKey: string | null): boolean {
  const inserted = sql.all(
    `INSERT INTO replies (id, event_id, automation_id, kind, lane, group_key, comment_id, recipient_id, about, person_id,
       message, text, reads, state, reason, created_at, due_at, expires_at, wake_at, attempts, failures, attempt_at,
       ambiguous, cancel_reason, sent_at, message_id, idempotency_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING RETURNING seq`,
    reply.id,
    reply.eventId,
    reply.automationId,
    reply.kind,
    reply.lane,
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
    idempotencyKey,
  );
  if (inserted.length === 0) return false;
  sql.all(
    "INSERT INTO turns (lane, group_key, turn) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
    reply.lane,
    reply.groupKey,
  );
  return true;
}

/**
 * Applies a step's write if the row is still as it was read.
 *
 * @returns false when it is not: somebody else was faster, and the step has to be thought again.
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
  // OR IGNORE: a late echo may call a cancelled private reply sent although its comment has another by now.
  const updated = sql.all(
    `UPDATE OR IGNORE replies SET ${names.join(", ")} WHERE id = ? AND state = ? AND attempts = ? RETURNING seq`,
    ...values,
    change.id,
    state,
    attempts,
  );
  return updated.length > 0;
}

/** The rendered message, once the Graph reads of its template are there. */
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

export function replyByMessageId(sql: Sql, messageId: string): Reply | null {
  const row = first(sql, "SELECT * FROM replies WHERE message_id = ?", messageId);
  return row === null ? null : readReply(row);
}

export function replyByKey(sql: Sql, idempotencyKey: string): Reply | null {
  const row = first(sql, "SELECT * FROM replies WHERE idempotency_key = ?", idempotencyKey);
  return row === null ? null : readReply(row);
}

/** The private reply that has used up the comment's one, or still may. */
export function privateReplyOf(sql: Sql, commentId: string): Reply | null {
  const row = first(
    sql,
    `SELECT * FROM replies WHERE comment_id = ? AND kind = 'private_reply'
       AND state IN ('pending', 'sending', 'uncertain', 'sent')`,
    commentId,
  );
  return row === null ? null : readReply(row);
}

/** Attempted replies to a person, newest first: what an echo may be an echo of. */
export function attemptedTo(sql: Sql, personId: string, since: number): Reply[] {
  return sql
    .all(
      `SELECT * FROM replies WHERE person_id = ? AND attempts > 0 AND (${OPEN} OR sent_at >= ?) ORDER BY seq DESC LIMIT 50`,
      personId,
      since,
    )
    .map(readReply);
}

/** Attempted replies whose person is not known yet: to comments that were answered before their event came. */
export function attemptedToUnknown(sql: Sql): Reply[] {
  return sql
    .all(
      "SELECT * FROM replies WHERE state IN ('sending', 'uncertain') AND person_id IS NULL ORDER BY seq DESC LIMIT 50",
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

/** The newest private replies to a person about one post: few are enough, and somebody may comment a thousand times. */
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

/** Automated messages to a person since a time, those that still wait included. */
export function countAutomatedTo(sql: Sql, personId: string, since: number): number {
  const row = first(
    sql,
    `SELECT count(*) AS n FROM replies WHERE person_id = ? AND kind = 'message' AND automation_id IS NOT NULL
       AND created_at >= ? AND state NOT IN ('cancelled', 'expired', 'refused')`,
    personId,
    since,
  );
  return row === null ? 0 : number(row, "n");
}

/** `sending` rows whose grace is over. */
export function unanswered(sql: Sql, now: number, limit: number): Reply[] {
  return sql
    .all(
      "SELECT * FROM replies INDEXED BY replies_sending WHERE state = 'sending' AND wake_at <= ? ORDER BY wake_at LIMIT ?",
      now,
      limit,
    )
    .map(readReply);
}

/** Waiting rows whose window has closed. */
export function overdue(sql: Sql, now: number, limit: number): Reply[] {
  return sql
    .all(
      `SELECT * FROM replies INDEXED BY replies_expiring WHERE expires_at <= ? AND ${WAITING} ORDER BY expires_at LIMIT ?`,
      now,
      limit,
    )
    .map(readReply);
}

/** Groups of a lane that have a row to send now, the one served longest ago first. */
export function groupsInTurn(sql: Sql, lane: Lane, now: number, limit: number): string[] {
  return sql
    .all(
      `SELECT group_key FROM turns WHERE lane = ? AND EXISTS (
         SELECT 1 FROM replies INDEXED BY replies_waiting
         WHERE replies.lane = turns.lane AND replies.group_key = turns.group_key AND wake_at <= ? AND ${WAITING})
       ORDER BY turn, group_key LIMIT ?`,
      lane,
      now,
      limit,
    )
    .map((row) => text(row, "group_key"));
}

/** The group's next row: the one whose window closes first. */
export function nextOfGroup(sql: Sql, lane: Lane, groupKey: string, now: number): Reply | null {
  const row = first(
    sql,
    `SELECT * FROM replies INDEXED BY replies_waiting
     WHERE lane = ? AND group_key = ? AND wake_at <= ? AND ${WAITING} ORDER BY expires_at, seq LIMIT 1`,
    lane,
    groupKey,
    now,
  );
  return row === null ? null : readReply(row);
}

/** Moves the group to the end of the line, or out of it when nothing of it waits any more. */
export function served(sql: Sql, lane: Lane, groupKey: string, turn: number): void {
  const waits = first(
    sql,
    `SELECT 1 AS n FROM replies INDEXED BY replies_waiting WHERE lane = ? AND group_key = ? AND ${WAITING} LIMIT 1`,
    lane,
    groupKey,
  );
  if (waits === null) sql.all("DELETE FROM turns WHERE lane = ? AND group_key = ?", lane, groupKey);
  else sql.all("INSERT OR REPLACE INTO turns (lane, group_key, turn) VALUES (?, ?, ?)", lane, groupKey, turn);
}

/** A row that went back to waiting needs its group in the line again. */
export function lineUp(sql: Sql, lane: Lane, groupKey: string): void {
  sql.all("INSERT INTO turns (lane, group_key, turn) VALUES (?, ?, 0) ON CONFLICT DO NOTHING", lane, groupKey);
}

/** Pending rows whose time has come, of all lanes. */
export function pendingDue(sql: Sql, now: number, limit: number): Reply[] {
  return sql
    .all("SELECT * FROM replies WHERE state = 'pending' AND wake_at <= ? ORDER BY wake_at LIMIT ?", now, limit)
    .map(readReply);
}

export function firstPendingAt(sql: Sql): number | null {
  const row = first(sql, "SELECT min(wake_at) AS at FROM replies WHERE state = 'pending'");
  return row === null ? null : numberOrNull(row, "at");
}

export function firstWakeAt(sql: Sql, lane: Lane): number | null {
  const row = first(
    sql,
    `SELECT min(wake_at) AS at FROM replies INDEXED BY replies_waking WHERE lane = ? AND ${WAITING}`,
    lane,
  );
  return row === null ? null : numberOrNull(row, "at");
}

export function firstJudgeAt(sql: Sql): number | null {
  const row = first(sql, "SELECT min(wake_at) AS at FROM replies INDEXED BY replies_sending WHERE state = 'sending'");
  return row === null ? null : numberOrNull(row, "at");
}

export function firstExpiryAt(sql: Sql): number | null {
  const row = first(sql, `SELECT min(expires_at) AS at FROM replies INDEXED BY replies_expiring WHERE ${WAITING}`);
  return row === null ? null : numberOrNull(row, "at");
}

/** Rows that something is still going to happen to by itself: what the watchdog must not lose sight of. */
export function countAwake(sql: Sql): number {
  const row = first(
    sql,
    `SELECT (SELECT count(*) FROM replies WHERE ${WAITING}) + (SELECT count(*) FROM replies WHERE state = 'sending') AS n`,
  );
  return row === null ? 0 : number(row, "n");
}

export function countByState(sql: Sql): Record<ReplyState, number> {
  const counts: Record<ReplyState, number> = {
    pending: 0,
    sending: 0,
    sent: 0,
    refused: 0,
    uncertain: 0,
    cancelled: 0,
    expired: 0,
  };
  for (const row of sql.all("SELECT state, count(*) AS n FROM replies GROUP BY state")) {
    counts[text(row, "state") as ReplyState] = number(row, "n");
  }
  return counts;
}

export function isOpen(state: ReplyState): boolean {
  return OPEN_STATES.includes(state);
}

export function readReply(row: SqlRow): Reply {
  const commentId = textOrNull(row, "comment_id");
  return {
    id: text(row, "id"),
    eventId: textOrNull(row, "event_id"),
    automationId: textOrNull(row, "automation_id"),
    kind: text(row, "kind") as ReplyKind,
    lane: text(row, "lane") as Lane,
    groupKey: text(row, "group_key"),
    to: commentId === null ? { recipientId: text(row, "recipient_id") } : { commentId },
    about: textOrNull(row, "about"),
    personId: textOrNull(row, "person_id"),
    message: json(row, "message") as MessageContent,
    reads: json(row, "reads") as Reply["reads"],
    state: text(row, "state") as ReplyState,
    reason: textOrNull(row, "reason"),
    createdAt: number(row, "created_at"),
    dueAt: number(row, "due_at"),
    expiresAt: number(row, "expires_at"),
    wakeAt: numberOrNull(row, "wake_at"),
    attempts: number(row, "attempts"),
    failures: number(row, "failures"),
    attemptAt: numberOrNull(row, "attempt_at"),
    ambiguous: number(row, "ambiguous") === 1,
    cancelReason: textOrNull(row, "cancel_reason"),
    sentAt: numberOrNull(row, "sent_at"),
    messageId: textOrNull(row, "message_id"),
  };
}
