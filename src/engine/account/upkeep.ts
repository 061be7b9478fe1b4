/** When token and subscription want to be looked after next. What is done then stands in the two files of their names. */
import type { Sql } from "../storage/sql.ts";
import { newToken, nextTokenTask, type TokenRecord } from "../tokens/plan.ts";
import { getValue } from "./tables/settings.ts";

const DAY_MS = 86_400_000;

/** What is known about the token; of one stored by a version that wrote nothing down, what its profile tells. */
export function tokenRecord(sql: Sql): TokenRecord | null {
  const profile = getValue(sql, "profile");
  if (profile === null) return null;
  const { connectedAt, tokenExpiresAt } = profile;
  return getValue(sql, "token") ?? newToken(connectedAt, { tokenExpiresAt: tokenExpiresAt ?? undefined });
}

/** Null: there is no token. */
export function tokenCareAt(sql: Sql): number | null {
  const profile = getValue(sql, "profile");
  const record = tokenRecord(sql);
  return profile === null || record === null ? null : nextTokenTask(profile.login, record).at;
}

/** Null: nothing was ever asked for. */
export function subscriptionCareAt(sql: Sql): number | null {
  const record = getValue(sql, "subscription");
  if (record === null || getValue(sql, "profile") === null) return null;
  return record.askAt ?? (record.checkedAt ?? record.setAt) + DAY_MS;
}
