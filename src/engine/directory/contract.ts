/** What may be asked of the Directory object: which accounts there are, and what could not be given to any of them. */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import type { Login, Page, Platform, Stop } from "../account/contract.ts";

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
export type AccountNote = Omit<AccountItem, "id" | "firstSeenAt">;

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
export interface Incident {
  stop: Stop | null;
  accounts: number;
  told: number;
}

export interface DirectoryRpc {
  /** Lists the account, and notes that it has open work: the watchdog visits it until it says otherwise. */
  announce(accountId: string, generation: number, note: Partial<AccountNote>): Promise<void>;
  note(accountId: string, note: Partial<AccountNote>): Promise<void>;
  forget(accountId: string): Promise<void>;
  /** The watchdog's round: accounts with open work that were not visited lately. */
  toVisit(): Promise<string[]>;
  /** What a visited account answered; one with nothing open is left alone until it announces itself again. */
  visited(accountId: string, answer: { open: number; generation: number }): Promise<void>;
  account(accountId: string): Promise<AccountItem | null>;
  accounts(query: AccountQuery): Promise<Page<AccountItem>>;

  quarantine(events: MetaEvent[]): Promise<void>;
  quarantined(query: { cursor?: string; limit: number }): Promise<Page<QuarantineItem>>;
  quarantineItem(id: string): Promise<QuarantineItem | null>;
  /** Reads the kept body again with today's reader and hands its events to their accounts. Null: no such item. */
  replayQuarantined(id: string): Promise<{ events: number; stillUnreadable: number } | null>;

  bury(letters: { event: QueuedEvent; attempts: number }[]): Promise<void>;
  deadLetters(query: { cursor?: string; limit: number }): Promise<Page<DeadLetter>>;
  /** Hands the event to its account once more. Null: no such letter. */
  replayDeadLetter(id: string): Promise<{ result: "new" | "duplicate" } | { error: string } | null>;

  /** Removes a kept delivery for good. @returns whether there was one */
  discardQuarantined(id: string): Promise<boolean>;
  discardDeadLetter(id: string): Promise<boolean>;
  /** How many letters wait, by account. */
  lettersByAccount(): Promise<Record<string, number>>;

  incident(): Promise<Incident>;
  /** Stops all sending, or lifts the stop; told to every account, now as far as time allows, then by the watchdog. */
  setIncident(stop: Stop | null): Promise<Incident>;
  /** Goes on telling the accounts that do not know yet. */
  spreadIncident(): Promise<Incident>;

  /** One more attempt at signing in; refused after too many from one client. */
  trySignIn(client: string): Promise<{ allowed: boolean; retryAfterSeconds: number }>;
  /** The client knew the token: its attempts are forgotten. */
  forgiveSignIn(client: string): Promise<void>;

  /** Tries every waiting letter once more. */
  redrive(): Promise<{ redriven: number }>;

  counts(): Promise<{ accounts: number; connected: number; quarantined: number; deadLetters: number }>;
}
