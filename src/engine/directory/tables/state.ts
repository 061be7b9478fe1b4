/** The Directory's few single values. */
import { first, json, type Sql } from "../../storage/sql.ts";
import type { QueueFigures } from "../contract.ts";

interface Values {
  /** When the newest event of any account was received. */
  pulse: { eventAt: number };
  /** Every account's subscription is being compared: up to which id it has come. */
  audit: { cursor: string };
  /** Dead letters are tried again from then on, beginning behind this account. */
  redrive: { dueAt: number; after: string };
  /** Both queues, as the newest batches told. */
  queues: Record<string, QueueFigures>;
}

export function getState<K extends keyof Values>(sql: Sql, key: K): Values[K] | null {
  const row = first(sql, "SELECT value FROM state WHERE key = ?", key);
  return row === null ? null : (json(row, "value") as Values[K]);
}

/** @param value null removes the key */
export function setState<K extends keyof Values>(sql: Sql, key: K, value: Values[K] | null): void {
  if (value === null) sql.all("DELETE FROM state WHERE key = ?", key);
  else sql.all("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", key, JSON.stringify(value));
}
