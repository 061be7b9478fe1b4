/** The kill switch: whether all sending is stopped, and which accounts have the current state. */
import type { Stop } from "../../../api/kill-switch.ts";
import { first, number, numberOrNull, text, type Sql } from "../../storage/sql.ts";
import type { KillSwitch } from "../../../api/kill-switch.ts";

export interface CurrentKillSwitch {
  /** Increases with each change. An account with the newest generation has the current state. */
  generation: number;
  stop: Stop | null;
  /** Every account has the current state. */
  propagated: boolean;
}

export function currentKillSwitch(sql: Sql): CurrentKillSwitch {
  const row = first(sql, "SELECT * FROM incident");
  if (row === null) return { generation: 0, stop: null, propagated: true };
  const since = numberOrNull(row, "stopped_at");
  return {
    generation: number(row, "generation"),
    stop: since === null ? null : { since, reason: text(row, "reason") },
    propagated: number(row, "spread") === 1,
  };
}

export function storeKillSwitch(sql: Sql, stop: Stop | null): void {
  const { generation } = currentKillSwitch(sql);
  sql.all("DELETE FROM incident");
  sql.all(
    "INSERT INTO incident (generation, stopped_at, reason, spread) VALUES (?, ?, ?, 0)",
    generation + 1,
    stop?.since ?? null,
    stop?.reason ?? "",
  );
}

/** Accounts without the current state. If there are none, that is stored. */
export function unacknowledgedAccounts(sql: Sql, limit: number): string[] {
  const { generation, propagated } = currentKillSwitch(sql);
  if (propagated) return [];
  const rows = sql.all("SELECT id FROM accounts WHERE incident <> ? LIMIT ?", generation, limit);
  if (rows.length === 0) sql.all("UPDATE incident SET spread = 1");
  return rows.map((row) => text(row, "id"));
}

export function markAcknowledged(sql: Sql, accountId: string, generation: number): void {
  sql.all("UPDATE accounts SET incident = ? WHERE id = ?", generation, accountId);
}

/** Whether this account does not have the current state, a stop or its end. If so, propagation starts again. */
export function isUnacknowledged(sql: Sql, accountId: string): boolean {
  const { generation } = currentKillSwitch(sql);
  const row = first(sql, "SELECT incident FROM accounts WHERE id = ?", accountId);
  const unacknowledged = row !== null && number(row, "incident") !== generation;
  if (unacknowledged) sql.all("UPDATE incident SET spread = 0");
  return unacknowledged;
}

export function readKillSwitch(sql: Sql): KillSwitch {
  const { generation, stop } = currentKillSwitch(sql);
  const row = first(
    sql,
    "SELECT count(*) AS accounts, coalesce(sum(incident = ?), 0) AS told FROM accounts",
    generation,
  );
  return {
    stop,
    accounts: row === null ? 0 : number(row, "accounts"),
    told: row === null ? 0 : number(row, "told"),
  };
}
