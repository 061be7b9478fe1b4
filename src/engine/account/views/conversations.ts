/** Conversations for API and console: messages, replies, and whether automations are paused. */
import type { EventKind } from "../../../core/event.ts";
import { MESSAGE_WINDOW_MS } from "../../../meta/limits.ts";
import { number, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";
import { subjectOfRow } from "./reply-context.ts";
import type { ConversationItem, Thread, ThreadItem } from "../../../api/conversation.ts";
import type { ConversationQuery } from "../contract.ts";
import type { Page } from "../../../api/building-blocks.ts";
import { eventsOfPerson, isOurMessage, listConversations, repliesToPerson } from "../tables/conversation-lists.ts";
import { findConversation, setHuman, type Conversation } from "../tables/conversations.ts";
import { readReply } from "../tables/reply-row.ts";

/** @param now automations are paused at this time or not; ms since the epoch */
export function conversationPage(sql: Sql, query: ConversationQuery, now: number): Page<ConversationItem> {
  const { limit, cursor } = query;
  const filter = {
    search: query.search ?? null,
    heldAt: query.held === true ? now : null,
    before: cursor === undefined ? null : readCursor(cursor),
  };
  const found = listConversations(sql, filter, limit + 1);
  const items = found.slice(0, limit).map((row) => conversationItem(row, now));
  const last = items.at(-1);
  const nextCursor = found.length > limit && last !== undefined ? `${last.updatedAt}:${last.personId}` : null;
  return { items, nextCursor };
}

function conversationItem(conversation: Conversation, now: number): ConversationItem {
  const { humanUntil, humanBy, lastInboundAt, ...rest } = conversation;
  const held = humanUntil !== null && humanUntil > now;
  return {
    ...rest,
    lastInboundAt,
    // A comment opens no window for messages: each comment has the seven days of its private reply.
    windowClosesAt: lastInboundAt === null ? null : lastInboundAt + MESSAGE_WINDOW_MS,
    heldUntil: held ? humanUntil : null,
    heldBy: held ? humanBy : null,
  };
}

/** Resumes automations for this person. Null: the account does not know the person. */
export function handBack(sql: Sql, personId: string, now: number): ConversationItem | null {
  if (findConversation(sql, personId) === null) return null;
  setHuman(sql, personId, null, null, now);
  const conversation = findConversation(sql, personId);
  return conversation === null ? null : conversationItem(conversation, now);
}

/**
 * The newest items of a person's thread, oldest first; `cursor` goes further back. Null: the account does not know the
 * person.
 */
export function threadOf(
  sql: Sql,
  accountId: string,
  personId: string,
  query: { cursor?: string; limit: number },
  now: number,
): Thread | null {
  const conversation = findConversation(sql, personId);
  if (conversation === null) return null;
  const { limit } = query;
  const before = readThreadCursor(query.cursor);
  const events = eventsOfPerson(sql, personId, before.event, limit + 1).map((row) => fromEvent(sql, accountId, row));
  const replies = repliesToPerson(sql, personId, before.reply, limit + 1).map(fromReply);
  const { event, reply, shown } = newestOf(events, replies, limit);
  return {
    conversation: conversationItem(conversation, now),
    items: shown.toReversed().sort((a, b) => a.at - b.at),
    nextCursor:
      shown.length < events.length + replies.length ? `${event ?? before.event}:${reply ?? before.reply}` : null,
  };
}

/**
 * Merges two lists that are sorted newest first. Each list is consumed from its start, so that no row is skipped. A
 * reply with the same time as its event counts as newer.
 */
function newestOf(
  events: readonly Found[],
  replies: readonly Found[],
  limit: number,
): { event: number | null; reply: number | null; shown: ThreadItem[] } {
  const shown: ThreadItem[] = [];
  let eventPlace = 0;
  let replyPlace = 0;
  while (shown.length < limit) {
    const event = events[eventPlace];
    const reply = replies[replyPlace];
    if (event !== undefined && (reply === undefined || event.item.at > reply.item.at)) {
      shown.push(event.item);
      eventPlace++;
    } else if (reply !== undefined) {
      shown.push(reply.item);
      replyPlace++;
    } else break;
  }
  return { event: events[eventPlace - 1]?.seq ?? null, reply: replies[replyPlace - 1]?.seq ?? null, shown };
}

interface Found {
  seq: number;
  item: ThreadItem;
}

function fromEvent(sql: Sql, accountId: string, row: SqlRow): Found {
  const id = text(row, "id");
  const kind = text(row, "kind") as EventKind;
  const subject = subjectOfRow(sql, accountId, row);
  const mid = subject.messageId;
  const by = kind === "echo" ? (mid !== null && isOurMessage(sql, mid) ? "proof" : "account") : "person";
  return {
    seq: number(row, "seq"),
    item: {
      by,
      at: number(row, "received_at"),
      sentAt: null,
      kind,
      text: subject.text,
      eventId: id,
      replyId: null,
      state: null,
      reason: textOrNull(row, "blocked"),
      automationId: null,
    },
  };
}

function fromReply(row: SqlRow): Found {
  const reply = readReply(row);
  return {
    seq: number(row, "seq"),
    item: {
      by: "replyline",
      at: reply.createdAt,
      sentAt: reply.sentAt,
      kind: reply.kind,
      text: reply.message.text ?? null,
      eventId: reply.eventId,
      replyId: reply.id,
      state: reply.state,
      reason: reply.reason,
      automationId: reply.automationId,
    },
  };
}

function readCursor(cursor: string): { updatedAt: number; personId: string } {
  const [, updatedAt = "0", personId = ""] = /^(\d+):(.*)$/.exec(cursor) ?? [];
  return { updatedAt: Number(updatedAt), personId };
}

function readThreadCursor(cursor: string | undefined): { event: number; reply: number } {
  const start = Number.MAX_SAFE_INTEGER;
  if (cursor === undefined) return { event: start, reply: start };
  const [event = 0, reply = 0] = cursor.split(":").map(Number);
  return { event, reply };
}
