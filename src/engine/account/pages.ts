/** The account's lists, as the API and the console show them. */
import { estimate, laneRules } from "../../core/reply/pace.ts";
import { LANES, type Reply } from "../../core/reply/reply.ts";
import { isWaiting } from "../../core/reply/step.ts";
import { text, type Sql } from "../storage/sql.ts";
import { laneOpenAt, standing } from "./agenda.ts";
import type { EventItem, EventQuery } from "./contract/event.ts";
import type { Page } from "./contract/page.ts";
import type { ReplyItem, ReplyQuery } from "./contract/reply.ts";
import type { LaneState } from "./contract/state.ts";
import type { AccountPorts } from "./ports.ts";
import { listEvents, type StoredEvent } from "./tables/events.ts";
import { callsInWindow, getLane } from "./tables/lanes.ts";
import { countWaiting, listReplies, placesInLane, waitingByGroup } from "./tables/reply-lists.ts";

/** The first page starts before everything. */
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
  return { ...rest, replyIds: replyIds.map((row) => text(row, "id")) };
}

export function replyPage(ports: AccountPorts, query: ReplyQuery): Page<ReplyItem> {
  const { limit } = query;
  const rows = listReplies(ports.sql, {
    state: query.state ?? null,
    eventId: query.eventId ?? null,
    before: readCursor(query.cursor),
    limit: limit + 1,
  });
  const estimates = estimatesOf(
    ports,
    rows.map(({ reply }) => reply),
  );
  return page(rows, limit, ({ reply }) => replyItem(reply, estimates.get(reply.id) ?? null));
}

export function oneReply(ports: AccountPorts, reply: Reply): ReplyItem {
  return replyItem(reply, estimatesOf(ports, [reply]).get(reply.id) ?? null);
}

export function laneStates(ports: AccountPorts): LaneState[] {
  const now = ports.now();
  const rules = laneRules(standing(ports, now).settings.pacing);
  return LANES.map((lane) => {
    const clock = getLane(ports.sql, lane);
    const rule = rules[lane];
    return {
      lane,
      used: callsInWindow(ports.sql, lane, rule, now),
      limit: rule.limit,
      windowMs: rule.windowMs,
      waiting: countWaiting(ports.sql, lane),
      openAt: laneOpenAt(ports.sql, lane, rule, clock, now),
    };
  });
}

function replyItem(reply: Reply, estimatedAt: number | null): ReplyItem {
  const { groupKey: _, wakeAt: __, cancelReason: ___, ...rest } = reply;
  return { ...rest, estimatedAt };
}

/**
 * When waiting replies will probably leave. Groups take turns, so a row's place in the lane is its place in its own
 * group, once for each group that is as long, plus the whole of those that are shorter.
 */
function estimatesOf(ports: AccountPorts, replies: readonly Reply[]): Map<string, number> {
  const now = ports.now();
  const estimates = new Map<string, number>();
  const rules = laneRules(standing(ports, now).settings.pacing);
  for (const lane of LANES) {
    const waiting = replies.filter((reply) => reply.lane === lane && isWaiting(reply));
    if (waiting.length === 0) continue;
    const clock = getLane(ports.sql, lane);
    const openAt = laneOpenAt(ports.sql, lane, rules[lane], clock, now);
    const groups = waitingByGroup(ports.sql, lane);
    const places = placesInLane(
      ports.sql,
      lane,
      waiting.map((reply) => reply.id),
    );
    for (const reply of waiting) {
      const place = places.get(reply.id) ?? 1;
      const ahead = aheadOf(groups, reply.groupKey, place);
      const leavesAt = estimate(rules[lane], clock, openAt, ahead, now);
      estimates.set(reply.id, Math.max(leavesAt, reply.wakeAt ?? 0));
    }
  }
  return estimates;
}

function aheadOf(groups: ReadonlyMap<string, number>, own: string, place: number): number {
  let ahead = place - 1;
  for (const [group, size] of groups) if (group !== own) ahead += Math.min(size, place);
  return ahead;
}

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
  // The API has checked it; a wrong one shows nothing rather than everything.
  return Number.isSafeInteger(seq) ? seq : 0;
}
