/** One row per account, connected or not. */
import {
  first,
  number,
  numberOrNull,
  text,
  textOrNull,
  type Sql,
  type SqlRow,
  type SqlValue,
} from "../../storage/sql.ts";
import type { Login, Platform } from "../../../meta/graph/request.ts";
import type { AccountItem } from "../../../api/account.ts";
import type { AccountSummary, AccountQuery } from "../contract.ts";

const EMPTY: Omit<AccountSummary, "sendAs"> = {
  connected: false,
  platform: null,
  login: null,
  username: null,
  tokenExpiresAt: null,
  lastEventAt: null,
  lastReplyAt: null,
  openReplies: 0,
  hold: null,
  sending: "on",
};

/** Updates the account's summary, and lists the account. */
export function putAccount(sql: Sql, id: string, summary: Partial<AccountSummary>, now: number): void {
  const known = findAccount(sql, id);
  const next = { ...(known ?? EMPTY), ...summary };
  sql.all(
    `INSERT INTO accounts (id, connected, platform, login, username, token_expires_at, first_seen_at, last_event_at,
       last_reply_at, open_replies, hold, sending, awake, generation, visited_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
     ON CONFLICT (id) DO UPDATE SET
       connected = excluded.connected, platform = excluded.platform, login = excluded.login,
       username = excluded.username, token_expires_at = excluded.token_expires_at,
       last_event_at = excluded.last_event_at, last_reply_at = excluded.last_reply_at,
       open_replies = excluded.open_replies, hold = excluded.hold, sending = excluded.sending`,
    id,
    next.connected ? 1 : 0,
    next.platform,
    next.login,
    next.username,
    next.tokenExpiresAt,
    known?.firstSeenAt ?? now,
    next.lastEventAt,
    next.lastReplyAt,
    next.openReplies,
    next.hold,
    next.sending,
  );
  if (summary.sendAs !== undefined) sql.all("UPDATE accounts SET send_as = ? WHERE id = ?", summary.sendAs, id);
}

/** Other connected accounts that share the Page's subscription at Meta. */
export function accountsSharing(sql: Sql, id: string): string[] {
  return sql
    .all(
      `SELECT id FROM accounts WHERE connected = 1 AND id <> ?
         AND coalesce(send_as, id) = (SELECT coalesce(send_as, id) FROM accounts WHERE id = ?) ORDER BY id`,
      id,
      id,
    )
    .map((row) => text(row, "id"));
}

/** The watchdog visits the account from now on. */
export function setAwake(sql: Sql, id: string, generation: number, now: number): void {
  sql.all("UPDATE accounts SET awake = 1, generation = ?, visited_at = ? WHERE id = ?", generation, now, id);
}

/** The watchdog no longer visits the account, unless it registered again since then. */
export function setAsleep(sql: Sql, id: string, generation: number): void {
  sql.all("UPDATE accounts SET awake = 0, open_replies = 0 WHERE id = ? AND generation <= ?", id, generation);
}

/** Accounts with open work, the least recently visited first. They are marked as visited. */
export function takeAwake(sql: Sql, visitedBefore: number, limit: number, now: number): string[] {
  const rows = sql.all(
    "SELECT id FROM accounts WHERE awake = 1 AND visited_at <= ? ORDER BY visited_at LIMIT ?",
    visitedBefore,
    limit,
  );
  const ids = rows.map((row) => text(row, "id"));
  for (const id of ids) sql.all("UPDATE accounts SET visited_at = ? WHERE id = ?", now, id);
  return ids;
}

export function deleteAccount(sql: Sql, id: string): void {
  sql.all("DELETE FROM accounts WHERE id = ?", id);
}

export function findAccount(sql: Sql, id: string): AccountItem | null {
  const row = first(sql, "SELECT * FROM accounts WHERE id = ?", id);
  return row === null ? null : readAccount(row);
}

/** By id, ascending: the order does not change with the summaries. The cursor is the last id of the page before. */
export function listAccounts(sql: Sql, query: AccountQuery, limit: number): AccountItem[] {
  const conditions = ["id > ?"];
  const values: SqlValue[] = [query.cursor ?? ""];
  if (query.connected !== undefined) {
    conditions.push("connected = ?");
    values.push(query.connected ? 1 : 0);
  }
  if (query.search !== undefined && query.search !== "") {
    // instr instead of LIKE: a username may contain `_`, and patterns are limited to 50 bytes.
    conditions.push("(instr(id, ?) > 0 OR instr(lower(coalesce(username, '')), ?) > 0)");
    values.push(query.search, query.search.toLowerCase());
  }
  return sql
    .all(`SELECT * FROM accounts WHERE ${conditions.join(" AND ")} ORDER BY id LIMIT ?`, ...values, limit)
    .map(readAccount);
}

/** Connected accounts, those that need action first. */
export function troubledAccounts(sql: Sql, limit: number): AccountItem[] {
  return sql
    .all(
      `SELECT * FROM accounts WHERE connected = 1
       ORDER BY hold IS NULL, last_event_at IS NOT NULL, coalesce(token_expires_at, 9e15), id LIMIT ?`,
      limit,
    )
    .map(readAccount);
}

/** Number of known accounts, and of connected ones. */
export function countAccounts(sql: Sql): { accounts: number; connected: number } {
  const row = first(sql, "SELECT count(*) AS accounts, coalesce(sum(connected), 0) AS connected FROM accounts");
  return row === null
    ? { accounts: 0, connected: 0 }
    : { accounts: number(row, "accounts"), connected: number(row, "connected") };
}

function readAccount(row: SqlRow): AccountItem {
  return {
    id: text(row, "id"),
    connected: number(row, "connected") === 1,
    platform: textOrNull(row, "platform") as Platform | null,
    login: textOrNull(row, "login") as Login | null,
    username: textOrNull(row, "username"),
    tokenExpiresAt: numberOrNull(row, "token_expires_at"),
    firstSeenAt: number(row, "first_seen_at"),
    lastEventAt: numberOrNull(row, "last_event_at"),
    lastReplyAt: numberOrNull(row, "last_reply_at"),
    openReplies: number(row, "open_replies"),
    hold: textOrNull(row, "hold"),
    sending: text(row, "sending"),
  };
}
