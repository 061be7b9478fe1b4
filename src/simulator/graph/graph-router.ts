/** Routes a Graph API call by its path, its token and the object that it names. The paths of both hosts are valid. */
import { listComments, listMedia, readAccount, readMedia, readPerson, threadControl } from "./account-node.ts";
import {
  errorResponse,
  success,
  textParam,
  type GraphResponse,
  type GraphCall,
  type GraphContext,
  type Operation,
  type Routed,
} from "./graph-call.ts";
import { accountOfPlatform, listConversations } from "./conversation-list.ts";
import { routeComment } from "./comment-node.ts";
import { GRAPH_ERRORS, type GraphError } from "./graph-error.ts";
import { authorize } from "./login-page.ts";
import {
  debugToken,
  exchangeInstagramCode,
  exchangeInstagramToken,
  facebookAccessToken,
  refreshInstagramToken,
} from "./token-endpoints.ts";
import { linkedPage, listPages, readLinkedPage } from "./page-node.ts";
import { BUDGET_CALLS_PER_IMPRESSION, BUDGET_WINDOW_MS, usageHeaders } from "./rate-limits.ts";
import { routeSend } from "./send-api.ts";
import type { Account, Token } from "./graph-state.ts";
import { subscribedApps } from "./subscribed-apps.ts";
import { needs, readToken, speaksFor, type Permission } from "./access-token.ts";

/** A version such as `v26.0` before the path. Every version is accepted. */
export const GRAPH_VERSION = /^v\d{1,2}\.\d$/;

/** The grant types of Facebook's token endpoint. A code comes without a `grant_type`. */
const FACEBOOK_GRANTS: ReadonlySet<string | null> = new Set([null, "fb_exchange_token", "client_credentials"]);

/** Routes a call. Nothing happens before `run` is called, so a fault can replace it. */
export function routeGraph(call: GraphCall, context: GraphContext): Routed {
  const routed = routeToken(call, context) ?? routeObject(call, context);
  return { ...routed, run: () => withUsage(routed, context) };
}

const simple = (operation: Operation, accountId: string | null, run: () => GraphResponse): Routed => ({
  operation,
  accountId,
  commentId: null,
  run,
});

/** Login and token endpoints, which need no token of their own. */
function routeToken(call: GraphCall, context: GraphContext): Routed | null {
  const key = `${call.method} ${call.path.join("/")}`;
  const run = (() => {
    switch (key) {
      case "GET oauth/authorize":
        return () => authorize(call, "instagram", context);
      case "GET dialog/oauth":
        return () => authorize(call, "facebook", context);
      case "POST oauth/access_token":
        // Both hosts share this path. Only Instagram's code exchange has this grant type; Facebook's has none.
        return FACEBOOK_GRANTS.has(textParam(call, "grant_type"))
          ? () => facebookAccessToken(call, context)
          : () => exchangeInstagramCode(call, context);
      case "GET access_token":
        return () => exchangeInstagramToken(call, context);
      case "GET refresh_access_token":
        return () => refreshInstagramToken(call, context);
      case "GET oauth/access_token":
        return () => facebookAccessToken(call, context);
      case "GET debug_token":
        return () => debugToken(call, context);
      default:
        return null;
    }
  })();
  return run === null ? null : simple("token", null, run);
}

function routeObject(call: GraphCall, context: GraphContext): Routed {
  const { state, random, now } = context;
  const refuse = (error: GraphError, operation: Operation = "unknown"): Routed =>
    simple(operation, null, () => errorResponse(error, random));

  const [id, edge] = call.path;
  if (id === undefined) return refuse(GRAPH_ERRORS.unknownPath);
  const read = readToken(state, call.token, now);
  if (!read.ok) {
    // The log shows the account also for a dead token.
    const guess = simple(guessOperation(call), accountsOf(id, null, context)[0]?.id ?? null, () =>
      errorResponse(read.error, random),
    );
    return guess;
  }
  const token = read.value;

  const comment = state.comments.get(id);
  if (comment !== undefined) return routeComment(call, comment, token, context);

  /** Runs `act` if the token belongs to the account and has the permission. */
  const withPermission = (
    account: Account | undefined,
    operation: Operation,
    permission: Permission,
    act: (account: Account) => GraphResponse,
  ): Routed => {
    if (account === undefined || !speaksFor(token, account)) return refuse(GRAPH_ERRORS.objectMissing, operation);
    const problem = needs(token, account, permission);
    return simple(operation, account.id, () => (problem === null ? act(account) : errorResponse(problem, random)));
  };

  const media = state.media.get(id);
  if (media !== undefined) {
    const owner = state.accounts.get(media.accountId);
    return edge === "comments"
      ? withPermission(owner, "comments", "comments", (account) => listComments(call, media, account, context))
      : withPermission(owner, "media", "basic", () => readMedia(call, media, context));
  }

  const accounts = accountsOf(id, token, context);
  const [first] = accounts;
  switch (edge) {
    case "messages":
      if (call.method === "POST") return routeSend(call, accounts, token, context);
      return refuse(GRAPH_ERRORS.method, "message");
    case "accounts":
      return simple("account", null, () => listPages(id, call, token, context));
    case "subscribed_apps":
      return withPermission(first, "subscribed_apps", "subscribe", (account) =>
        subscribedApps(call, account, account.platform === "page" || id === account.pageId, context),
      );
    case "media":
    case "feed":
      return withPermission(first, "media", "basic", (account) => listMedia(call, account, context));
    case "conversations":
      return withPermission(accountOfPlatform(call, accounts), "conversations", "messages", (account) =>
        call.method === "GET" ? listConversations(call, account, context) : errorResponse(GRAPH_ERRORS.method, random),
      );
    case "take_thread_control":
    case "pass_thread_control":
    case "request_thread_control":
      return withPermission(first, "thread_control", "messages", (account) =>
        threadControl(call, edge, account, context),
      );
    case undefined:
      break;
    default:
      return refuse(GRAPH_ERRORS.unknownPath);
  }
  const page = linkedPage(id === "me" ? token.ownerId : id, context);
  if (page !== undefined) return simple("account", null, () => readLinkedPage(call, page, token, context));
  if (first !== undefined && speaksFor(token, first)) {
    return withPermission(first, "account", "basic", (account) => readAccount(call, account, context));
  }
  if (id === "me") return simple("account", null, () => success({ id: token.ownerId, name: "Simulated person" }));
  const asked = [...state.accounts.values()].find(
    (account) => speaksFor(token, account) && state.conversation(account.id, id) !== undefined,
  );
  const conversation = asked === undefined ? undefined : state.conversation(asked.id, id);
  if (conversation === undefined) return refuse(GRAPH_ERRORS.objectMissing);
  return withPermission(asked, "person", "messages", () => readPerson(call, conversation, context));
}

/** The accounts that an id in a path can mean: the account itself first, then Instagram accounts linked to a Page. */
function accountsOf(id: string, token: Token | null, { state }: GraphContext): Account[] {
  const wanted = id === "me" ? token?.ownerId : id;
  if (wanted === undefined) return [];
  return [...state.accounts.values()]
    .filter(
      (account) =>
        account.id === wanted || account.pageId === wanted || (id !== "me" && account.appScopedId === wanted),
    )
    .sort((left, right) => Number(right.id === wanted) - Number(left.id === wanted));
}

/** The likely operation of a call with an invalid token. */
function guessOperation(call: GraphCall): Operation {
  const edge = call.path[1];
  if (edge === "messages")
    return JSON.stringify(call.params["recipient"] ?? "").includes("comment_id") ? "private_reply" : "message";
  if (edge === "replies") return "public_reply";
  return edge === "subscribed_apps" ? "subscribed_apps" : "account";
}

/** Counts the call against the account's budget and adds the usage headers. */
function withUsage(routed: Routed, context: GraphContext): GraphResponse {
  const { state, windows, now, random } = context;
  const account = routed.accountId === null ? undefined : state.accounts.get(routed.accountId);
  if (account === undefined) return routed.run();
  const key = `${account.id} budget`;
  const limit = { calls: Math.max(200, account.impressions * BUDGET_CALLS_PER_IMPRESSION), windowMs: BUDGET_WINDOW_MS };
  const waitMs = windows.waitMs(key, limit, now);
  if (waitMs === 0) windows.record(key, now);
  const result =
    waitMs === 0
      ? routed.run()
      : errorResponse(account.platform === "page" ? GRAPH_ERRORS.pageBudget : GRAPH_ERRORS.instagramBudget, random);
  const { "x-simulator-regain-ms": regain, ...headers } = result.headers;
  const regainMs = Math.max(waitMs, Number(regain ?? 0));
  const percent = regainMs > 0 ? 100 : (100 * windows.count(key, limit.windowMs, now)) / limit.calls;
  const type = account.platform === "page" ? "pages" : "instagram";
  return { ...result, headers: { ...headers, ...usageHeaders({ accountId: account.id, type, percent, regainMs }) } };
}
