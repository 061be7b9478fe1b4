/**
 * When the token and the subscription are checked next. The checks are in connection/token-refresh.ts and
 * connection/subscription-repair.ts.
 */
import { DAY_MS } from "../../core/time.ts";
import type { Sql } from "../storage/sql.ts";
import {
  newToken,
  nextTokenTask,
  TOKEN_UNREADABLE,
  type TokenRecord,
  type TokenTask,
} from "./connection/token-schedule.ts";
import { getValue } from "./tables/settings.ts";

/** A key that was removed too early returns with the next deploy. Checking for it needs no call. */
const UNREADABLE_EVERY_MS = 10 * 60_000;

/** The stored facts about the token. If an older version stored none, they come from the profile. */
export function tokenRecord(sql: Sql): TokenRecord | null {
  const profile = getValue(sql, "profile");
  if (profile === null) return null;
  const { connectedAt, tokenExpiresAt } = profile;
  return getValue(sql, "token") ?? newToken(connectedAt, { tokenExpiresAt: tokenExpiresAt ?? undefined });
}

/** The token's next task and its time. Null: there is no token. */
export function tokenTask(sql: Sql): TokenTask | null {
  const profile = getValue(sql, "profile");
  const record = tokenRecord(sql);
  if (profile === null || record === null) return null;
  const task = nextTokenTask(profile.login, record);
  const hold = getValue(sql, "hold");
  if (hold?.code !== TOKEN_UNREADABLE) return task;
  const triedAt = Math.max(hold.since, record.failedAt ?? 0);
  return { do: "check", at: Math.min(task.at, triedAt + UNREADABLE_EVERY_MS) };
}

/** Null: no fields were ever requested. */
export function subscriptionCheckAt(sql: Sql): number | null {
  const record = getValue(sql, "subscription");
  if (record === null || getValue(sql, "profile") === null) return null;
  return record.askAt ?? (record.checkedAt ?? record.setAt) + DAY_MS;
}
