/** The Directory's single values. */
import { first, json, type Sql } from "../../storage/sql.ts";
import type { QueueFigures } from "../contract.ts";

interface Values {
  /** When the newest event of any account was received. */
  pulse: { eventAt: number };
  /** The check of every account's subscription: the last account checked so far. */
  audit: { cursor: string };
  /** When dead letters are retried next, and the account after which the round continues. */
  redrive: { dueAt: number; after: string };
  /** Both queues, from the newest batches. */
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
