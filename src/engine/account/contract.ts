/** What the Account takes, and how it refuses. What it gives has the API's shapes (`src/api/`). */
import type { MessageContent } from "../../core/automation/automation.ts";
import type { EventKind } from "../../core/event.ts";
import type { ReplyState, ReplyTarget } from "../../core/reply/reply.ts";
import type { Result } from "../../core/result.ts";
import type { AccountState, Connection } from "../../api/account.ts";
import type { FeedOutcome } from "../../api/feed.ts";
import type { SubscribedApp } from "../../api/subscription.ts";
import type { GraphProblem } from "../../meta/graph/response.ts";

/** A connection as the API takes it, and what a login has just learned from Meta. */
export interface NewConnection extends Connection {
  /** Granted permissions. */
  scopes?: string[];
  /** When Meta made and accepted the token; ms since the epoch. */
  issuedAt?: number;
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

/** `throttled`: later it may. `account`: not with this token or account as they are. `refused`: not what was asked for. */
export type RefusalKind = Exclude<GraphProblem["reason"], "unavailable">;

export type SubscribedAppsError =
  | { reason: "not_connected" }
  /** Meta's answer is an error: what kind of one, its `code` or `code/subcode`, and words for it. */
  | { reason: "refused"; problem: RefusalKind; code: string; message: string }
  /** No answer, or none that can be read. Asking again does no harm. */
  | { reason: "unreachable"; message: string };

/** What Meta says about an account at this moment. */
export interface Examination {
  state: AccountState;
  apps: Result<{ apps: SubscribedApp[] }, SubscribedAppsError>;
}

export interface EventQuery {
  kind?: EventKind;
  cursor?: string;
  limit: number;
}

export interface IngestReport {
  /** One for each event given, in order. */
  results: ("new" | "duplicate")[];
}

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

export interface ConversationQuery {
  /** Part of the person's id or name. */
  search?: string;
  /** Only those from which automations stand back. */
  held?: boolean;
  cursor?: string;
  limit: number;
}

export interface ReplyQuery {
  state?: ReplyState;
  eventId?: string;
  /** `due`: what is due first comes first. Otherwise the newest does. */
  order?: "newest" | "due";
  cursor?: string;
  limit: number;
}

export interface NewReply {
  to: ReplyTarget;
  message: MessageContent;
  deferSeconds?: number;
  /** `person`: somebody types it, which takes the conversation over. Otherwise a program asks. */
  by?: "person";
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
  /** A person answers this conversation at the moment; automations and programs wait. */
  | { reason: "human_active" }
  /** Meta has told of its deletion. */
  | { reason: "comment_gone" }
  /** Nothing is cut silently from what your own backend wrote. */
  | { reason: "text_too_long"; max: number; unit: "bytes" | "characters" }
  /** The reply has left, or has been settled: `state` says how. */
  | { reason: "too_late"; state: ReplyState }
  | { reason: "not_uncertain"; state: ReplyState };
