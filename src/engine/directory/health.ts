/** A summary of all accounts: one pass over one table, for any number of accounts. */
import { DAY_MS } from "../../core/time.ts";
import { first, number, numberOrNull, text, type Sql } from "../storage/sql.ts";
import type { Health } from "./contract.ts";
import { getState, setState } from "./tables/state.ts";

const WEEK_MS = 7 * DAY_MS;
const STRANGERS = 10;

export function accountHealth(sql: Sql, now: number): Omit<Health, "quarantined" | "deadLetters" | "queues"> {
  const row = first(
    sql,
    `SELECT count(*) AS accounts, coalesce(sum(connected), 0) AS connected,
       coalesce(sum(connected = 1 AND token_expires_at <= ?), 0) AS expiring,
       coalesce(sum(connected = 1 AND last_event_at IS NULL), 0) AS silent,
       max(last_event_at) AS last_event_at, max(last_reply_at) AS last_reply_at FROM accounts`,
    now + WEEK_MS,
  );
  if (row === null) throw new Error("the aggregate query returned no row");
  const held = sql.all(
    "SELECT hold, count(*) AS n FROM accounts WHERE connected = 1 AND hold IS NOT NULL GROUP BY hold",
  );
  const strangers = sql.all(
    `SELECT id, last_event_at FROM accounts WHERE connected = 0 AND last_event_at IS NOT NULL AND id <> '0'
     ORDER BY last_event_at DESC LIMIT ?`,
    STRANGERS,
  );
  return {
    accounts: number(row, "accounts"),
    connected: number(row, "connected"),
    held: Object.fromEntries(held.map((one) => [text(one, "hold"), number(one, "n")])),
    expiring: number(row, "expiring"),
    silent: number(row, "silent"),
    strangers: strangers.map((one) => ({ id: text(one, "id"), lastEventAt: number(one, "last_event_at") })),
    lastEventAt: numberOrNull(row, "last_event_at"),
    lastReplyAt: numberOrNull(row, "last_reply_at"),
  };
}

/** After an hour of failed deliveries Meta removes subscriptions (Messenger Platform, Webhooks). */
const SILENCE_MS = 3_600_000;

/**
 * Records that an event arrived at any account. The first event after more than an hour without events may be the end
 * of an outage, so every account's subscription is checked. If the deployment was only quiet, this costs one read per
 * account.
 */
export function detectOutage(sql: Sql, lastEventAt: number | null | undefined): void {
  if (lastEventAt == null) return;
  const before = getState(sql, "pulse")?.eventAt ?? null;
  if (before !== null && lastEventAt <= before) return;
  setState(sql, "pulse", { eventAt: lastEventAt });
  if (before !== null && lastEventAt - before > SILENCE_MS) setState(sql, "audit", { cursor: "" });
}
