/**
 * What may be asked of an Account object. Plain data in, plain unions out: an error thrown inside a Durable Object
 * loses its class on the way (https://developers.cloudflare.com/durable-objects/best-practices/error-handling/).
 */
import type { Automation, Decision, MessageContent } from "../../core/automation/automation.ts";
import type { EventKind, MetaEvent, Proof } from "../../core/event.ts";
import type { Lane, Reply, ReplyKind, ReplyState, ReplyTarget } from "../../core/reply/reply.ts";
import type { AccountProblem } from "../../core/reply/outcome.ts";
import type { Result } from "../../core/result.ts";
import type { Settings } from "../../core/settings.ts";
import type { TokenWarning } from "../tokens/plan.ts";

export type Platform = "instagram" | "page";
export type Login = "instagram" | "facebook";

/** How an account is connected. The token itself is encrypted, and never part of this. */
export interface Profile {
  id: string;
  platform: Platform;
  login: Login;
  username: string | null;
  /** The id in the Graph path when it is not the account's own: the linked Page of a Facebook Login. */
  sendAs: string | null;
  tokenExpiresAt: number | null;
  connectedAt: number;
}

export interface Connection {
  platform: Platform;
  login: Login;
  accessToken: string;
  sendAs?: string;
  username?: string;
  /** ms since the epoch. */
  tokenExpiresAt?: number;
  /** Granted permissions, where Meta has just named them. */
  scopes?: string[];
  /** ms since the epoch; given where Meta has just made and accepted the token. */
  issuedAt?: number;
}

/** What is known about the token, beside the token. */
export interface TokenState {
  savedAt: number;
  /** Null: never, or not known. */
  expiresAt: number | null;
  /** When Meta last accepted it. */
  checkedAt: number | null;
  /** Granted permissions; null where nobody said. */
  scopes: string[] | null;
  warning: TokenWarning | null;
  /** The account that Meta says the token belongs to, where that is another one. */
  belongsTo: string | null;
  /** Meta's code of the last failed check or refresh; null after one that worked. */
  failure: string | null;
  /** When it is refreshed or checked next. */
  nextAt: number;
}

/** `repaired`: something was gone, and is there again. `missing`: it is gone. `refused`: Meta does not let us. */
export interface SubscriptionState {
  wanted: string[];
  missing: string[];
  state: "ok" | "repaired" | "missing" | "refused";
  code: string | null;
  checkedAt: number | null;
}

/** Why nothing is sent at the moment, although sending is on. */
export interface Hold {
  problem: AccountProblem;
  code: string;
  reason: string;
  since: number;
  /** Null: until somebody acts. */
  until: number | null;
}

/** Somebody has stopped all sending, of every account: nothing leaves, everything is captured. */
export interface Stop {
  since: number;
  reason: string;
}

export interface LaneState {
  lane: Lane;
  /** Calls counted in the lane's window, and how many it allows. */
  used: number;
  limit: number;
  windowMs: number;
  waiting: number;
  /** When the next reply of this lane may leave. */
  openAt: number;
}

export interface AccountState {
  profile: Profile | null;
  settings: Settings;
  hold: Hold | null;
  stop: Stop | null;
  lanes: LaneState[];
  events: number;
  /** Replies by state. */
  replies: Record<ReplyState, number>;
  lastEventAt: number | null;
  lastReplyAt: number | null;
  /** Null: not connected. */
  token: TokenState | null;
  /** Null: no fields were ever asked for through Replyline. */
  subscription: SubscriptionState | null;
}

/** An event as lists show it; `raw` is the item as Meta wrote it. */
export interface EventItem {
  id: string;
  kind: EventKind;
  field: string;
  accountId: string;
  object: string;
  occurredAt: number;
  receivedAt: number;
  deliveryId: string;
  proof: Proof;
  test: boolean;
  /** How many more times the same update arrived. */
  duplicates: number;
  decisions: Decision[];
  /** Why no automation was asked (`echo`, `standby`, `own_comment` …); null when they were. */
  blocked: string | null;
  replyIds: string[];
  raw: string;
}

/** A reply as lists show it. `estimatedAt`: when it will probably leave, pace included; null when it is settled. */
export interface ReplyItem extends Omit<Reply, "groupKey" | "wakeAt" | "cancelReason"> {
  estimatedAt: number | null;
}

export interface Page<T> {
  items: T[];
  /** Opaque; pass it back to go on. Null: the end. */
  nextCursor: string | null;
}

export interface EventQuery {
  kind?: EventKind;
  cursor?: string;
  limit: number;
}

/** `not_answered`: no automation fired. `failed`: a reply to it was refused, expired, or is uncertain. */
export const FEED_OUTCOMES = ["answered", "not_answered", "failed", "duplicated", "test"] as const;
export type FeedOutcome = (typeof FEED_OUTCOMES)[number];

export interface FeedQuery {
  kind?: EventKind;
  outcome?: FeedOutcome;
  /** Looked for in the event as Meta wrote it, and in its id. */
  search?: string;
  cursor?: string;
  /** Only what came after this `seq`, oldest first. */
  after?: number;
  /** Only what came before this `seq`; used without a cursor. */
  before?: number;
  limit: number;
}

/** An event as one row of the live feed. */
export interface FeedRow {
  /** Goes up with each new event of the account. */
  seq: number;
  id: string;
  kind: EventKind;
  field: string;
  occurredAt: number;
  receivedAt: number;
  test: boolean;
  duplicates: number;
  blocked: string | null;
  decisions: Decision[];
  personId: string | null;
  username: string | null;
  /** What the person wrote, cut. */
  text: string | null;
  replies: { id: string; kind: ReplyKind; state: ReplyState; reason: string | null }[];
}

export interface FeedPage extends Page<FeedRow> {
  /** `seq` of the account's newest event, whatever the filter. */
  newest: number;
}

export interface DayHour {
  /** Begin of the hour. */
  at: number;
  events: number;
  duplicates: number;
  /** Replies made in this hour; of them, by now, sent; and refused, expired or uncertain. */
  replies: number;
  sent: number;
  failed: number;
}

export interface Day {
  /** 24, oldest first; the last one is still running. */
  hours: DayHour[];
  lastEventAt: number | null;
  lastReplyAt: number | null;
  openReplies: number;
}

export interface ConversationQuery {
  /** Part of the person's id or name. */
  search?: string;
  /** Only those from which automations stand back. */
  held?: boolean;
  cursor?: string;
  limit: number;
}

export interface ConversationItem {
  personId: string;
  username: string | null;
  lastInboundAt: number | null;
  /** Until then Meta takes messages to this person; null: the person has not written yet. */
  windowClosesAt: number | null;
  /** Automations stand back until then, because somebody else answers. */
  heldUntil: number | null;
  /** `person` in Meta's inbox, or another app's id. */
  heldBy: string | null;
  updatedAt: number;
}

/** `proof`: the echo of a reply of ours. `account`: a person in the inbox, or another app. */
export interface ThreadItem {
  by: "person" | "replyline" | "account" | "proof";
  at: number;
  sentAt: number | null;
  kind: EventKind | ReplyKind;
  text: string | null;
  eventId: string | null;
  replyId: string | null;
  state: ReplyState | null;
  reason: string | null;
  automationId: string | null;
}

export interface Thread extends Page<ThreadItem> {
  conversation: ConversationItem;
}

export interface ReplyQuery {
  state?: ReplyState;
  eventId?: string;
  cursor?: string;
  limit: number;
}

export interface NewReply {
  to: ReplyTarget;
  message: MessageContent;
  deferSeconds?: number;
  /** From the Idempotency-Key header: the same key always gives the same reply. */
  idempotencyKey: string;
}

export type ReplyError =
  | { reason: "not_found" }
  | { reason: "not_connected" }
  /** The comment already has its one private reply. */
  | { reason: "already_replied"; replyId: string }
  /** The key was used before for something else. */
  | { reason: "key_reused"; replyId: string }
  /** Meta's window for this answer has closed. */
  | { reason: "outside_window" }
  /** Nothing is cut silently from what your own backend wrote. */
  | { reason: "text_too_long"; max: number; unit: "bytes" | "characters" }
  /** The reply has left, or has been settled: `state` says how. */
  | { reason: "too_late"; state: ReplyState }
  | { reason: "not_uncertain"; state: ReplyState };

export type Versioned<T> = { version: number; updatedAt: number | null; items: T };

export interface BacktestRow {
  eventId: string;
  kind: EventKind;
  occurredAt: number;
  text: string | null;
  decision: Decision;
  /** The reply as it would read; null when it would not fire. */
  preview: string | null;
}

export interface Backtest {
  events: number;
  fired: number;
  /** How many events missed, by reason. */
  missed: Record<string, number>;
  rows: BacktestRow[];
}

export interface IngestReport {
  /** One for each event given, in order. */
  results: ("new" | "duplicate")[];
}

/** One app that Meta sends the account's events to, as Graph `subscribed_apps` lists it. */
export interface SubscribedApp {
  /** Null where Meta names no app: Instagram Login lists only our own. */
  appId: string | null;
  name: string | null;
  fields: string[];
}

export type SubscribedAppsRequest =
  | { method: "GET" }
  /** Replaces the fields subscribed so far. */
  | {
      method: "POST";
      fields: string[];
      /** …or adds to them. */
      add?: boolean;
      /** Where Meta does not take them now they are remembered all the same, and asked for again. */
      keepTrying?: boolean;
    }
  /** Meta stops sending the account's events to our app. */
  | { method: "DELETE" };

/** What Meta says about an account at this moment. */
export interface Examination {
  state: AccountState;
  apps: Result<{ apps: SubscribedApp[] }, SubscribedAppsError>;
}

export type SubscribedAppsError =
  | { reason: "not_connected" }
  /** Meta's answer is an error: its `code` or `code/subcode`, and its own message. */
  | { reason: "refused"; code: string; message: string }
  /** No answer, or none that can be read. Asking again does no harm. */
  | { reason: "unreachable"; message: string };

/** The Account's RPC methods. `accountId` travels with every call: an object does not always know its own name. */
export interface AccountRpc {
  ingest(accountId: string, events: MetaEvent[]): Promise<IngestReport>;
  /** The watchdog's call: re-arms the alarm from the table and reports the replies still open. */
  nudge(accountId: string): Promise<{ open: number; generation: number }>;

  /** Connects the account, or gives it a new token. (`connect` is a method of every Durable Object.) */
  link(accountId: string, connection: Connection): Promise<Profile>;
  /** Forgets token and profile; events and replies stay. */
  unlink(accountId: string): Promise<void>;
  state(accountId: string): Promise<AccountState>;
  /** Asks Meta about token and subscription now; the state holds what it said about the token. */
  examine(accountId: string): Promise<Examination>;
  /** Forgets all that came from Meta; `everything`: automations and settings too. Leaves the Directory. */
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
  putSettings(accountId: string, settings: Settings): Promise<Settings>;
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
