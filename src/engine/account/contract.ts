/** Parameters and errors of the Account. Its results have the API's shapes (`src/api/`). */
import type { MessageContent } from "../../core/automation/automation.ts";
import type { EventKind } from "../../core/event.ts";
import type { ReplyKind, ReplyState, ReplyTarget } from "../../core/reply/reply.ts";
import type { Result } from "../../core/result.ts";
import type { AccountState, Connection } from "../../api/account.ts";
import type { FeedOutcome } from "../../api/feed.ts";
import type { SubscribedApp } from "../../api/subscription.ts";
import type { GraphProblem } from "../../meta/graph/response.ts";

/** A connection from the API, plus what a login has just read from Meta. */
export interface NewConnection extends Connection {
  /** Granted permissions. */
  scopes?: string[];
  /** When Meta issued and accepted the token; ms since the epoch. */
  issuedAt?: number;
}

export type SubscribedAppsRequest =
  | { method: "GET" }
  /** Replaces the fields subscribed so far. */
  | {
      method: "POST";
      fields: string[];
      /** Adds to the subscribed fields instead of replacing them. */
      add?: boolean;
      /** Store the fields even if Meta does not accept them now, and retry later. */
      keepTrying?: boolean;
    }
  /** Meta stops sending the account's events to our app. */
  | { method: "DELETE" };

/**
 * `throttled`: may work later. `account`: not possible with this token or account. `refused`: Meta refused this
 * request.
 */
export type RefusalKind = Exclude<GraphProblem["reason"], "unavailable">;

export type SubscribedAppsError =
  | { reason: "not_connected" }
  /** Meta returned an error: its kind, its `code` or `code/subcode`, and a message. */
  | { reason: "refused"; problem: RefusalKind; code: string; message: string }
  /** No response, or an unreadable one. A retry is safe. */
  | { reason: "unreachable"; message: string };

/** What Meta currently returns about an account. */
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
  /** One for each event, in order. */
  results: ("new" | "duplicate")[];
}

export interface FeedQuery {
  kind?: EventKind;
  outcome?: FeedOutcome;
  /** Searched in the raw event and in its id. */
  search?: string;
  cursor?: string;
  /** Only events after this `seq`, oldest first. */
  after?: number;
  /** Only events before this `seq`; used without a cursor. */
  before?: number;
  limit: number;
}

export interface ConversationQuery {
  /** Part of the person's id or name. */
  search?: string;
  /** Only those in which automations are paused. */
  held?: boolean;
  cursor?: string;
  limit: number;
}

export interface ReplyQuery {
  state?: ReplyState;
  eventId?: string;
  /** `due`: the earliest due first. Otherwise the newest first. */
  order?: "newest" | "due";
  cursor?: string;
  limit: number;
}

export interface NewReply {
  to: ReplyTarget;
  message: MessageContent;
  deferSeconds?: number;
  /** `person`: a person types it, which is a human takeover. Otherwise a program asks. */
  by?: "person";
  /** From the Idempotency-Key header: the same key always gives the same reply. */
  idempotencyKey: string;
}

export type ReplyError =
  | { reason: "not_found" }
  | { reason: "not_connected" }
  /** The comment already has its one private reply. */
  | { reason: "already_replied"; replyId: string }
  /** The key was used before for a different request. */
  | { reason: "key_reused"; replyId: string }
  /** Meta's window for this reply has closed. */
  | { reason: "outside_window" }
  /** A person answers this conversation at the moment; automations and programs wait. */
  | { reason: "human_active" }
  /** Meta has told of its deletion. */
  | { reason: "comment_gone" }
  /** Text from your own backend is never cut silently. */
  | { reason: "text_too_long"; max: number; unit: "bytes" | "characters" }
  /** This platform has no such part of a message: `path` inside `message`, and how to fix it. */
  | { reason: "not_on_platform"; path: (string | number)[]; message: string }
  /** The reply is being sent or is settled; `state` says which. */
  | { reason: "too_late"; state: ReplyState }
  | { reason: "not_uncertain"; state: ReplyState };

export type ProbeError =
  | { reason: "not_found" }
  | { reason: "not_connected" }
  /** Not a reply of this kind that Meta has accepted. */
  | { reason: "not_sent"; kind: ReplyKind; state: ReplyState }
  /** Paused, stopped, a dry run or on hold. */
  | { reason: "sending_off" };
