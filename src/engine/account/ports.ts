/**
 * What the Account needs from outside. In production the shell (`object.ts`) fills these with the Durable Object's own
 * means; in the simulation a deterministic scheduler does, with node:sqlite underneath.
 */
import type { MessageContent } from "../../core/automation/automation.ts";
import type { TemplateRead } from "../../core/automation/fields.ts";
import type { ReplyKind, ReplyTarget } from "../../core/reply/reply.ts";
import type { Result } from "../../core/result.ts";
import type { GraphProblem, SendResponse } from "../../meta/graph/response.ts";
import type { CommentPage, GraphMedia, Subscription } from "../../meta/graph/reading.ts";
import type { LivedToken } from "../../meta/oauth/token-response.ts";
import type { AccountSummary } from "../directory/contract.ts";
import type { Log } from "../log.ts";
import type { Sql } from "../storage/sql.ts";
import type { Profile } from "../../api/account.ts";
import type { SubscribedAppsRequest } from "./contract.ts";
import type { TokenEncryption } from "./connection/token-encryption.ts";

/** One call to make: everything the sender needs, and nothing it could look up wrongly. */
export interface SendOrder {
  replyId: string;
  attempt: number;
  kind: ReplyKind;
  to: ReplyTarget;
  message: MessageContent;
  profile: Profile;
  token: string;
}

export type { SendResponse };

/** A comment as the Graph API shows it now; `gone` when it was deleted or hidden. */
export type CommentReading =
  | { kind: "found"; text: string | null; hidden: boolean; parentText: string | null; permalink: string | null }
  | { kind: "gone" }
  /** Not known: the read failed. The send goes on without it. */
  | { kind: "unknown" };

export interface ReadOrder {
  commentId: string;
  reads: readonly TemplateRead[];
  profile: Profile;
  token: string;
}

/** What Meta says of a token that it accepts. */
export interface TokenCheck {
  /** The account that the token speaks for; null where the answer names none. */
  accountId: string | null;
  /** App-scoped id of the person behind it; null where nobody said. */
  ownerId: string | null;
  scopes: string[] | null;
  /** Null: never. Absent: not known. */
  expiresAt?: number | null;
}

/** Meta's APIs, as the `Sender` calls them. Each method may throw: the call could then not be made, or its answer is lost. */
export interface GraphPort {
  /** One attempt. A throw counts as `ambiguous`. */
  send(order: SendOrder): Promise<SendResponse>;
  /** The caller goes on without what it wanted to read. */
  readComment(order: ReadOrder): Promise<CommentReading>;
  /** The account's newest posts, and the newest comments of one; for the reconciler. */
  recentMedia(profile: Profile, token: string, limit: number): Promise<Result<GraphMedia[], GraphProblem>>;
  mediaComments(
    profile: Profile,
    token: string,
    mediaId: string,
    limit: number,
    after: string | null,
  ): Promise<Result<CommentPage, GraphProblem>>;
  /** `subscribed_apps`. After POST and DELETE the list is empty: Meta answers no more than `{"success":true}`. */
  subscriptions(
    profile: Profile,
    token: string,
    request: SubscribedAppsRequest,
  ): Promise<Result<Subscription[], GraphProblem>>;
  /** 60 days more for an Instagram token. */
  refreshToken(token: string): Promise<Result<LivedToken, GraphProblem>>;
  /** @param wantsFacts scopes, expiry and owner too: they are not known yet, or a person asks */
  checkToken(profile: Profile, token: string, wantsFacts: boolean): Promise<Result<TokenCheck, GraphProblem>>;
}

export interface AccountPorts {
  sql: Sql;
  /** ms since the epoch. */
  now(): number;
  /** Resolves after so many ms, or as soon as `wake` is called. */
  sleep(delayMs: number): Promise<void>;
  random(): number;
  /** A new reply id. */
  newId(): string;
  /** Replaces the one alarm. Part of the current transaction: it is committed with the rows. */
  setAlarm(at: number): void;
  deleteAlarm(): void;
  /** Drops every table and the alarm. */
  wipe(): Promise<void>;
  /** Resolves when everything written so far is durable. */
  sync(): Promise<void>;
  graph: GraphPort;
  /** Told of each change, inside the transaction that makes it: the live feed. */
  changed?(change: Change): void;
  tokenEncryption: TokenEncryption;
  directory: {
    registerAwake(accountId: string, generation: number, summary: Partial<AccountSummary>): Promise<void>;
    syncSummary(accountId: string, summary: Partial<AccountSummary>): Promise<void>;
    /** @param leaves what is still stored of the account */
    forget(accountId: string, leaves: "configuration" | "nothing"): Promise<void>;
    /** Adds app-scoped ids of the person behind the account: deauthorize and deletion callbacks name one of them. */
    own(accountId: string, ownerIds: string[]): Promise<void>;
  };
  log: Log;
  config: {
    /** REPLY_DEFER_SECONDS. */
    deferSeconds: number;
    /** Our own app ids: an echo with one of these is not a person's. */
    appIds: readonly string[];
  };
}

/** What changed in an account, by id: said after each write, for whoever is watching. What it is now stands in the tables. */
export type Change =
  /** A new event, one more duplicate of it, or new decisions about it. */
  { eventId: string } | { replyId: string };
