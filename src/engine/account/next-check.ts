/** When token and subscription want to be looked after next. What is done then stands in the two files of their names. */
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

/** A key that was taken away too early comes back with the next deploy; looking for it costs no call. */
const UNREADABLE_EVERY_MS = 10 * 60_000;

/** What is known about the token; of one stored by a version that wrote nothing down, what its profile tells. */
export function tokenRecord(sql: Sql): TokenRecord | null {
  const profile = getValue(sql, "profile");
  if (profile === null) return null;
  const { connectedAt, tokenExpiresAt } = profile;
  return getValue(sql, "token") ?? newToken(connectedAt, { tokenExpiresAt: tokenExpiresAt ?? undefined });
}

/** What the token wants next, and when. Null: there is no token. */
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

/** Null: nothing was ever asked for. */
export function subscriptionCheckAt(sql: Sql): number | null {
  const record = getValue(sql, "subscription");
  if (record === null || getValue(sql, "profile") === null) return null;
  return record.askAt ?? (record.checkedAt ?? record.setAt) + DAY_MS;
}
