/** The data of the pages, read by the engine from its objects. It contains no token. */
import type { Settings } from "../core/settings.ts";
import type { ReplyState } from "../core/reply/reply.ts";
import type { SendStatus, Stop } from "./send-status.ts";

export type Theme = "light" | "dark" | null;

/** Data for the frame around every page. */
export interface Frame {
  script: string;
  style: string;
  theme: Theme;
  /** How the reader is signed in. Signing out is possible for a session only. */
  via: "session" | "access" | "admin_token";
  email: string | null;
  stop: Stop | null;
  failedEvents: { quarantined: number; deadLetters: number };
  now: number;
}

export interface AccountCard {
  id: string;
  connected: boolean;
  platform: string | null;
  username: string | null;
  tokenExpiresAt: number | null;
  lastEventAt: number | null;
  lastReplyAt: number | null;
  openReplies: number;
  hold: string | null;
  sending: string;
}

export interface Hour {
  at: number;
  events: number;
  duplicates: number;
  replies: number;
  sent: number;
  failed: number;
}

export interface OverviewAccount extends AccountCard {
  deadLetters: number;
  /** Null: the account did not answer in time. */
  hours: Hour[] | null;
}

export interface Overview {
  accounts: OverviewAccount[];
  nextCursor: string | null;
  search: string;
  counts: { accounts: number; connected: number };
  /** How many accounts have acknowledged that all sending is paused, or on again. */
  killSwitch: { accounts: number; acknowledged: number };
}

export interface AccountHead extends AccountCard {
  state: {
    settings: Settings;
    hold: SendStatus["hold"];
    stop: SendStatus["stop"];
    lanes: { lane: string; used: number; limit: number; windowMs: number; waiting: number; openAt: number }[];
    events: number;
    replies: Record<ReplyState, number>;
  };
}

/** Limits of a text, for the preview in the editor. */
export interface TextLimits {
  message: { max: number; unit: "bytes" | "characters" };
  comment: { max: number; unit: "bytes" | "characters" };
  quickReplies: number;
}
