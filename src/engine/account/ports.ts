/**
 * The Account's external dependencies. In production the shell (`object.ts`) implements them with the Durable Object's
 * APIs; in the simulation, a deterministic scheduler with node:sqlite.
 */
import type { EchoMetadata } from "../../core/settings.ts";
import type { MessageContent } from "../../core/automation/automation.ts";
import type { TemplateRead } from "../../core/automation/fields.ts";
import type { ReplyKind, ReplyTarget } from "../../core/reply/reply.ts";
import type { Result } from "../../core/result.ts";
import type { GraphProblem, SendResponse } from "../../meta/graph/response.ts";
import type { ConversationPage } from "../../meta/graph/conversations.ts";
import type { CommentPage, GraphMedia, Subscription } from "../../meta/graph/reading.ts";
import type { LivedToken } from "../../meta/oauth/token-response.ts";
import type { AccountSummary } from "../directory/contract.ts";
import type { Log } from "../log.ts";
import type { Sql } from "../storage/sql.ts";
import type { Profile } from "../../api/account.ts";
import type { SubscribedAppsRequest } from "./contract.ts";
import type { TokenEncryption } from "./connection/token-encryption.ts";

/** One call: everything the sender needs, so that it looks up nothing. */
export interface SendOrder {
  replyId: string;
  attempt: number;
  kind: ReplyKind;
  to: ReplyTarget;
  message: MessageContent;
  /** Absent: `auto`. */
  echoMetadata?: EchoMetadata;
  profile: Profile;
  token: string;
}

export type { SendResponse };

/** A comment as the Graph API shows it now; `gone` when it was deleted or hidden. */
export type CommentReading =
  | { kind: "found"; text: string | null; hidden: boolean; parentText: string | null; permalink: string | null }
  | { kind: "gone" }
  /** Not known: the read failed. The send continues without it. */
  | { kind: "unknown" };

export interface ReadOrder {
  commentId: string;
  reads: readonly TemplateRead[];
  profile: Profile;
  token: string;
}

/** What Meta returns about a token that it accepts. */
export interface TokenCheck {
  /** The account that the token belongs to; null if the response has none. */
  accountId: string | null;
  /** App-scoped id of the person who connected the account; null if not known. */
  ownerId: string | null;
  scopes: string[] | null;
  /** Null: never expires. Absent: not known. */
  expiresAt?: number | null;
  /** When the app loses access to the person's data without a new login. Null: never. Absent: not known. */
  dataAccessExpiresAt?: number | null;
}

/** Meta's APIs, called by the `Sender`. Each method may throw: the call failed, or its response is lost. */
export interface GraphPort {
  /** One attempt. A throw counts as `ambiguous`. */
  send(order: SendOrder): Promise<SendResponse>;
  /** If the read fails, the caller continues without it. */
  readComment(order: ReadOrder): Promise<CommentReading>;
  /** The post that a comment is under, as the account lists it; null: Meta names none. */
  commentMedia(profile: Profile, token: string, commentId: string): Promise<Result<string | null, GraphProblem>>;
  /** The account's newest posts, and the newest comments of one; for the reconciler. */
  recentMedia(profile: Profile, token: string, limit: number): Promise<Result<GraphMedia[], GraphProblem>>;
  mediaComments(
    profile: Profile,
    token: string,
    mediaId: string,
    limit: number,
    after: string | null,
  ): Promise<Result<CommentPage, GraphProblem>>;
  /** The last active conversations with their newest messages; for the reconciler. */
  conversations(
    profile: Profile,
    token: string,
    limit: number,
    after: string | null,
  ): Promise<Result<ConversationPage, GraphProblem>>;
  /** Deletes one of the account's own comments. */
  deleteComment(profile: Profile, token: string, commentId: string): Promise<Result<null, GraphProblem>>;
  /** `subscribed_apps`. After POST and DELETE the list is empty, because Meta returns only `{"success":true}`. */
  subscriptions(
    profile: Profile,
    token: string,
    request: SubscribedAppsRequest,
  ): Promise<Result<Subscription[], GraphProblem>>;
  /** Extends an Instagram token by 60 days. */
  refreshToken(token: string): Promise<Result<LivedToken, GraphProblem>>;
  /** @param wantsFacts also read scopes, expiry and owner: they are not known yet, or a person asks */
  checkToken(profile: Profile, token: string, wantsFacts: boolean): Promise<Result<TokenCheck, GraphProblem>>;
}

export interface AccountPorts {
  sql: Sql;
  /** ms since the epoch. */
  now(): number;
  /** Resolves after `delayMs`. */
  sleep(delayMs: number): Promise<void>;
  random(): number;
  /** A new reply id. */
  newId(): string;
  /** Replaces the one alarm. Part of the current transaction: it is committed with the rows. */
  setAlarm(at: number): void;
  deleteAlarm(): void;
  /** Deletes all tables and the alarm. */
  wipe(): Promise<void>;
  /** Resolves when everything written so far is durable. */
  sync(): Promise<void>;
  graph: GraphPort;
  /** Called for each change, inside its transaction, for the live feed. */
  changed?(change: Change): void;
  tokenEncryption: TokenEncryption;
  directory: {
    registerAwake(accountId: string, generation: number, summary: Partial<AccountSummary>): Promise<void>;
    syncSummary(accountId: string, summary: Partial<AccountSummary>): Promise<void>;
    /** @param leaves what is still stored about the account */
    forget(accountId: string, leaves: "configuration" | "nothing"): Promise<void>;
    /**
     * Adds app-scoped ids of the person who connected the account: deauthorize and deletion callbacks contain one of
     * them.
     */
    own(accountId: string, ownerIds: string[]): Promise<void>;
  };
  log: Log;
  config: {
    /** REPLY_DEFER_SECONDS. */
    deferSeconds: number;
    /** Our own app ids: an echo with one of these is not a human handover. */
    appIds: readonly string[];
  };
}

/** The id of what changed, sent to the live feed after each write. The current state is in the tables. */
export type Change =
  /** A new event, one more duplicate of it, or new decisions about it. */
  { eventId: string } | { replyId: string };
