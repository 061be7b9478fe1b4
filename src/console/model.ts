/** The data of the pages, read by the engine from its objects. It contains no token. */
import type { AccountItem } from "../api/account.ts";
import type { Day } from "../api/feed.ts";
import type { KillSwitch } from "../api/kill-switch.ts";

export type Theme = "light" | "dark" | null;

/** Data for the frame around every page. */
export interface Frame {
  script: string;
  style: string;
  theme: Theme;
  /** How the reader is signed in. Signing out is possible for a session only. */
  via: "session" | "access" | "admin_token";
  email: string | null;
  stop: KillSwitch["stop"];
  failedEvents: { quarantined: number; deadLetters: number };
  now: number;
}

export interface OverviewAccount extends AccountItem {
  deadLetters: number;
  /** Null: the account did not answer in time. */
  hours: Day["hours"] | null;
}

export interface Overview {
  accounts: OverviewAccount[];
  nextCursor: string | null;
  search: string;
  counts: { accounts: number; connected: number };
  /** How many accounts have acknowledged that all sending is paused, or on again. */
  killSwitch: { accounts: number; acknowledged: number };
}

/** Limits of a text, for the preview in the editor. */
export interface TextLimits {
  message: { max: number; unit: "bytes" | "characters" };
  comment: { max: number; unit: "bytes" | "characters" };
  quickReplies: number;
}
