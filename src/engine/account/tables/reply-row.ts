import type { MessageContent } from "../../../core/automation/automation.ts";
import type { RateLimit, Reply, ReplyKind, ReplyState } from "../../../core/reply/reply.ts";
import { json, number, numberOrNull, text, textOrNull, type SqlRow } from "../../storage/sql.ts";

export function readReply(row: SqlRow): Reply {
  const commentId = textOrNull(row, "comment_id");
  return {
    id: text(row, "id"),
    eventId: textOrNull(row, "event_id"),
    automationId: textOrNull(row, "automation_id"),
    kind: text(row, "kind") as ReplyKind,
    rateLimit: text(row, "lane") as RateLimit,
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
    afterId: textOrNull(row, "after_id"),
    whenRefused: textOrNull(row, "when_refused") === null ? null : (json(row, "when_refused") as MessageContent),
    thread: textOrNull(row, "thread"),
    byPerson: number(row, "by_person") === 1,
    heldAt: numberOrNull(row, "held_at"),
  };
}
