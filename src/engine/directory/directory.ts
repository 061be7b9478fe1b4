/**
 * The Directory itself, without Cloudflare: which accounts there are, and what could not be given to any of them. One
 * method a call of the contract.
 */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import type { Page } from "../../api/building-blocks.ts";
import type { Stop, KillSwitch } from "../../api/kill-switch.ts";
import { migrate } from "../storage/migrate.ts";
import type { Sql } from "../storage/sql.ts";
import type { AccountItem } from "../../api/account.ts";
import type { AccountSummary, AccountQuery, ConnectStep, Health, OpenErasure, QueueFigures } from "./contract.ts";
import type { DeadLetter, QuarantineItem } from "../../api/failed-events.ts";
import type { Erasure, ErasureKind } from "../../api/privacy.ts";
import type { Invite } from "../../api/connect.ts";
import { eraseFailedEvents, nextToSweep, requestErasure, shownErasure, unfinishedErasures } from "./erasures.ts";
import { accountHealth, detectOutage } from "./health.ts";
import { propagateKillSwitch, notifyAccount } from "./kill-switch.ts";
import type { DirectoryPorts } from "./ports.ts";
import { redrive, replayDeadLetter, replayQuarantined } from "./replay.ts";
import { DIRECTORY_MIGRATIONS } from "./schema.ts";
import {
  accountsSharing,
  countAccounts,
  deleteAccount,
  findAccount,
  listAccounts,
  putAccount,
  setAsleep,
  setAwake,
  takeAwake,
  troubledAccounts,
} from "./tables/accounts.ts";
import { insertStep, pruneSteps, takeStep } from "./tables/connect-steps.ts";
import {
  countByAccount,
  countDeadLetters,
  deleteDeadLetter,
  insertDeadLetter,
  listDeadLetters,
} from "./tables/dead-letters.ts";
import { advanceErasure } from "./tables/erasures.ts";
import { isUnacknowledged, storeKillSwitch, readKillSwitch } from "./tables/kill-switch.ts";
import {
  claimInvite,
  findInvite,
  insertInvite,
  listInvites,
  pruneInvites,
  revokeInvite,
  settleInvite,
} from "./tables/invites.ts";
import { deleteOwners, ownedBy, setOwners } from "./tables/owners.ts";
import { isDeauthorized, markDeauthorized, clearDeauthorized } from "./tables/deauthorized.ts";
import {
  countQuarantined,
  deleteQuarantined,
  findQuarantined,
  insertQuarantined,
  listQuarantined,
} from "./tables/quarantine.ts";
import { forgetSignIns, pruneSignIns, trySignIn } from "./tables/sign-ins.ts";
import { getState, setState } from "./tables/state.ts";

/** An account with open work is visited at least this often. */
const VISIT_EVERY_MS = 120_000;
/** Accounts handed to one run of the watchdog. */
const VISITS = 500;

export class DirectoryCore {
  readonly #ports: DirectoryPorts;
  readonly #sql: Sql;

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
    this.#sql = ports.sql;
    migrate(ports.sql, DIRECTORY_MIGRATIONS);
  }

  /** Lists the account, and notes that it has open work: the watchdog visits it until it says otherwise. */
  registerAwake(accountId: string, generation: number, summary: Partial<AccountSummary>): void {
    this.#sql.transaction(() => {
      const now = this.#ports.now();
      this.#put(accountId, summary, now);
      setAwake(this.#sql, accountId, generation, now);
    });
    this.#tell(accountId);
  }

  syncSummary(accountId: string, summary: Partial<AccountSummary>): void {
    this.#sql.transaction(() => this.#put(accountId, summary, this.#ports.now()));
    this.#tell(accountId);
  }

  /** An account that is new, or was erased meanwhile, has to hear of a stop; one that still believes in it, of its end. */
  #tell(accountId: string): void {
    if (isUnacknowledged(this.#sql, accountId)) this.#ports.background?.(notifyAccount(this.#ports, accountId));
  }

  #put(accountId: string, summary: Partial<AccountSummary>, now: number): void {
    if (isDeauthorized(this.#sql, accountId)) {
      // Told before it was erased, and late on its way.
      if (summary.connected !== true) return;
      // It is connected anew, and whoever did that says whose it is now.
      clearDeauthorized(this.#sql, accountId);
      deleteOwners(this.#sql, accountId);
    }
    putAccount(this.#sql, accountId, summary, now);
    detectOutage(this.#sql, summary.lastEventAt);
  }

  /**
   * The account is in no list any more. `leaves` says what it still holds: with its configuration it is parked, and found by
   * its owners until they ask for deletion or somebody connects it anew.
   */
  forget(accountId: string, leaves: "configuration" | "nothing"): void {
    this.#sql.transaction(() => {
      // A round that comes after the whole erasure must not bring back what is forgotten for good.
      const known = findAccount(this.#sql, accountId) !== null || isDeauthorized(this.#sql, accountId);
      deleteAccount(this.#sql, accountId);
      if (leaves === "configuration" && known) {
        markDeauthorized(this.#sql, accountId, this.#ports.now());
        return;
      }
      clearDeauthorized(this.#sql, accountId);
      deleteOwners(this.#sql, accountId);
    });
  }

  /** Whose account this is, by app-scoped ids; replaces what is known, or adds to it. */
  own(accountId: string, ownerIds: readonly string[], add = false): void {
    this.#sql.transaction(() => setOwners(this.#sql, accountId, ownerIds, add));
  }

  /** Accounts of the person with this app-scoped id, parked ones too, or the account that has this id itself. */
  ownedBy(ownerId: string): string[] {
    return ownedBy(this.#sql, ownerId);
  }

  beginStep(step: ConnectStep): void {
    insertStep(this.#sql, step);
  }

  /** Takes the step away. Null: none, too old, or another browser's. */
  takeStep(hash: string, browser: string): ConnectStep | null {
    return takeStep(this.#sql, hash, browser, this.#ports.now());
  }

  createInvite(invite: Pick<Invite, "id" | "login" | "label" | "expiresAt">): Invite {
    insertInvite(this.#sql, invite, this.#ports.now());
    const created = findInvite(this.#sql, invite.id);
    if (created === null) throw new Error("the invite was not stored");
    return created;
  }

  invite(id: string): Invite | null {
    return findInvite(this.#sql, id);
  }

  invites(query: { cursor?: string; limit: number }): Page<Invite> {
    const rows = listInvites(this.#sql, readCursor(query.cursor), query.limit + 1);
    return { items: rows.slice(0, query.limit).map(({ invite }) => invite), nextCursor: nextCursor(rows, query.limit) };
  }

  revokeInvite(id: string): boolean {
    return revokeInvite(this.#sql, id, this.#ports.now());
  }

  /** Uses it up. False: it is used, revoked or expired already. */
  claimInvite(id: string): boolean {
    return claimInvite(this.#sql, id, this.#ports.now());
  }

  /** What came of it; no account: it can be used again. */
  settleInvite(id: string, accountIds: readonly string[]): void {
    settleInvite(this.#sql, id, accountIds);
  }

  /** The same `key` gives the same erasure again. */
  requestErasure(wanted: { code: string; key: string; kind: ErasureKind; subject: string }): Erasure {
    return requestErasure(this.#sql, wanted, this.#ports.now());
  }

  erasure(code: string): Erasure | null {
    return shownErasure(this.#sql, code);
  }

  openErasures(limit: number): OpenErasure[] {
    return unfinishedErasures(this.#sql, limit);
  }

  /** The next accounts to ask about the person; none: the sweep is through. */
  erasureSweep(code: string, limit: number): string[] {
    return nextToSweep(this.#sql, code, limit);
  }

  advanceErasure(code: string, step: { accountDone?: string; cursor?: string | null; people?: number }): void {
    this.#sql.transaction(() => advanceErasure(this.#sql, code, step, this.#ports.now()));
  }

  /** Removes kept deliveries and letters of this account, or with this id in them. */
  eraseFailedEvents(id: string): { removed: number } {
    return eraseFailedEvents(this.#sql, id);
  }

  recordQueue(queue: string, figures: QueueFigures): void {
    setState(this.#sql, "queues", { ...getState(this.#sql, "queues"), [queue]: figures });
  }

  health(): Health {
    return {
      ...accountHealth(this.#sql, this.#ports.now()),
      quarantined: countQuarantined(this.#sql),
      deadLetters: countDeadLetters(this.#sql),
      queues: getState(this.#sql, "queues") ?? {},
    };
  }

  /** Connected accounts: held ones first, then those whose token ends soonest or that have had no event. */
  troubled(limit: number): AccountItem[] {
    return troubledAccounts(this.#sql, limit);
  }

  /** Accounts whose subscription should be compared now, after an outage. */
  toAudit(limit: number): string[] {
    const audit = getState(this.#sql, "audit");
    if (audit === null) return [];
    const ids = listAccounts(this.#sql, { connected: true, cursor: audit.cursor, limit }, limit).map(({ id }) => id);
    const last = ids.at(-1);
    setState(this.#sql, "audit", last === undefined || ids.length < limit ? null : { cursor: last });
    return ids;
  }

  account(accountId: string): AccountItem | null {
    return findAccount(this.#sql, accountId);
  }

  accounts(query: AccountQuery): Page<AccountItem> {
    const rows = listAccounts(this.#sql, query, query.limit + 1);
    const items = rows.slice(0, query.limit);
    return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Other connected accounts under the same subscription at Meta: a Page, and the Instagram account behind it. */
  sharing(accountId: string): string[] {
    return accountsSharing(this.#sql, accountId);
  }

  /**
   * The watchdog's round: accounts whose alarms should be looked at now. Each minute, so that it also sweeps out what has
   * had its time, whether or not anybody ever comes back to it.
   */
  toVisit(): string[] {
    const now = this.#ports.now();
    return this.#sql.transaction(() => {
      pruneSteps(this.#sql, now);
      pruneInvites(this.#sql, now);
      pruneSignIns(this.#sql, now);
      return takeAwake(this.#sql, now - VISIT_EVERY_MS, VISITS, now);
    });
  }

  /** The account said that nothing is left to do; kept only if it has not announced itself again since. */
  visited(accountId: string, answer: { open: number; generation: number }): void {
    if (answer.open === 0) setAsleep(this.#sql, accountId, answer.generation);
  }

  quarantine(events: readonly MetaEvent[]): void {
    this.#sql.transaction(() => {
      for (const event of events) insertQuarantined(this.#sql, event);
    });
  }

  quarantined(query: { cursor?: string; limit: number }): Page<QuarantineItem> {
    const rows = listQuarantined(this.#sql, readCursor(query.cursor), query.limit + 1);
    return { items: rows.slice(0, query.limit).map(({ item }) => item), nextCursor: nextCursor(rows, query.limit) };
  }

  quarantineItem(id: string): QuarantineItem | null {
    return findQuarantined(this.#sql, id)?.item ?? null;
  }

  /** Reads the kept body again with today's reader and hands its events to their accounts. Null: no such item. */
  replayQuarantined(id: string): Promise<{ events: number; stillUnreadable: number } | null> {
    return replayQuarantined(this.#ports, id);
  }

  storeDeadLetters(deadLetters: readonly { event: QueuedEvent; attempts: number }[]): void {
    const now = this.#ports.now();
    this.#sql.transaction(() => {
      for (const { event, attempts } of deadLetters) insertDeadLetter(this.#sql, event, attempts, now);
    });
  }

  deadLetters(query: { cursor?: string; limit: number }): Page<DeadLetter> {
    const rows = listDeadLetters(this.#sql, readCursor(query.cursor), query.limit + 1);
    return {
      items: rows.slice(0, query.limit).map(({ deadLetter }) => deadLetter),
      nextCursor: nextCursor(rows, query.limit),
    };
  }

  /** Hands the event to its account once more. Null: no such letter. */
  replayDeadLetter(id: string): Promise<{ result: "new" | "duplicate" } | { error: string } | null> {
    return replayDeadLetter(this.#ports, id);
  }

  /** Tries every waiting letter once more. */
  redrive(): Promise<{ redriven: number }> {
    return redrive(this.#ports);
  }

  /** Removes a kept delivery for good. @returns whether there was one */
  discardQuarantined(id: string): boolean {
    return this.#sql.transaction(() => deleteQuarantined(this.#sql, id));
  }

  discardDeadLetter(id: string): boolean {
    return this.#sql.transaction(() => deleteDeadLetter(this.#sql, id));
  }

  /** How many letters wait, by account. */
  deadLettersByAccount(): Record<string, number> {
    return countByAccount(this.#sql);
  }

  killSwitch(): KillSwitch {
    return readKillSwitch(this.#sql);
  }

  /** Stops all sending, or lifts the stop; told to every account, now as far as time allows, then by the watchdog. */
  async setKillSwitch(stop: Stop | null): Promise<KillSwitch> {
    this.#sql.transaction(() => storeKillSwitch(this.#sql, stop));
    return await this.propagateKillSwitch();
  }

  /** Goes on telling the accounts that do not know yet. */
  propagateKillSwitch(): Promise<KillSwitch> {
    return propagateKillSwitch(this.#ports);
  }

  /** One more attempt at signing in, or one more wrong token at the API; refused after too many from one client. */
  trySignIn(client: string): { allowed: boolean; retryAfterSeconds: number } {
    return this.#sql.transaction(() => trySignIn(this.#sql, client, this.#ports.now()));
  }

  /** The client knew the token: its attempts are forgotten. */
  forgiveSignIn(client: string): void {
    forgetSignIns(this.#sql, client);
  }

  counts(): { accounts: number; connected: number; quarantined: number; deadLetters: number } {
    return {
      ...countAccounts(this.#sql),
      quarantined: countQuarantined(this.#sql),
      deadLetters: countDeadLetters(this.#sql),
    };
  }
}

function nextCursor(rows: readonly { seq: number }[], limit: number): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? String(last.seq) : null;
}

function readCursor(cursor: string | undefined): number {
  return cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
}
