/** What the Directory object takes and gives: accounts as lists show them, failed events, logins, invites, erasures. */
import type { Login, Platform } from "../../meta/graph/request.ts";
import type { Stop } from "../account/contract/state.ts";

/** An account as lists show it. One that is not connected yet but receives events is listed too. */
export interface AccountItem {
  id: string;
  connected: boolean;
  platform: Platform | null;
  login: Login | null;
  username: string | null;
  tokenExpiresAt: number | null;
  firstSeenAt: number;
  /** Refreshed by the account about once a minute while it is busy. */
  lastEventAt: number | null;
  lastReplyAt: number | null;
  openReplies: number;
  /** `token`, `permission`, `blocked`, or null when nothing holds it. */
  hold: string | null;
  sending: string;
}

export interface AccountQuery {
  /** Part of the id or the username. */
  search?: string;
  connected?: boolean;
  cursor?: string;
  limit: number;
}

/** What an account tells the Directory about itself. */
export interface AccountSummary extends Omit<AccountItem, "id" | "firstSeenAt"> {
  /** The Page through which it sends; in no list. */
  sendAs: string | null;
}

/** A signed delivery, or one item of it, that could not be read. */
export interface QuarantineItem {
  id: string;
  accountId: string | null;
  reason: string;
  receivedAt: number;
  deliveryId: string;
  /** As received: text, or base64 where the bytes are not UTF-8. */
  encoding: "utf8" | "base64";
  body: string;
  replayedAt: number | null;
}

/** An event that the consumer could not deliver to its account within all its retries. */
export interface DeadLetter {
  id: string;
  eventId: string;
  accountId: string;
  kind: string;
  diedAt: number;
  attempts: number;
  replayedAt: number | null;
  raw: string;
}

/** Whether all sending is stopped by hand, and how many accounts know. */
export interface KillSwitch {
  stop: Stop | null;
  accounts: number;
  told: number;
}

/** A login on its way. `hash` and `browser` are hashes of what the person's browser holds. */
export interface ConnectStep {
  hash: string;
  browser: string;
  /** `login`: at Meta. `choose`: the person chooses Pages. */
  step: "login" | "choose";
  login: Login;
  redirectUri: string;
  inviteId: string | null;
  /** The user token while Pages are chosen, encrypted. */
  sealed: string | null;
  expiresAt: number;
}

export interface Invite {
  id: string;
  /** Null: the guest may choose. */
  login: Login | null;
  /** For whom it is; shown to the guest. */
  label: string | null;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
  revokedAt: number | null;
  /** What was connected with it. */
  accountIds: string[];
}

/** `deauthorize`: the app was removed. `deletion`: Meta passed a request on. `request`: somebody asked us directly. */
export type ErasureKind = "deauthorize" | "deletion" | "request";

export interface Erasure {
  /** The confirmation code. */
  code: string;
  kind: ErasureKind;
  requestedAt: number;
  /** Null: still under way. */
  finishedAt: number | null;
  /** Accounts erased as a whole, and accounts from which a person was erased. */
  erased: number;
  people: number;
}

/** What is left to do of an erasure. */
export interface OpenErasure extends Erasure {
  /** The person who is looked for; null: nobody. */
  subject: string | null;
  accounts: string[];
  /** Accounts with a larger id have still to be asked about the person; null: none. */
  cursor: string | null;
}

export interface QueueFigures {
  backlog: number;
  /** When the oldest waiting message was sent; null where the platform does not say. */
  oldestAt: number | null;
  /** When this was told. */
  at: number;
}

/** What the doctor asks of all accounts at once. */
export interface Health {
  accounts: number;
  connected: number;
  /** Connected, and held, by problem (`token`, `permission`, `blocked`). */
  held: Record<string, number>;
  /** Connected, with a token that dies within seven days. */
  expiring: number;
  /** Connected, and never an event. */
  silent: number;
  /** Not connected, but events arrive: the newest few. */
  strangers: { id: string; lastEventAt: number }[];
  lastEventAt: number | null;
  lastReplyAt: number | null;
  quarantined: number;
  deadLetters: number;
  queues: Record<string, QueueFigures>;
}
