/**
 * The Directory without Cloudflare: all accounts, and events that could not be delivered to any of them. One method for
 * each RPC call.
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
/** Accounts per run of the watchdog. */
const VISITS = 500;

export class DirectoryCore {
  readonly #ports: DirectoryPorts;
  readonly #sql: Sql;

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
    this.#sql = ports.sql;
    migrate(ports.sql, DIRECTORY_MIGRATIONS);
  }

  /** Lists the account as one with open work. The watchdog visits it until it reports none. */
  registerAwake(accountId: string, generation: number, summary: Partial<AccountSummary>): void {
    this.#sql.transaction(() => {
      const now = this.#ports.now();
      this.#put(accountId, summary, now);
      setAwake(this.#sql, accountId, generation, now);
    });
    this.#propagate(accountId);
  }

  syncSummary(accountId: string, summary: Partial<AccountSummary>): void {
    this.#sql.transaction(() => this.#put(accountId, summary, this.#ports.now()));
    this.#propagate(accountId);
  }

  /**
   * Sends the current kill switch to an account that does not have it: a new account, or one that was erased in the
   * meantime.
   */
  #propagate(accountId: string): void {
    if (isUnacknowledged(this.#sql, accountId)) this.#ports.background?.(notifyAccount(this.#ports, accountId));
  }

  #put(accountId: string, summary: Partial<AccountSummary>, now: number): void {
    if (isDeauthorized(this.#sql, accountId)) {
      // Sent before the account was erased, and arrived late.
      if (summary.connected !== true) return;
      // The account was connected again. The new connection sets its owners.
      clearDeauthorized(this.#sql, accountId);
      deleteOwners(this.#sql, accountId);
    }
    putAccount(this.#sql, accountId, summary, now);
    detectOutage(this.#sql, summary.lastEventAt);
  }

  /**
   * Removes the account from all lists. `leaves` is what it still stores. An account with `configuration` is
   * deauthorized: its owners are kept until they request deletion or it is connected again.
   */
  forget(accountId: string, leaves: "configuration" | "nothing"): void {
    this.#sql.transaction(() => {
      // A late call after a complete erasure must not restore the account.
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

  /** Sets the owners of the account by app-scoped id: replaces the known owners, or adds to them. */
  own(accountId: string, ownerIds: readonly string[], add = false): void {
    this.#sql.transaction(() => setOwners(this.#sql, accountId, ownerIds, add));
  }

  /** Accounts of the person with this app-scoped id, including deauthorized ones, or the account with this id. */
  ownedBy(ownerId: string): string[] {
    return ownedBy(this.#sql, ownerId);
  }

  beginStep(step: ConnectStep): void {
    insertStep(this.#sql, step);
  }

  /** Removes and returns the step. Null: none, expired, or of another browser. */
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

  /** Marks the invite as used. False: it is already used, revoked or expired. */
  claimInvite(id: string): boolean {
    return claimInvite(this.#sql, id, this.#ports.now());
  }

  /** Stores the connected accounts. Without accounts, the invite can be used again. */
  settleInvite(id: string, accountIds: readonly string[]): void {
    settleInvite(this.#sql, id, accountIds);
  }

  /** The same `key` returns the same erasure. */
  requestErasure(wanted: { code: string; key: string; kind: ErasureKind; subject: string }): Erasure {
    return requestErasure(this.#sql, wanted, this.#ports.now());
  }

  erasure(code: string): Erasure | null {
    return shownErasure(this.#sql, code);
  }

  openErasures(limit: number): OpenErasure[] {
    return unfinishedErasures(this.#sql, limit);
  }

  /** The next accounts to search for the person; empty: the sweep is complete. */
  erasureSweep(code: string, limit: number): string[] {
    return nextToSweep(this.#sql, code, limit);
  }

  advanceErasure(code: string, step: { accountDone?: string; cursor?: string | null; people?: number }): void {
    this.#sql.transaction(() => advanceErasure(this.#sql, code, step, this.#ports.now()));
  }

  /** Deletes quarantined deliveries and dead letters of this account, or with this id in them. */
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

  /** Connected accounts: held ones first, then those without events, then those whose token expires soonest. */
  troubled(limit: number): AccountItem[] {
    return troubledAccounts(this.#sql, limit);
  }

  /** Accounts whose subscription must be checked after an outage. */
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

  /** Other connected accounts that share a subscription at Meta: a Page and its Instagram account. */
  sharing(accountId: string): string[] {
    return accountsSharing(this.#sql, accountId);
  }

  /** Accounts to visit in this round of the watchdog. It runs each minute, so it also deletes expired rows. */
  toVisit(): string[] {
    const now = this.#ports.now();
    return this.#sql.transaction(() => {
      pruneSteps(this.#sql, now);
      pruneInvites(this.#sql, now);
      pruneSignIns(this.#sql, now);
      return takeAwake(this.#sql, now - VISIT_EVERY_MS, VISITS, now);
    });
  }

  /** Stores that the account has no open work, unless it registered again since then. */
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

  /**
   * Parses the stored body again with the current code and delivers its events to their accounts. Null: no such item.
   */
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

  /** Delivers the event to its account again. Null: no such dead letter. */
  replayDeadLetter(id: string): Promise<{ result: "new" | "duplicate" } | { error: string } | null> {
    return replayDeadLetter(this.#ports, id);
  }

  /** Retries every waiting dead letter. */
  redrive(): Promise<{ redriven: number }> {
    return redrive(this.#ports);
  }

  /**
   * Deletes a quarantined delivery permanently.
   * @returns whether it existed
   */
  discardQuarantined(id: string): boolean {
    return this.#sql.transaction(() => deleteQuarantined(this.#sql, id));
  }

  discardDeadLetter(id: string): boolean {
    return this.#sql.transaction(() => deleteDeadLetter(this.#sql, id));
  }

  /** Number of waiting dead letters by account. */
  deadLettersByAccount(): Record<string, number> {
    return countByAccount(this.#sql);
  }

  killSwitch(): KillSwitch {
    return readKillSwitch(this.#sql);
  }

  /**
   * Stops or resumes all sending. The change is sent to every account: as many as time allows now, the others by the
   * watchdog.
   */
  async setKillSwitch(stop: Stop | null): Promise<KillSwitch> {
    this.#sql.transaction(() => storeKillSwitch(this.#sql, stop));
    return await this.propagateKillSwitch();
  }

  /** Continues to send the kill switch to accounts that do not have it. */
  propagateKillSwitch(): Promise<KillSwitch> {
    return propagateKillSwitch(this.#ports);
  }

  /** Counts a sign-in attempt, or a wrong token at the API. Refused after too many from one client. */
  trySignIn(client: string): { allowed: boolean; retryAfterSeconds: number } {
    return this.#sql.transaction(() => trySignIn(this.#sql, client, this.#ports.now()));
  }

  /** The client sent the right token: its attempts are deleted. */
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
