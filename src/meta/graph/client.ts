/**
 * The Graph API over HTTP. Methods never throw: every failure is part of the returned value. Error messages are not
 * passed on, because they may repeat the content of the request.
 */
import { err, ok, type Result } from "../../core/result.ts";
import { flagAt } from "../json.ts";
import { type GraphResponse, type GraphProblem, readAnswer, readSendResponse, type SendResponse } from "./response.ts";
import {
  type CommentPage,
  type GraphComment,
  type GraphMedia,
  type Me,
  type Subscription,
  postOf,
  toComment,
  toCommentMedia,
  toCommentPage,
  toMe,
  toMediaList,
  toPermalink,
  toSubscriptions,
} from "./reading.ts";
import { isolateMemory, type ProofMemory } from "./app-secret-proof.ts";
import { type ConversationPage, toConversationPage } from "./conversations.ts";
import { ask, type Fetch } from "./http.ts";
import * as request from "./request.ts";
import type { BadId, GraphAccount, GraphCall, GraphHosts, Login, OutgoingReply } from "./request.ts";

export interface GraphClientOptions extends GraphHosts {
  /** The platform's fetch, wrapped: `(url, init) => fetch(url, init)`. */
  fetch: Fetch;
  /** From the start of the request to the last byte of the response. Default: 10 s. */
  timeoutMs?: number;
  /** The app secrets of each login, for `appsecret_proof`. Absent: calls are made without it. */
  appSecrets?: Readonly<Record<Login, readonly string[]>>;
  /** What Graph accepted so far. Default: one for the isolate. */
  proofMemory?: ProofMemory;
}

/** An account and its access token. */
export interface Caller {
  account: GraphAccount;
  token: string;
}

export interface GraphClient {
  /** Sends a reply. Call it only once per attempt, because the Graph API has no idempotency key. */
  send(caller: Caller, reply: OutgoingReply): Promise<SendResponse>;
  readComment(caller: Caller, commentId: string): Promise<Result<GraphComment, GraphProblem>>;
  /** The media that a comment is under, as the account lists it; null: Meta names none. No call for a Page's comment. */
  readCommentMedia(caller: Caller, commentId: string): Promise<Result<string | null, GraphProblem>>;
  /** The URL of a post or reel; null if it has none. */
  readPermalink(caller: Caller, mediaId: string): Promise<Result<string | null, GraphProblem>>;
  recentMedia(caller: Caller, limit: number): Promise<Result<GraphMedia[], GraphProblem>>;
  mediaComments(
    caller: Caller,
    mediaId: string,
    limit: number,
    after: string | null,
  ): Promise<Result<CommentPage, GraphProblem>>;
  conversations(caller: Caller, limit: number, after: string | null): Promise<Result<ConversationPage, GraphProblem>>;
  deleteComment(caller: Caller, commentId: string): Promise<Result<null, GraphProblem>>;
  listSubscriptions(caller: Caller): Promise<Result<Subscription[], GraphProblem>>;
  subscribe(caller: Caller, fields: readonly string[]): Promise<Result<null, GraphProblem>>;
  unsubscribe(caller: Caller): Promise<Result<null, GraphProblem>>;
  readMe(caller: Caller): Promise<Result<Me, GraphProblem>>;
}

/**
 * Meta does not document how long a response can take. After 10 s the outcome is unknown, and the grace period of the
 * ledger applies (core/reply/step.ts). The grace period includes this timeout.
 */
const TIMEOUT_MS = 10_000;

/** Valid header characters. With a line break in the token, fetch would throw an error that contains the token. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/**
 * Makes calls with the given `fetch`, each with a timeout of `timeoutMs` (10 s). Nothing throws: an error from Meta or
 * a missing response is a result.
 */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;

  const run = (call: GraphCall, { account, token }: Caller): Promise<GraphResponse> => {
    const { login } = account;
    const secrets = options.appSecrets?.[login] ?? [];
    const proof = { login, token, secrets, memory: options.proofMemory ?? isolateMemory };
    return ask(options.fetch, call, token, timeoutMs, proof);
  };

  async function read<T>(
    caller: Caller,
    call: Result<GraphCall, BadId>,
    pick: (body: unknown) => T | undefined,
  ): Promise<Result<T, GraphProblem>> {
    if (!call.ok) return err({ reason: "refused", code: "bad_id" });
    if (!HEADER_SAFE.test(caller.token)) return err({ reason: "account", code: "token_malformed", problem: "token" });
    const answer = readAnswer(await run(call.value, caller));
    if (!answer.ok) return answer;
    const value = pick(answer.value);
    return value === undefined ? err({ reason: "unavailable", code: "unreadable_answer" }) : ok(value);
  }

  return {
    async send(caller, reply) {
      const call = request.sendReply(options, caller.account, reply);
      // In both cases the request was certainly not sent.
      if (!call.ok) return { outcome: { kind: "refused", code: "bad_id", reason: "bad_id" }, usage: null };
      if (!HEADER_SAFE.test(caller.token)) {
        const reason = "token_malformed";
        return { outcome: { kind: "account", code: reason, reason, problem: "token" }, usage: null };
      }
      return readSendResponse(reply.kind, await run(call.value, caller));
    },
    readComment: (caller, commentId) =>
      read(
        caller,
        request.readComment(options, caller.account, commentId),
        (body) => toComment(body, pageIdOf(caller)) ?? undefined,
      ),
    async readCommentMedia(caller, commentId) {
      // A Page's comment has the post in its id.
      if (pageIdOf(caller) !== null) return ok(postOf(commentId, pageIdOf(caller)));
      return read(caller, request.readCommentMedia(options, caller.account, commentId), toCommentMedia);
    },
    readPermalink: (caller, mediaId) => read(caller, request.readMedia(options, caller.account, mediaId), toPermalink),
    recentMedia: (caller, limit) => read(caller, request.recentMedia(options, caller.account, limit), toMediaList),
    mediaComments: (caller, mediaId, limit, after) =>
      read(caller, request.mediaComments(options, caller.account, mediaId, limit, after), (body) =>
        toCommentPage(body, pageIdOf(caller)),
      ),
    conversations: (caller, limit, after) =>
      read(caller, request.conversations(options, caller.account, limit, after), toConversationPage),
    deleteComment: (caller, commentId) =>
      read(caller, request.deleteComment(options, caller.account, commentId), toSuccess),
    listSubscriptions: (caller) => read(caller, request.listSubscriptions(options, caller.account), toSubscriptions),
    subscribe: (caller, fields) => read(caller, request.subscribe(options, caller.account, fields), toSuccess),
    unsubscribe: (caller) => read(caller, request.unsubscribe(options, caller.account), toSuccess),
    readMe: (caller) => read(caller, request.readMe(options, caller.account), (body) => toMe(body) ?? undefined),
  };
}

const pageIdOf = ({ account }: Caller): string | null => (account.platform === "page" ? account.id : null);

const toSuccess = (body: unknown): null | undefined => (flagAt(body, "success") ? null : undefined);
