/** The Directory as a Durable Object: wiring only. What it does stands in directory.ts. */
import { DurableObject } from "cloudflare:workers";
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import { unpack } from "../consumer/unpack.ts";
import type { EngineEnv } from "../env.ts";
import { durableSql } from "../storage/durable-sql.ts";
import type {
  AccountSummary,
  AccountQuery,
  ConnectStep,
  DirectoryRpc,
  ErasureKind,
  Invite,
  QueueFigures,
} from "./contract.ts";
import type { Stop } from "../account/contract/state.ts";
import { DirectoryCore } from "./directory.ts";

export class Directory extends DurableObject<EngineEnv> implements DirectoryRpc {
  readonly #core: DirectoryCore;

  constructor(ctx: DurableObjectState, env: EngineEnv) {
    super(ctx, env);
    this.#core = new DirectoryCore({
      sql: durableSql(ctx.storage),
      now: () => Date.now(),
      setStop: (accountId, stop) => env.ACCOUNTS.getByName(accountId).setStop(accountId, stop),
      background: (work) => ctx.waitUntil(work),
      unpack: (queued) => unpack(queued, env.KV),
      ingest: (accountId, events) => env.ACCOUNTS.getByName(accountId).ingest(accountId, events),
    });
  }

  async registerAwake(accountId: string, generation: number, summary: Partial<AccountSummary>) {
    this.#core.registerAwake(accountId, generation, summary);
  }
  async syncSummary(accountId: string, summary: Partial<AccountSummary>) {
    this.#core.syncSummary(accountId, summary);
  }
  async forget(accountId: string, leaves: "configuration" | "nothing") {
    this.#core.forget(accountId, leaves);
  }
  async account(accountId: string) {
    return this.#core.account(accountId);
  }
  async accounts(query: AccountQuery) {
    return this.#core.accounts(query);
  }
  async sharing(accountId: string) {
    return this.#core.sharing(accountId);
  }
  async toVisit() {
    return this.#core.toVisit();
  }
  async visited(accountId: string, answer: { open: number; generation: number }) {
    this.#core.visited(accountId, answer);
  }
  async quarantine(events: MetaEvent[]) {
    this.#core.quarantine(events);
  }
  async quarantined(query: { cursor?: string; limit: number }) {
    return this.#core.quarantined(query);
  }
  async quarantineItem(id: string) {
    return this.#core.quarantineItem(id);
  }
  replayQuarantined(id: string) {
    return this.#core.replayQuarantined(id);
  }
  async storeDeadLetters(deadLetters: { event: QueuedEvent; attempts: number }[]) {
    this.#core.storeDeadLetters(deadLetters);
  }
  async deadLetters(query: { cursor?: string; limit: number }) {
    return this.#core.deadLetters(query);
  }
  replayDeadLetter(id: string) {
    return this.#core.replayDeadLetter(id);
  }
  async discardQuarantined(id: string) {
    return this.#core.discardQuarantined(id);
  }
  async discardDeadLetter(id: string) {
    return this.#core.discardDeadLetter(id);
  }
  async deadLettersByAccount() {
    return this.#core.deadLettersByAccount();
  }
  async killSwitch() {
    return this.#core.killSwitch();
  }
  setKillSwitch(stop: Stop | null) {
    return this.#core.setKillSwitch(stop);
  }
  propagateKillSwitch() {
    return this.#core.propagateKillSwitch();
  }
  async trySignIn(client: string) {
    return this.#core.trySignIn(client);
  }
  async forgiveSignIn(client: string) {
    this.#core.forgiveSignIn(client);
  }
  redrive() {
    return this.#core.redrive();
  }
  async own(accountId: string, ownerIds: string[], add?: boolean) {
    this.#core.own(accountId, ownerIds, add);
  }
  async ownedBy(ownerId: string) {
    return this.#core.ownedBy(ownerId);
  }
  async beginStep(step: ConnectStep) {
    this.#core.beginStep(step);
  }
  async takeStep(hash: string, browser: string) {
    return this.#core.takeStep(hash, browser);
  }
  async createInvite(invite: Pick<Invite, "id" | "login" | "label" | "expiresAt">) {
    return this.#core.createInvite(invite);
  }
  async invite(id: string) {
    return this.#core.invite(id);
  }
  async invites(query: { cursor?: string; limit: number }) {
    return this.#core.invites(query);
  }
  async revokeInvite(id: string) {
    return this.#core.revokeInvite(id);
  }
  async claimInvite(id: string) {
    return this.#core.claimInvite(id);
  }
  async settleInvite(id: string, accountIds: string[]) {
    this.#core.settleInvite(id, accountIds);
  }
  async requestErasure(wanted: { code: string; key: string; kind: ErasureKind; subject: string }) {
    return this.#core.requestErasure(wanted);
  }
  async erasure(code: string) {
    return this.#core.erasure(code);
  }
  async openErasures(limit: number) {
    return this.#core.openErasures(limit);
  }
  async erasureSweep(code: string, limit: number) {
    return this.#core.erasureSweep(code, limit);
  }
  async advanceErasure(code: string, step: { accountDone?: string; cursor?: string | null; people?: number }) {
    this.#core.advanceErasure(code, step);
  }
  async eraseFailedEvents(id: string) {
    return this.#core.eraseFailedEvents(id);
  }
  async recordQueue(queue: string, figures: QueueFigures) {
    this.#core.recordQueue(queue, figures);
  }
  async health() {
    return this.#core.health();
  }
  async troubled(limit: number) {
    return this.#core.troubled(limit);
  }
  async toAudit(limit: number) {
    return this.#core.toAudit(limit);
  }
  async counts() {
    return this.#core.counts();
  }
}
