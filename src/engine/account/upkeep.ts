/** When token and subscription want to be looked after next. What is done then stands in the two files of their names. */
import type { Sql } from "../storage/sql.ts";
import { nextTokenTask } from "../tokens/plan.ts";
import { getValue } from "./tables/settings.ts";

const DAY_MS = 86_400_000;

/** Null: there is no token. */
export function tokenCareAt(sql: Sql): number | null {
  const profile = getValue(sql, "profile");
  const record = getValue(sql, "token");
  return profile === null || record === null ? null : nextTokenTask(profile.login, record).at;
}

/** Null: nothing was ever asked for. */
export function subscriptionCareAt(sql: Sql): number | null {
  const record = getValue(sql, "subscription");
  if (record === null || getValue(sql, "profile") === null) return null;
  return record.askAt ?? (record.checkedAt ?? record.setAt) + DAY_MS;
}
