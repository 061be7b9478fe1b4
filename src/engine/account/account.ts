/**
 * The account itself, without Cloudflare: everything that the RPC contract promises, over ports, one method a call. The
 * Durable Object (`object.ts`) is a shell around this class; the simulation builds it on node:sqlite.
 */
import { DAY_MS } from "../../core/time.ts";
import type { Automation } from "../../core/automation/automation.ts";
import type { MetaEvent } from "../../core/event.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { mergeSettings, type Settings, type SettingsPart } from "../../core/settings.ts";
import { understand } from "./ingest/own-comments.ts";
import { migrate } from "../storage/migrate.ts";
import { checkTokenNow } from "./connection/token-refresh.ts";
import { armAlarm, nextAlarmTime } from "./alarm.ts";
import { registerAwake, syncSummary, summaryOf, reportOpenWork } from "./directory-sync.ts";
import { evaluate } from "./ingest/evaluate.ts";
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
import type { Stop } from "../../api/kill-switch.ts";
import type { SubscribedApp } from "../../api/subscription.ts";
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
import { ACCOUNT_MIGRATIONS } from "./schema.ts";
import { accountState } from "./views/account-state.ts";
import { auditSubscription } from "./connection/subscription-repair.ts";
import { subscribedApps } from "./connection/subscriptions.ts";
import { automationVersions, currentAutomations, saveAutomations } from "./tables/automations.ts";
import { findEvent } from "./tables/events.ts";
import { findReply, repliesById } from "./tables/replies.ts";
import { getSettings, getValue, isForgotten, setValue } from "./tables/settings.ts";
import { conversationPage, handBack, threadOf } from "./views/conversations.ts";

/** The watchdog runs the work itself when an alarm is this late: then the alarm is stuck, not slow. */
const STUCK_MS = 60_000;

/** Rows of the live feed and of the ledger. */
export interface Shown {
  events: FeedRow[];
  replies: ReplyItem[];
}

export class AccountCore {
  readonly #ports: AccountPorts;
  readonly #estimates: Estimates;
  #dispatcher: Dispatcher | null = null;

  /** Brings the tables up to date, and does nothing else: this runs at every wake of the object. */
  constructor(ports: AccountPorts) {
    this.#ports = ports;
    this.#estimates = new Estimates(ports);
    migrate(ports.sql, ACCOUNT_MIGRATIONS);
  }

  async ingest(accountId: string, events: MetaEvent[]): Promise<IngestReport> {
    // An erased account stays unlisted and empty until somebody connects it again.
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

  /** The watchdog's call: re-arms the alarm from the table and reports the replies still open. */
  async wake(accountId: string): Promise<{ open: number; generation: number }> {
    this.#know(accountId);
    const now = this.#ports.now();
    const dueAt = nextAlarmTime(this.#ports, 0);
    armAlarm(this.#ports);
    if (dueAt !== null && now - dueAt > STUCK_MS) await this.#run(accountId);
    return reportOpenWork(this.#ports);
  }

  /** Connects the account, or gives it a new token. (`connect` is a method of every Durable Object.) */
  async link(accountId: string, connection: NewConnection): Promise<Profile> {
    this.#know(accountId);
    return await link(this.#ports, accountId, connection);
  }

  /** Forgets token and profile; events and replies stay. */
  async unlink(accountId: string): Promise<void> {
    this.#know(accountId);
    await unlink(this.#ports, accountId);
  }

  /**
   * Forgets all that came from Meta, the token included; `everything`: the automations and settings too. Late deliveries
   * of what was erased are not taken in again.
   */
  async erase(accountId: string, everything: boolean): Promise<void> {
    this.#know(accountId);
    await eraseAccount(this.#ports, !everything);
    await this.#ports.directory.forget(accountId, everything ? "nothing" : "configuration");
  }

  /** @returns how many rows about this person are gone */
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

  /** Asks Meta about token and subscription now. */
  async examine(accountId: string): Promise<Examination> {
    const [, apps] = await Promise.all([
      checkTokenNow(this.#ports, accountId),
      subscribedApps(this.#ports, accountId, { method: "GET" }),
    ]);
    armAlarm(this.#ports);
    return { state: this.state(), apps };
  }

  /** Something may have happened to the subscription: it is compared in the next minutes. */
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

  /** Newest first; the first is in force. */
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

  /** These events and replies as they are now: what the live feed shows of a change. */
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

  /** Automations may answer this person again. Null: nobody that the account knows. */
  handBack(personId: string): ConversationItem | null {
    return handBack(this.#ports.sql, personId, this.#ports.now());
  }

  /** Nothing of this account leaves until `stop` is lifted; everything is captured, and windows go on closing. */
  setStop(accountId: string, stop: Stop | null): void {
    this.#know(accountId);
    setValue(this.#ports.sql, "stop", stop);
    armAlarm(this.#ports);
  }

  backtest(accountId: string, draft: Automation, limit: number): Backtest {
    return backtest(this.#ports, accountId, draft, limit);
  }

  /**
   * Graph `subscribed_apps` with the account's own token, which never leaves the object. After POST and DELETE `apps` is
   * empty: Meta answers no more than `{"success":true}`.
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

  /** Changes what the part names, and nothing else: two that change different things at once both get their way. */
  async changeSettings(accountId: string, part: SettingsPart): Promise<Settings> {
    this.#know(accountId);
    this.#ports.sql.transaction(() => {
      // Merged here, not by the caller: between reading and writing somebody else may have changed another part.
      const settings = mergeSettings(this.settings(), part);
      setValue(this.#ports.sql, "settings", settings);
      prepareReconciler(this.#ports, settings);
      // Whoever switches sending on has seen to what Meta objected to; if not, Meta says so again. A dead token is another
      // matter: only a new one helps.
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

  /** Decides the event anew with today's automations; what was answered stays answered. */
  async replay(accountId: string, eventId: string): Promise<EventItem | null> {
    const event = findEvent(this.#ports.sql, accountId, eventId);
    if (event === null) return null;
    this.#ports.sql.transaction(() => evaluate(this.#ports, accountId, event, understand(this.#ports, event).subject));
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

  async #run(accountId: string): Promise<void> {
    this.#dispatcher ??= new Dispatcher(this.#ports, accountId);
    if (await this.#dispatcher.run()) await runMaintenance(this.#ports, accountId);
  }

  /** An object does not always know its own name, so the first call writes it down. */
  #know(accountId: string): void {
    const known = getValue(this.#ports.sql, "account");
    if (known === accountId) return;
    if (known !== null) throw new Error(`this object belongs to account ${known}`);
    setValue(this.#ports.sql, "account", accountId);
    setValue(this.#ports.sql, "chores", { pruneAt: this.#ports.now() + DAY_MS, reconcileAt: 0, noteAt: null });
  }
}
