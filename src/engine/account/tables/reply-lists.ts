/** Lists of replies: pages, and places in the queue of a rate limit. */
import type { RateLimit, Reply, ReplyState } from "../../../core/reply/reply.ts";
import { first, number, text, type Sql, type SqlValue } from "../../storage/sql.ts";
import { WAITING } from "./due-replies.ts";
import { readReply } from "./reply-row.ts";

/** Which replies a list contains. */
interface Wanted {
  state: ReplyState | null;
  eventId: string | null;
  limit: number;
}

interface Listed {
  seq: number;
  reply: Reply;
}

/** Newest first; `before` is the `seq` of the last row of the page before. */
export function listReplies(sql: Sql, { before, ...wanted }: Wanted & { before: number }): Listed[] {
  return listed(sql, wanted, { behind: "seq < ?", values: [before], order: "seq DESC" });
}

export interface DueCursor {
  dueAt: number;
  seq: number;
}

/** The earliest due first; `after` is the last row of the page before. */
export function soonestReplies(sql: Sql, { after, ...wanted }: Wanted & { after: DueCursor }): Listed[] {
  const values = [after.dueAt, after.seq];
  return listed(sql, wanted, { behind: "(due_at, seq) > (?, ?)", values, order: "due_at, seq" });
}

function listed(
  sql: Sql,
  { state, eventId, limit }: Wanted,
  page: { behind: string; values: SqlValue[]; order: string },
): Listed[] {
  const conditions = [page.behind];
  const values = [...page.values];
  if (state !== null) {
    conditions.push("state = ?");
    values.push(state);
  }
  if (eventId !== null) {
    conditions.push("event_id = ?");
    values.push(eventId);
  }
  return sql
    .all(`SELECT * FROM replies WHERE ${conditions.join(" AND ")} ORDER BY ${page.order} LIMIT ?`, ...values, limit)
    .map((row) => ({ seq: number(row, "seq"), reply: readReply(row) }));
}

/** Rows of the rate limit that will still be sent, or tried again. */
export function countWaiting(sql: Sql, rateLimit: RateLimit): number {
  const row = first(sql, `SELECT count(*) AS n FROM replies WHERE lane = ? AND ${WAITING}`, rateLimit);
  return row === null ? 0 : number(row, "n");
}

/** How many rows of each group wait for a rate limit. */
export function waitingByGroup(sql: Sql, rateLimit: RateLimit): Map<string, number> {
  const rows = sql.all(
    `SELECT group_key, count(*) AS n FROM replies WHERE lane = ? AND ${WAITING} GROUP BY group_key`,
    rateLimit,
  );
  return new Map(rows.map((row) => [text(row, "group_key"), number(row, "n")]));
}

/** The rows' places in their groups' queues, from 1. */
export function placesInQueue(sql: Sql, rateLimit: RateLimit, ids: readonly string[]): Map<string, number> {
  const rows = sql.all(
    `SELECT id, place FROM (
       SELECT id, row_number() OVER (PARTITION BY group_key ORDER BY person_rank, expires_at, seq) AS place
       FROM replies WHERE lane = ? AND ${WAITING})
     WHERE id IN (SELECT value FROM json_each(?))`,
    rateLimit,
    JSON.stringify(ids),
  );
  return new Map(rows.map((row) => [text(row, "id"), number(row, "place")]));
}

/** One waiting row's place in its group's queue, from 1. */
export function placeInGroup(sql: Sql, rateLimit: RateLimit, reply: Pick<Reply, "id" | "groupKey">): number {
  const row = first(
    sql,
    `SELECT count(*) AS n FROM replies WHERE lane = ? AND group_key = ? AND ${WAITING}
       AND (person_rank, expires_at, seq) <= (SELECT person_rank, expires_at, seq FROM replies WHERE id = ?)`,
    rateLimit,
    reply.groupKey,
    reply.id,
  );
  return row === null ? 1 : number(row, "n");
}

/** How many rows are in each state, including states without rows. */
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
