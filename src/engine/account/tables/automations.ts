/** All saved versions of the account's automations. The newest is active; older ones can be restored. */
import type { Automation } from "../../../core/automation/automation.ts";
import { first, json, number, type Sql } from "../../storage/sql.ts";
import type { Versioned } from "../../../api/automation.ts";

/** Older versions are deleted. */
const KEPT_VERSIONS = 50;

/** The active version. Version 0 if nothing was saved yet. */
export function currentAutomations(sql: Sql): Versioned<Automation[]> {
  const row = first(sql, "SELECT * FROM automations ORDER BY version DESC LIMIT 1");
  if (row === null) return { version: 0, updatedAt: null, items: [] };
  return {
    version: number(row, "version"),
    updatedAt: number(row, "saved_at"),
    items: json(row, "items") as Automation[],
  };
}

/** Saves the whole list as the next version. To be called in a transaction. */
export function saveAutomations(sql: Sql, items: readonly Automation[], now: number): Versioned<Automation[]> {
  const version = currentAutomations(sql).version + 1;
  sql.all("INSERT INTO automations (version, saved_at, items) VALUES (?, ?, ?)", version, now, JSON.stringify(items));
  sql.all("DELETE FROM automations WHERE version <= ?", version - KEPT_VERSIONS);
  return currentAutomations(sql);
}

/** Newest first. */
export function automationVersions(sql: Sql): Versioned<Automation[]>[] {
  return sql.all("SELECT * FROM automations ORDER BY version DESC").map((row) => ({
    version: number(row, "version"),
    updatedAt: number(row, "saved_at"),
    items: json(row, "items") as Automation[],
  }));
}
