/** The account's few single values: settings, profile, hold, and what it has told the Directory. */
import { DEFAULT_SETTINGS, mergeSettings, type Settings } from "../../../core/settings.ts";
import { first, json, type Sql } from "../../storage/sql.ts";
import type { TokenRecord } from "../connection/token-schedule.ts";
import type { Profile } from "../../../api/account.ts";
import type { Hold } from "../../../api/account.ts";
import type { Stop } from "../../../api/kill-switch.ts";

/** Every key of the table with the type of its value. storage.md describes them. */
export interface SettingValues {
  account: string;
  settings: Settings;
  profile: Profile;
  hold: Hold;
  /** Ids of the account other than that of its webhooks, learned from its own comments and from Meta. */
  ownIds: string[];
  /** The last different replies in a row that Meta refused with one code, no success between them. */
  refusals: { code: string; replyIds: string[] };
  /** When public replies last reached their limit in a thread or for a person, and how often in that day. */
  publicReplyLimit: { at: number; count: number };
  /** When an automatic reply of Meta's was last seen, and how many since `since`. */
  automaticReplies: { at: number; since: number; count: number };
  /** All sending, of every account, is stopped by hand. */
  stop: Stop;
  /** `done`: the Directory knows that there is open work. A new announcement gets a new generation. */
  announced: { generation: number; done: boolean };
  /** When the Directory last got this account's figures. */
  noted: { at: number };
  /** When each piece of housekeeping is due. `noteAt` null: the Directory is up to date. */
  chores: { pruneAt: number; reconcileAt: number; noteAt: number | null };
  /** What is known about the token; the token itself is in `credentials`. */
  token: TokenRecord;
  /** The webhook fields that were asked for, and whether Meta still sends them. */
  subscription: SubscriptionRecord;
  /** The account was erased at that time; nothing from before it is taken in again. `returned`: it was connected since. */
  erased: { at: number; returned?: boolean | undefined };
  /**
   * The reconciler: comments from before `since` are none of its business; what is left of the present round, which began
   * at `begunAt`; and when the last one that was read whole began.
   */
  reconcile: {
    since: number;
    media: string[];
    after: string | null;
    begunAt?: number | undefined;
    readAt?: number | undefined;
  };
}

export interface SubscriptionRecord {
  wanted: string[];
  /** When these were asked for. */
  setAt: number;
  checkedAt: number | null;
  /** When to compare next, where it is not a day after the last time. */
  askAt: number | null;
  state: "ok" | "repaired" | "missing" | "refused";
  missing: string[];
  /** Meta's code, where it refused. */
  code: string | null;
}

export function getValue<K extends keyof SettingValues>(sql: Sql, key: K): SettingValues[K] | null {
  const row = first(sql, "SELECT value FROM settings WHERE key = ?", key);
  return row === null ? null : (json(row, "value") as SettingValues[K]);
}

/** @param value null removes the key */
export function setValue<K extends keyof SettingValues>(sql: Sql, key: K, value: SettingValues[K] | null): void {
  if (value === null) sql.all("DELETE FROM settings WHERE key = ?", key);
  else sql.all("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", key, JSON.stringify(value));
}

/** The account was erased, and nobody has connected it since: it is in no list, and takes nothing in. */
export function isForgotten(sql: Sql): boolean {
  const erased = getValue(sql, "erased");
  return erased !== null && erased.returned !== true && getValue(sql, "profile") === null;
}

/** It is connected, or was until now: one that was erased before is an account like any other again. */
export function markReconnected(sql: Sql): void {
  const erased = getValue(sql, "erased");
  if (erased !== null) setValue(sql, "erased", { ...erased, returned: true });
}

/** The account's settings; what was never set has the default. `deferSeconds` is the deployment's REPLY_DEFER_SECONDS. */
export function getSettings(sql: Sql, deferSeconds: number): Settings {
  const stored = getValue(sql, "settings");
  const defaults = { ...DEFAULT_SETTINGS, deferSeconds };
  if (stored === null) return defaults;
  // A setting added by a later version has no stored value yet.
  return mergeSettings(defaults, stored);
}
