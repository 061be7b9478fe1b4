/**
 * What may be asked of an Account object. Plain data in, plain unions out: an error thrown inside a Durable Object
 * loses its class on the way (https://developers.cloudflare.com/durable-objects/best-practices/error-handling/).
 */
import type { Automation } from "../../core/automation/automation.ts";
import type { MetaEvent } from "../../core/event.ts";
import type { Result } from "../../core/result.ts";
import type { Settings, SettingsPart } from "../../core/settings.ts";
import type { Versioned, Backtest } from "./contract/automation.ts";
import type { Profile, Connection } from "./contract/connection.ts";
import type { ConversationQuery, ConversationItem, Thread } from "./contract/conversation.ts";
import type { EventItem, EventQuery, IngestReport } from "./contract/event.ts";
import type { FeedQuery, FeedPage, Day } from "./contract/feed.ts";
import type { Page } from "./contract/page.ts";
import type { ReplyItem, ReplyQuery, NewReply, ReplyError } from "./contract/reply.ts";
import type { Stop, AccountState, Examination } from "./contract/state.ts";
import type { SubscribedApp, SubscribedAppsRequest, SubscribedAppsError } from "./contract/subscription.ts";

/** The Account's RPC methods. `accountId` travels with every call: an object does not always know its own name. */
export interface AccountRpc {
  ingest(accountId: string, events: MetaEvent[]): Promise<IngestReport>;
  /** The watchdog's call: re-arms the alarm from the table and reports the replies still open. */
  wake(accountId: string): Promise<{ open: number; generation: number }>;

  /** Connects the account, or gives it a new token. (`connect` is a method of every Durable Object.) */
  link(accountId: string, connection: Connection): Promise<Profile>;
  /** Forgets token and profile; events and replies stay. */
  unlink(accountId: string): Promise<void>;
  state(accountId: string): Promise<AccountState>;
  /** Asks Meta about token and subscription now; the state holds what it said about the token. */
  examine(accountId: string): Promise<Examination>;
  /** Forgets all that came from Meta; `everything`: automations and settings too. Leaves every list. */
  erase(accountId: string, everything: boolean): Promise<void>;
  /** Forgets one person. @returns how many rows are gone */
  erasePerson(accountId: string, personId: string): Promise<{ rows: number }>;
  /** Compares the subscription with what was wanted, soon. */
  auditSubscription(accountId: string): Promise<void>;

  automations(accountId: string): Promise<Versioned<Automation[]>>;
  putAutomations(
    accountId: string,
    items: Automation[],
    expectedVersion: number | null,
  ): Promise<Result<Versioned<Automation[]>, { reason: "version_conflict"; version: number }>>;
  /** Newest first; the first is in force. */
  automationVersions(accountId: string): Promise<Versioned<Automation[]>[]>;
  backtest(accountId: string, draft: Automation, limit: number): Promise<Backtest>;

  /**
   * Graph `subscribed_apps` with the account's own token, which never leaves the object. After POST and DELETE `apps` is
   * empty: Meta answers no more than `{"success":true}`.
   */
  subscribedApps(
    accountId: string,
    request: SubscribedAppsRequest,
  ): Promise<Result<{ apps: SubscribedApp[] }, SubscribedAppsError>>;

  settings(accountId: string): Promise<Settings>;
  /** Changes what the part names, and nothing else: two that change different things at once both get their way. */
  changeSettings(accountId: string, part: SettingsPart): Promise<Settings>;
  /** Null lifts it. */
  setStop(accountId: string, stop: Stop | null): Promise<void>;

  feed(accountId: string, query: FeedQuery): Promise<FeedPage>;
  day(accountId: string): Promise<Day>;
  conversations(accountId: string, query: ConversationQuery): Promise<Page<ConversationItem>>;
  thread(accountId: string, personId: string, query: { cursor?: string; limit: number }): Promise<Thread | null>;
  /** Automations may answer this person again. Null: nobody that the account knows. */
  handBack(accountId: string, personId: string): Promise<ConversationItem | null>;

  events(accountId: string, query: EventQuery): Promise<Page<EventItem>>;
  event(accountId: string, eventId: string): Promise<EventItem | null>;
  /** Decides the event anew with today's automations; what was answered stays answered. */
  replay(accountId: string, eventId: string): Promise<EventItem | null>;

  replies(accountId: string, query: ReplyQuery): Promise<Page<ReplyItem>>;
  reply(accountId: string, replyId: string): Promise<ReplyItem | null>;
  createReply(accountId: string, reply: NewReply): Promise<Result<ReplyItem, ReplyError>>;
  cancelReply(accountId: string, replyId: string): Promise<Result<ReplyItem, ReplyError>>;
  sendReplyNow(accountId: string, replyId: string): Promise<Result<ReplyItem, ReplyError>>;
  resolveReply(
    accountId: string,
    replyId: string,
    as: "sent" | "refused" | "retry",
  ): Promise<Result<ReplyItem, ReplyError>>;
}
