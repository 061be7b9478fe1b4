/**
 * The account without Cloudflare: all RPC methods, over ports. The Durable Object (`object.ts`) is a shell around this
 * class; the simulation runs it on node:sqlite.
 */
import { DAY_MS } from "../../core/time.ts";
import type { Automation } from "../../core/automation/automation.ts";
import type { MetaEvent } from "../../core/event.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { mergeSettings, type Settings, type SettingsPart } from "../../core/settings.ts";
import { migrate } from "../storage/migrate.ts";
import { checkTokenNow } from "./connection/token-refresh.ts";
import { armAlarm, nextAlarmTime } from "./alarm.ts";
import { registerAwake, syncSummary, summaryOf, reportOpenWork } from "./directory-sync.ts";
import { evaluateAgain } from "./ingest/evaluate.ts";
import { backtest } from "./ingest/backtest.ts";
import { runMaintenance } from "./maintenance/maintenance.ts";
import { link, unlink } from "./connection/connection.ts";
import type { Backtest, Versioned } from "../../api/automation.ts";
import type { NewConnection } from "./contract.ts";
import type { Profile } from "../../api/account.ts";
import type { ConversationItem, Thread } from "../../api/conversation.ts";
import type { ConversationQuery } from "./contract.ts";
import type { EventItem } from "../../api/event.ts";
import type { EventQuery, IngestReport } from "./contract.ts";
import type { Day, FeedPage, FeedRow } from "../../api/feed.ts";
import type { FeedQuery } from "./contract.ts";
import type { Page } from "../../api/building-blocks.ts";
import type { NewReply, ReplyQuery } from "./contract.ts";
import type { ReplyItem } from "../../api/reply.ts";
import type { AccountState } from "../../api/account.ts";
import type { Examination } from "./contract.ts";
import type { ProbeAnswer, ProbeRequest } from "../../api/probe.ts";
import type { Stop } from "../../api/kill-switch.ts";
import type { SubscribedApp } from "../../api/subscription.ts";
import type { ProbeError } from "./contract.ts";
import type { SubscribedAppsError, SubscribedAppsRequest } from "./contract.ts";
import { dayOf } from "./views/day.ts";
import { Dispatcher } from "./outbox/dispatcher.ts";
import { feedPage, feedRowsOf } from "./views/feed.ts";
import { ingest } from "./ingest/ingest.ts";
import { cancelReply, type ReplyResult, resolveReply, sendReplyNow } from "./views/operator-actions.ts";
import { eraseAccount, erasePerson } from "./erasure.ts";
import { Estimates } from "./outbox/estimates.ts";
import { eventItem, eventPage, oneReply, replyItems, replyPage } from "./views/lists.ts";
import type { AccountPorts } from "./ports.ts";
import { prepareReconciler } from "./ingest/reconcile.ts";
import { requestReply } from "./outbox/create-reply.ts";
import { probe } from "./outbox/probe.ts";
import { ACCOUNT_MIGRATIONS } from "./schema.ts";
import { accountState } from "./views/account-state.ts";
import { auditSubscription } from "./connection/subscription-repair.ts";
import { subscribedApps } from "./connection/subscriptions.ts";
import { automationVersions, currentAutomations, saveAutomations } from "./tables/automations.ts";
import { findEvent } from "./tables/events.ts";
import { findReply, repliesById } from "./tables/replies.ts";
import { getSettings, getValue, isForgotten, setValue } from "./tables/settings.ts";
import { conversationPage, handBack, threadOf } from "./views/conversations.ts";

/** If the alarm is this late, it is stuck, not slow, and the watchdog runs the work. */
const ALARM_STUCK_MS = 60_000;

/** Rows of the live feed and of the ledger. */
export interface Shown {
  events: FeedRow[];
  replies: ReplyItem[];
}

export class AccountCore {
  readonly #ports: AccountPorts;
  readonly #estimates: Estimates;
  #dispatcher: Dispatcher | null = null;

  /** Migrates the tables and does nothing else, because it runs at every wake of the object. */
  constructor(ports: AccountPorts) {
    this.#ports = ports;
    this.#estimates = new Estimates(ports);
    migrate(ports.sql, ACCOUNT_MIGRATIONS);
  }

  async ingest(accountId: string, events: MetaEvent[]): Promise<IngestReport> {
    // An erased account stays unlisted and empty until it is connected again.
    if (isForgotten(this.#ports.sql)) {
      this.#ports.log("erased_event_refused", { accountId, count: events.length });
      return { results: events.map(() => "duplicate") };
    }
    this.#know(accountId);
    const results = ingest(this.#ports, accountId, events);
    armAlarm(this.#ports);
    await registerAwake(this.#ports, accountId);
    await syncSummary(this.#ports, accountId);
    return { results };
  }

  /** The alarm. Never throws. */
  async alarm(): Promise<void> {
    const accountId = getValue(this.#ports.sql, "account");
    if (accountId === null) return;
    await this.#run(accountId);
  }

  /** Called by the watchdog: sets the alarm from the tables, and returns the number of open replies. */
  async wake(accountId: string): Promise<{ open: number; generation: number }> {
    this.#know(accountId);
    const now = this.#ports.now();
    const dueAt = nextAlarmTime(this.#ports, 0);
    armAlarm(this.#ports);
    if (dueAt !== null && now - dueAt > ALARM_STUCK_MS) await this.#run(accountId);
    return reportOpenWork(this.#ports);
  }

  /** Connects the account, or replaces its token. (Every Durable Object already has a method `connect`.) */
  async link(accountId: string, connection: NewConnection): Promise<Profile> {
    this.#know(accountId);
    return await link(this.#ports, accountId, connection);
  }

  /** Deletes token and profile. Events and replies stay. */
  async unlink(accountId: string): Promise<void> {
    this.#know(accountId);
    await unlink(this.#ports, accountId);
  }

  /**
   * Deletes all data that came from Meta, including the token; with `everything` also the automations and settings.
   * Late deliveries of erased data are not accepted again.
   */
  async erase(accountId: string, everything: boolean): Promise<void> {
    this.#know(accountId);
    await eraseAccount(this.#ports, !everything);
    await this.#ports.directory.forget(accountId, everything ? "nothing" : "configuration");
  }

  /** @returns how many rows about this person were deleted */
  async erasePerson(accountId: string, personId: string): Promise<{ rows: number }> {
    this.#know(accountId);
    const rows = erasePerson(this.#ports, accountId, personId);
    armAlarm(this.#ports);
    if (rows > 0) {
      this.#ports.log("person_erased", { accountId, count: rows });
      await syncSummary(this.#ports, accountId, true);
    }
    return { rows };
  }

  /** Checks token and subscription with Meta now. */
  async examine(accountId: string): Promise<Examination> {
    const [, apps] = await Promise.all([
      checkTokenNow(this.#ports, accountId),
      subscribedApps(this.#ports, accountId, { method: "GET" }),
    ]);
    armAlarm(this.#ports);
    return { state: this.state(), apps };
  }

  /** Schedules a check of the subscription within the next minutes, because it may have changed. */
  auditSubscription(): void {
    auditSubscription(this.#ports);
    armAlarm(this.#ports);
  }

  state(): AccountState {
    return accountState(this.#ports);
  }

  automations(): Versioned<Automation[]> {
    return currentAutomations(this.#ports.sql);
  }

  /** Newest first. The first one is active. */
  automationVersions(): Versioned<Automation[]>[] {
    return automationVersions(this.#ports.sql);
  }

  putAutomations(
    accountId: string,
    items: Automation[],
    expectedVersion: number | null,
  ): Result<Versioned<Automation[]>, { reason: "version_conflict"; version: number }> {
    this.#know(accountId);
    return this.#ports.sql.transaction(() => {
      const { version } = currentAutomations(this.#ports.sql);
      if (expectedVersion !== null && expectedVersion !== version) return err({ reason: "version_conflict", version });
      return ok(saveAutomations(this.#ports.sql, items, this.#ports.now()));
    });
  }

  feed(accountId: string, query: FeedQuery): FeedPage {
    return feedPage(this.#ports.sql, accountId, query);
  }

  /** The current state of these events and replies, for the live feed. */
  shown(eventIds: readonly string[], replyIds: readonly string[]): Shown {
    const accountId = getValue(this.#ports.sql, "account") ?? "";
    const { sql } = this.#ports;
    const replies = repliesById(sql, replyIds);
    return {
      events: feedRowsOf(sql, accountId, eventIds),
      replies: replyItems(this.#ports, replies, this.#estimates.roughly(replies)),
    };
  }

  day(): Day {
    const { lastEventAt, lastReplyAt, openReplies } = summaryOf(this.#ports);
    return { hours: dayOf(this.#ports.sql, this.#ports.now()), lastEventAt, lastReplyAt, openReplies };
  }

  conversations(query: ConversationQuery): Page<ConversationItem> {
    return conversationPage(this.#ports.sql, query, this.#ports.now());
  }

  thread(accountId: string, personId: string, query: { cursor?: string; limit: number }): Thread | null {
    return threadOf(this.#ports.sql, accountId, personId, query, this.#ports.now());
  }

  /** Resumes automations for this person. Null: the account does not know the person. */
  handBack(personId: string): ConversationItem | null {
    return handBack(this.#ports.sql, personId, this.#ports.now());
  }

  /** Stops sending for this account until `stop` is null. Events are still recorded, and windows still expire. */
  setStop(accountId: string, stop: Stop | null): void {
    this.#know(accountId);
    setValue(this.#ports.sql, "stop", stop);
    armAlarm(this.#ports);
  }

  backtest(accountId: string, draft: Automation, limit: number): Backtest {
    return backtest(this.#ports, accountId, draft, limit);
  }

  /**
   * Calls Graph `subscribed_apps` with the account's own token, which never leaves the object. After POST and DELETE
   * `apps` is empty, because Meta returns only `{"success":true}`.
   */
  async subscribedApps(
    accountId: string,
    request: SubscribedAppsRequest,
  ): Promise<Result<{ apps: SubscribedApp[] }, SubscribedAppsError>> {
    return subscribedApps(this.#ports, accountId, request);
  }

  settings(): Settings {
    return getSettings(this.#ports.sql, this.#ports.config.deferSeconds);
  }

  /** Changes only the values in `part`. Two concurrent changes of different values both take effect. */
  async changeSettings(accountId: string, part: SettingsPart): Promise<Settings> {
    this.#know(accountId);
    this.#ports.sql.transaction(() => {
      // Merged here, not by the caller: another request may change other settings between the caller's read and write.
      const before = this.settings();
      const settings = mergeSettings(before, part);
      setValue(this.#ports.sql, "settings", settings);
      prepareReconciler(this.#ports, before, settings);
      // A person who enables sending has fixed what Meta objected to; if not, Meta refuses again and the hold returns.
      // A hold because of the token stays: only a new token helps.
      if (part.sending === "on" && getValue(this.#ports.sql, "hold")?.problem !== "token") {
        setValue(this.#ports.sql, "hold", null);
      }
    });
    armAlarm(this.#ports);
    await syncSummary(this.#ports, accountId, true);
    return this.settings();
  }

  events(accountId: string, query: EventQuery): Page<EventItem> {
    return eventPage(this.#ports, accountId, query);
  }

  event(accountId: string, eventId: string): EventItem | null {
    const event = findEvent(this.#ports.sql, accountId, eventId);
    return event === null ? null : eventItem(this.#ports.sql, event);
  }

  /** Decides the event again with the current automations. An existing reply is not repeated. */
  async replay(accountId: string, eventId: string): Promise<EventItem | null> {
    const event = findEvent(this.#ports.sql, accountId, eventId);
    if (event === null) return null;
    this.#ports.sql.transaction(() => evaluateAgain(this.#ports, accountId, event));
    this.#ports.changed?.({ eventId });
    armAlarm(this.#ports);
    await registerAwake(this.#ports, accountId);
    return this.event(accountId, eventId);
  }

  replies(query: ReplyQuery): Page<ReplyItem> {
    return replyPage(this.#ports, this.#estimates, query);
  }

  reply(replyId: string): ReplyItem | null {
    const reply = findReply(this.#ports.sql, replyId);
    return reply === null ? null : oneReply(this.#ports, reply, this.#estimates.of(reply));
  }

  async createReply(accountId: string, wanted: NewReply): Promise<ReplyResult> {
    this.#know(accountId);
    const result = this.#ports.sql.transaction(() => requestReply(this.#ports, accountId, wanted));
    if (!result.ok) return result;
    armAlarm(this.#ports);
    await registerAwake(this.#ports, accountId);
    const reply = result.value;
    return ok(oneReply(this.#ports, reply, this.#estimates.roughly([reply]).get(reply.id) ?? null));
  }

  cancelReply(accountId: string, replyId: string): ReplyResult {
    return cancelReply(this.#ports, accountId, replyId);
  }

  sendReplyNow(accountId: string, replyId: string): ReplyResult {
    return sendReplyNow(this.#ports, accountId, replyId);
  }

  resolveReply(accountId: string, replyId: string, as: "sent" | "refused" | "retry"): Promise<ReplyResult> {
    return resolveReply(this.#ports, accountId, replyId, as);
  }

  /** One call at Meta that shows how Meta behaves. */
  async probe(accountId: string, request: ProbeRequest): Promise<Result<ProbeAnswer, ProbeError>> {
    this.#know(accountId);
    const result = await probe(this.#ports, accountId, request);
    if (result.ok && result.value.outcome === "scheduled") {
      armAlarm(this.#ports);
      await registerAwake(this.#ports, accountId);
    }
    return result;
  }

  async #run(accountId: string): Promise<void> {
    this.#dispatcher ??= new Dispatcher(this.#ports, accountId);
    if (await this.#dispatcher.run()) await runMaintenance(this.#ports, accountId);
  }

  /** Stores the account id at the first call, because an object does not always know its own name. */
  #know(accountId: string): void {
    const known = getValue(this.#ports.sql, "account");
    if (known === accountId) return;
    if (known !== null) throw new Error(`this object belongs to account ${known}`);
    setValue(this.#ports.sql, "account", accountId);
    setValue(this.#ports.sql, "chores", { pruneAt: this.#ports.now() + DAY_MS, reconcileAt: 0, noteAt: null });
  }
}
