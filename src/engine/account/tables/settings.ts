/** The account's single values: settings, profile, hold, and what the Directory already knows. */
import { DEFAULT_SETTINGS, mergeSettings, type Settings } from "../../../core/settings.ts";
import { first, json, type Sql } from "../../storage/sql.ts";
import type { TokenRecord } from "../connection/token-schedule.ts";
import type { Profile } from "../../../api/account.ts";
import type { Hold } from "../../../api/account.ts";
import type { Stop } from "../../../api/kill-switch.ts";

/** Every key of the table with the type of its value. docs/storage.md describes them. */
export interface SettingValues {
  account: string;
  settings: Settings;
  profile: Profile;
  hold: Hold;
  /** Ids of the account other than that of its webhooks, learned from its own comments and from Meta. */
  ownIds: string[];
  /** The last different replies in a row that Meta refused with one code, no success between them. */
  refusals: { code: string; replyIds: string[] };
  /** Pictures inside albums: the post that each belongs to, and comments that are decided again after a read. */
  posts: {
    known: { mediaId: string; postId: string }[];
    waiting: { eventId: string; mediaId: string; commentId: string; since: number }[];
    nextReadAt: number;
  };
  /** When public replies last reached their limit in a thread or for a person, and how often in that day. */
  publicReplyLimit: { at: number; count: number };
  /** When an automatic reply of Meta's was last seen, and how many since `since`. */
  automaticReplies: { at: number; since: number; count: number };
  /** All sending, of every account, is stopped by hand. */
  stop: Stop;
  /** `done`: the Directory knows that there is open work. Each registration gets a new generation. */
  announced: { generation: number; done: boolean };
  /** When the Directory last got this account's summary. */
  noted: { at: number };
  /** When each maintenance task is due. `noteAt` null: the Directory is up to date. */
  chores: { pruneAt: number; reconcileAt: number; noteAt: number | null };
  /** What is known about the token; the token itself is in `credentials`. */
  token: TokenRecord;
  /** The requested webhook fields, and whether Meta still sends them. */
  subscription: SubscriptionRecord;
  /** When the account was erased; older events are not accepted again. `returned`: it was connected since then. */
  erased: { at: number; returned?: boolean | undefined };
  /**
   * The reconciler: it ignores what came before `since`. `media` and `after`, and `conversations`: the rest of the
   * current round, which started at `begunAt`. `readAt`: when the last complete round started. `refused`: the codes with
   * which Meta refused a read; it is left out until the next connection.
   */
  reconcile: {
    since: number;
    media: string[];
    after: string | null;
    conversations?: { after: string | null; reads: number } | null | undefined;
    begunAt?: number | undefined;
    readAt?: number | undefined;
    refused?: { comments?: string; messages?: string } | undefined;
  };
  /** The reconciler's calls of the Graph API and what it found, for each of the last days. `at`: the start, UTC. */
  reconcilerDays: { at: number; calls: number; found: number }[];
}

export interface SubscriptionRecord {
  wanted: string[];
  /** When these were requested. */
  setAt: number;
  checkedAt: number | null;
  /** When to check next, if that is not one day after the last check. */
  askAt: number | null;
  state: "ok" | "repaired" | "missing" | "refused";
  missing: string[];
  /** Meta's code, if it refused. */
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

/** The account was erased and not connected since. It is in no list, and accepts no events. */
export function isForgotten(sql: Sql): boolean {
  const erased = getValue(sql, "erased");
  return erased !== null && erased.returned !== true && getValue(sql, "profile") === null;
}

/** Marks an erased account as connected again. From now on it is handled like any other account. */
export function markReconnected(sql: Sql): void {
  const erased = getValue(sql, "erased");
  if (erased !== null) setValue(sql, "erased", { ...erased, returned: true });
}

/**
 * The account's settings, with defaults for values that were never set. `deferSeconds` is the deployment's
 * REPLY_DEFER_SECONDS.
 */
export function getSettings(sql: Sql, deferSeconds: number): Settings {
  const stored = getValue(sql, "settings");
  const defaults = { ...DEFAULT_SETTINGS, deferSeconds };
  if (stored === null) return defaults;
  // A setting added by a later version has no stored value yet.
  return mergeSettings(defaults, stored);
}
