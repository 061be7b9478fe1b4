/** What may be asked of the Directory object: which accounts there are, and what could not be given to any of them. */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import type { Login, Platform } from "../../meta/graph/request.ts";
import type { Page } from "../account/contract/page.ts";
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

export interface DirectoryRpc {
  /** Lists the account, and notes that it has open work: the watchdog visits it until it says otherwise. */
  registerAwake(accountId: string, generation: number, summary: Partial<AccountSummary>): Promise<void>;
  syncSummary(accountId: string, summary: Partial<AccountSummary>): Promise<void>;
  /**
   * The account is in no list any more. `leaves` says what it still holds: with its configuration it is parked, and found by
   * its owners until they ask for deletion or somebody connects it anew.
   */
  forget(accountId: string, leaves: "configuration" | "nothing"): Promise<void>;
  /** The watchdog's round: accounts with open work that were not visited lately. Removes what has expired. */
  toVisit(): Promise<string[]>;
  /** What a visited account answered; one with nothing open is left alone until it announces itself again. */
  visited(accountId: string, answer: { open: number; generation: number }): Promise<void>;
  account(accountId: string): Promise<AccountItem | null>;
  accounts(query: AccountQuery): Promise<Page<AccountItem>>;
  /** Other connected accounts under the same subscription at Meta: a Page, and the Instagram account behind it. */
  sharing(accountId: string): Promise<string[]>;

  quarantine(events: MetaEvent[]): Promise<void>;
  quarantined(query: { cursor?: string; limit: number }): Promise<Page<QuarantineItem>>;
  quarantineItem(id: string): Promise<QuarantineItem | null>;
  /** Reads the kept body again with today's reader and hands its events to their accounts. Null: no such item. */
  replayQuarantined(id: string): Promise<{ events: number; stillUnreadable: number } | null>;

  storeDeadLetters(deadLetters: { event: QueuedEvent; attempts: number }[]): Promise<void>;
  deadLetters(query: { cursor?: string; limit: number }): Promise<Page<DeadLetter>>;
  /** Hands the event to its account once more. Null: no such letter. */
  replayDeadLetter(id: string): Promise<{ result: "new" | "duplicate" } | { error: string } | null>;

  /** Removes a kept delivery for good. @returns whether there was one */
  discardQuarantined(id: string): Promise<boolean>;
  discardDeadLetter(id: string): Promise<boolean>;
  /** How many letters wait, by account. */
  deadLettersByAccount(): Promise<Record<string, number>>;

  killSwitch(): Promise<KillSwitch>;
  /** Stops all sending, or lifts the stop; told to every account, now as far as time allows, then by the watchdog. */
  setKillSwitch(stop: Stop | null): Promise<KillSwitch>;
  /** Goes on telling the accounts that do not know yet. */
  propagateKillSwitch(): Promise<KillSwitch>;

  /** One more attempt at signing in, or one more wrong token at the API; refused after too many from one client. */
  trySignIn(client: string): Promise<{ allowed: boolean; retryAfterSeconds: number }>;
  /** The client knew the token: its attempts are forgotten. */
  forgiveSignIn(client: string): Promise<void>;

  /** Tries every waiting letter once more. */
  redrive(): Promise<{ redriven: number }>;

  /** Whose account this is, by app-scoped ids; replaces what is known, or adds to it. */
  own(accountId: string, ownerIds: string[], add?: boolean): Promise<void>;
  /** Accounts of the person with this app-scoped id, parked ones too, or the account that has this id itself. */
  ownedBy(ownerId: string): Promise<string[]>;

  beginStep(step: ConnectStep): Promise<void>;
  /** Takes the step away. Null: none, too old, or another browser's. */
  takeStep(hash: string, browser: string): Promise<ConnectStep | null>;

  createInvite(invite: Pick<Invite, "id" | "login" | "label" | "expiresAt">): Promise<Invite>;
  invite(id: string): Promise<Invite | null>;
  invites(query: { cursor?: string; limit: number }): Promise<Page<Invite>>;
  revokeInvite(id: string): Promise<boolean>;
  /** Uses it up. False: it is used, revoked or expired already. */
  claimInvite(id: string): Promise<boolean>;
  /** What came of it; no account: it can be used again. */
  settleInvite(id: string, accountIds: string[]): Promise<void>;

  /** The same `key` gives the same erasure again. */
  requestErasure(wanted: { code: string; key: string; kind: ErasureKind; subject: string }): Promise<Erasure>;
  erasure(code: string): Promise<Erasure | null>;
  openErasures(limit: number): Promise<OpenErasure[]>;
  /** The next accounts to ask about the person; none: the sweep is through. */
  erasureSweep(code: string, limit: number): Promise<string[]>;
  advanceErasure(code: string, step: { accountDone?: string; cursor?: string | null; people?: number }): Promise<void>;
  /** Removes kept deliveries and letters of this account, or with this id in them. */
  eraseFailedEvents(id: string): Promise<{ removed: number }>;

  recordQueue(queue: string, figures: QueueFigures): Promise<void>;
  health(): Promise<Health>;
  /** Connected accounts: held ones first, then those whose token ends soonest or that have had no event. */
  troubled(limit: number): Promise<AccountItem[]>;
  /** Accounts whose subscription should be compared now, after an outage. */
  toAudit(limit: number): Promise<string[]>;

  counts(): Promise<{ accounts: number; connected: number; quarantined: number; deadLetters: number }>;
}
