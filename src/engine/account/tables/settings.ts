/** The account's few single values: settings, profile, hold, and what it has told the Directory. */
import { DEFAULT_SETTINGS, type Settings } from "../../../core/settings.ts";
import { first, json, type Sql } from "../../storage/sql.ts";
import type { Hold, Profile, Stop } from "../contract.ts";

/** Every key of the table with the type of its value. storage.md describes them. */
interface Values {
  account: string;
  settings: Settings;
  profile: Profile;
  hold: Hold;
  /** All sending, of every account, is stopped by hand. */
  stop: Stop;
  /** `done`: the Directory knows that there is open work. A new announcement gets a new generation. */
  announced: { generation: number; done: boolean };
  /** When the Directory last got this account's figures. */
  noted: { at: number };
  /** When each piece of housekeeping is due. `noteAt` null: the Directory is up to date. */
  chores: { pruneAt: number; reconcileAt: number; noteAt: number | null };
  /** The reconciler: older comments are none of its business; what is left of the present round. */
  reconcile: { since: number; media: string[]; after: string | null };
}

export function getValue<K extends keyof Values>(sql: Sql, key: K): Values[K] | null {
  const row = first(sql, "SELECT value FROM settings WHERE key = ?", key);
  return row === null ? null : (json(row, "value") as Values[K]);
}

export function setValue<K extends keyof Values>(sql: Sql, key: K, value: Values[K] | null): void {
  if (value === null) sql.all("DELETE FROM settings WHERE key = ?", key);
  else sql.all("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", key, JSON.stringify(value));
}

/** The account's settings; what was never set has the default. `deferSeconds` is the deployment's REPLY_DEFER_SECONDS. */
export function getSettings(sql: Sql, deferSeconds: number): Settings {
  const stored = getValue(sql, "settings");
  const defaults = { ...DEFAULT_SETTINGS, deferSeconds };
  if (stored === null) return defaults;
  // A setting added by a later version has no stored value yet.
  return {
    ...defaults,
    ...stored,
    pacing: { ...defaults.pacing, ...stored.pacing },
    takeover: { ...defaults.takeover, ...stored.takeover },
    reconcile: { ...defaults.reconcile, ...stored.reconcile },
  };
}
