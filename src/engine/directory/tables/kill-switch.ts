/** The incident switch: whether all sending is stopped, and which accounts have heard of it. */
import type { Stop } from "../../../api/kill-switch.ts";
import { first, number, numberOrNull, text, type Sql } from "../../storage/sql.ts";
import type { KillSwitch } from "../../../api/kill-switch.ts";

export interface CurrentKillSwitch {
  /** Goes up with each change; an account that has the newest one has heard it. */
  generation: number;
  stop: Stop | null;
  /** Every account has heard it: nothing to look for. */
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

/** Accounts that have not heard the newest word; when there are none, that is written down. */
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

/** Whether this account has yet to hear the newest word, be it a stop or its end; if so, there is somebody to look for. */
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
