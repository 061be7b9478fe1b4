/** The account's lists for the API and the console. */
import { rateLimitRules } from "../../../core/reply/pacing.ts";
import { RATE_LIMITS, type Reply } from "../../../core/reply/reply.ts";
import { readSubject } from "../../../meta/subject.ts";
import { text, type Sql } from "../../storage/sql.ts";
import { rateLimitOpensAt, sendStatus } from "../alarm.ts";
import { type Answered, answeredBy, usernameOf } from "./reply-context.ts";
import type { EventItem } from "../../../api/event.ts";
import type { EventQuery } from "../contract.ts";
import type { Page } from "../../../api/building-blocks.ts";
import type { ReplyItem } from "../../../api/reply.ts";
import type { ReplyQuery } from "../contract.ts";
import type { RateLimitItem } from "../../../api/account.ts";
import type { Estimates } from "../outbox/estimates.ts";
import type { AccountPorts } from "../ports.ts";
import { listEvents, RECONCILER, type StoredEvent } from "../tables/events.ts";
import { callsInWindow, readRateLimit } from "../tables/rate-limits.ts";
import { countWaiting, type DueCursor, listReplies, soonestReplies } from "../tables/reply-lists.ts";
import { getValue } from "../tables/settings.ts";

/** The cursor of the first page. */
const START = Number.MAX_SAFE_INTEGER;

export function eventPage(ports: AccountPorts, accountId: string, query: EventQuery): Page<EventItem> {
  const { limit } = query;
  const before = readCursor(query.cursor);
  const rows = listEvents(ports.sql, accountId, { kind: query.kind ?? null, before, limit: limit + 1 });
  return page(rows, limit, (event) => eventItem(ports.sql, event));
}

export function eventItem(sql: Sql, event: StoredEvent): EventItem {
  const { seq: _, v: __, ...rest } = event;
  const replyIds = sql.all("SELECT id FROM replies WHERE event_id = ? ORDER BY seq", event.id);
  const { personId, username, text: words } = readSubject(event);
  return {
    ...rest,
    found: event.deliveryId === RECONCILER,
    personId,
    username: username ?? usernameOf(sql, personId),
    text: words,
    replyIds: replyIds.map((row) => text(row, "id")),
  };
}

export function replyPage(ports: AccountPorts, estimates: Estimates, query: ReplyQuery): Page<ReplyItem> {
  const { limit } = query;
  const wanted = { state: query.state ?? null, eventId: query.eventId ?? null, limit: limit + 1 };
  const soonest = query.order === "due";
  const rows = soonest
    ? soonestReplies(ports.sql, { ...wanted, after: readDueCursor(query.cursor) })
    : listReplies(ports.sql, { ...wanted, before: readCursor(query.cursor) });
  const replies = rows.slice(0, limit).map(({ reply }) => reply);
  const items = replyItems(ports, replies, estimates.ofList(replies));
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
  return { items, nextCursor: soonest ? `${last.reply.dueAt}.${last.seq}` : String(last.seq) };
}

export function oneReply(ports: AccountPorts, reply: Reply, estimatedAt: number | null): ReplyItem {
  const answered = answeredBy(ports.sql, accountOf(ports), [reply]).get(reply.id);
  return replyItem(reply, estimatedAt, answered);
}

export function replyItems(
  ports: AccountPorts,
  replies: readonly Reply[],
  estimates: ReadonlyMap<string, number>,
): ReplyItem[] {
  const answered = answeredBy(ports.sql, accountOf(ports), replies);
  return replies.map((reply) => replyItem(reply, estimates.get(reply.id) ?? null, answered.get(reply.id)));
}

export function rateLimitItems(ports: AccountPorts): RateLimitItem[] {
  const now = ports.now();
  const rules = rateLimitRules(sendStatus(ports, now).settings.pacing);
  return RATE_LIMITS.map((rateLimit) => {
    const clock = readRateLimit(ports.sql, rateLimit);
    const rule = rules[rateLimit];
    return {
      lane: rateLimit,
      used: callsInWindow(ports.sql, rateLimit, rule, now),
      limit: rule.limit,
      windowMs: rule.windowMs,
      waiting: countWaiting(ports.sql, rateLimit),
      openAt: rateLimitOpensAt(ports.sql, rateLimit, rule, clock, now),
    };
  });
}

function replyItem(reply: Reply, estimatedAt: number | null, answered?: Answered): ReplyItem {
  const {
    groupKey: _group,
    wakeAt: _wakeAt,
    cancelReason: _cancelReason,
    whenRefused: _whenRefused,
    thread: _thread,
    byPerson: _byPerson,
    heldAt: _heldAt,
    rateLimit,
    ...rest
  } = reply;
  return {
    ...rest,
    lane: rateLimit,
    estimatedAt,
    username: answered?.username ?? null,
    eventText: answered?.eventText ?? null,
  };
}

const accountOf = (ports: AccountPorts): string => getValue(ports.sql, "account") ?? "";

function page<Row extends { seq: number }, Item>(rows: Row[], limit: number, toItem: (row: Row) => Item): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? String(last.seq) : null,
  };
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return START;
  const seq = Number(cursor);
  // The API has validated the cursor. An invalid one returns no rows instead of all.
  return Number.isSafeInteger(seq) ? seq : 0;
}

/** `dueAt.seq` of the last row of the page before. */
function readDueCursor(cursor: string | undefined): DueCursor {
  const [dueAt = -1, seq = -1] = cursor === undefined ? [] : cursor.split(".").map(Number);
  return Number.isSafeInteger(dueAt) && Number.isSafeInteger(seq) ? { dueAt, seq } : { dueAt: START, seq: START };
}
