/** The logins over HTTP. Nothing throws. Meta's messages are not passed on, except for the app's own callbacks. */
import { err, ok, type Result } from "../../core/result.ts";
import { type GraphResponse, type GraphProblem, readAnswer } from "../graph/response.ts";
import { isolateMemory, type ProofMemory } from "../graph/app-secret-proof.ts";
import { ask, type Fetch } from "../graph/http.ts";
import type { GraphCall, Login } from "../graph/request.ts";
import { idAt, listAt, parseJson, textAt, objectAt, flagAt } from "../json.ts";
import {
  type CodeGrant,
  type FacebookPage,
  type InstagramMe,
  isFormRefused,
  mayBeFormRefused,
  type LivedToken,
  type OAuthProblem,
  readOAuthResponse,
  toCodeGrant,
  type TokenFacts,
  toInstagramMe,
  toLivedToken,
  toPages,
  toTokenFacts,
} from "./token-response.ts";
import * as request from "./login-request.ts";
import type { AppSubscription, OAuthHosts, QuietCall } from "./login-request.ts";

export interface OAuthApp {
  id: string;
  /** Tried in this order. During a rotation there are two. */
  secrets: readonly string[];
}

export interface OAuthClientOptions {
  hosts: OAuthHosts;
  instagram: OAuthApp;
  facebook: OAuthApp;
  fetch: Fetch;
  /** Default: 10 s. */
  timeoutMs?: number;
  /** Which `appsecret_proof` Graph accepted so far. Default: one for the isolate. */
  proofMemory?: ProofMemory;
  /** Which form of a call worked so far. Default: one for the isolate. */
  formMemory?: FormMemory;
}

/** Per host and path of a `QuietCall`: the form that Meta answered with a token. */
export type FormMemory = Map<string, "quiet" | "documented">;

const isolateForms: FormMemory = new Map();

export interface AppSubscriptionAnswer {
  success: boolean;
  /** Meta's code, or the reason why there is none; null on success. */
  code: string | null;
  /** Meta's message without the secrets of the request; null if there is none. */
  message: string | null;
}

export interface OAuthClient {
  instagramCode(code: string, redirectUri: string): Promise<Result<CodeGrant, OAuthProblem>>;
  instagramLongLived(token: string): Promise<Result<LivedToken, OAuthProblem>>;
  instagramRefresh(token: string): Promise<Result<LivedToken, GraphProblem>>;
  instagramMe(token: string): Promise<Result<InstagramMe, GraphProblem>>;
  facebookCode(code: string, redirectUri: string): Promise<Result<CodeGrant, OAuthProblem>>;
  facebookLongLived(token: string): Promise<Result<LivedToken, OAuthProblem>>;
  /** The app-scoped id of the person. */
  facebookMe(token: string): Promise<Result<string, GraphProblem>>;
  /** The id of the account, if the token can read it. */
  facebookAccount(token: string, accountId: string): Promise<Result<string, GraphProblem>>;
  facebookPages(token: string): Promise<Result<FacebookPage[], GraphProblem>>;
  debugToken(token: string): Promise<Result<TokenFacts, GraphProblem>>;
  appSubscriptions(): Promise<Result<{ object: string; callbackUrl: string | null; fields: string[] }[], GraphProblem>>;
  subscribeApp(wanted: AppSubscription): Promise<AppSubscriptionAnswer>;
}

const TIMEOUT_MS = 10_000;

/** Maximum number of result pages. With 100 Pages each, this is 1000 Pages per person. */
const MAX_PAGE_LISTS = 10;

/**
 * Both logins with the given `fetch`. To exchange a code or token, the secrets of the app are tried in turn while Meta
 * refuses the secret. Nothing throws.
 */
export function createOAuthClient(options: OAuthClientOptions): OAuthClient {
  const { hosts, instagram, facebook } = options;
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const memory = options.proofMemory ?? isolateMemory;
  const forms = options.formMemory ?? isolateForms;
  const run = (call: GraphCall, token: string | null = null) => ask(options.fetch, call, token, timeoutMs);
  /** With `appsecret_proof`, for calls that act with an access token. */
  const runAs = (login: Login, call: GraphCall, header: string | null, token: string) =>
    ask(options.fetch, call, header, timeoutMs, { login, token, secrets: options[login].secrets, memory });

  async function read<T>(
    login: Login,
    call: GraphCall,
    token: string,
    pick: (body: unknown) => T | null,
  ): Promise<Result<T, GraphProblem>> {
    return pickFrom(await runAs(login, call, token, token), pick);
  }

  /** Tries each secret in turn while Meta refuses the secret. Such a refusal does not consume the code. */
  async function exchange<T>(
    app: OAuthApp,
    call: (secret: string) => GraphCall | QuietCall,
    pick: (body: unknown) => T | null,
  ): Promise<Result<T, OAuthProblem>> {
    let problem: OAuthProblem = { reason: "app_refused", code: "no_secret" };
    for (const secret of app.secrets) {
      const answer = readOAuthResponse(await quietly(call(secret)));
      if (answer.ok) {
        const value = pick(answer.value);
        return value === null ? err({ reason: "unavailable", code: "unreadable_answer" }) : ok(value);
      }
      problem = answer.error;
      if (problem.reason !== "app_refused") break;
    }
    return err(problem);
  }

  /** Tries the quiet form first, and the form with secrets in the URL only if Meta may not support the quiet form. */
  async function quietly(call: GraphCall | QuietCall): Promise<GraphResponse> {
    if (!("quiet" in call)) return await run(call);
    const { origin, pathname } = new URL(call.quiet.url);
    const key = `${origin}${pathname}`;
    const known = forms.get(key);
    if (known === "documented" && !call.consumes) return await run(call.documented);
    const quiet = await runQuiet(call);
    if (isGrant(quiet)) forms.set(key, "quiet");
    const refused = isFormRefused(quiet) || (!call.consumes && known !== "quiet" && mayBeFormRefused(quiet));
    if (!refused) return quiet;
    const documented = await run(call.documented);
    if (isGrant(documented)) forms.set(key, "documented");
    return documented.kind === "answer" ? documented : quiet;
  }

  const runQuiet = ({ quiet, bearer }: QuietCall): Promise<GraphResponse> =>
    bearer === null ? run(quiet) : runAs("instagram", quiet, bearer, bearer);

  const appToken = (): string => `${facebook.id}|${facebook.secrets[0] ?? ""}`;

  return {
    instagramCode: (code, redirectUri) =>
      exchange(
        instagram,
        (clientSecret) => request.instagramCode(hosts, { clientId: instagram.id, clientSecret, redirectUri, code }),
        toCodeGrant,
      ),
    instagramLongLived: (token) =>
      exchange(instagram, (secret) => request.instagramLongLived(hosts, secret, token), toLivedToken),
    instagramRefresh: async (token) => pickFrom(await quietly(request.instagramRefresh(hosts, token)), toLivedToken),
    instagramMe: (token) => read("instagram", request.instagramMe(hosts), token, toInstagramMe),
    facebookCode: (code, redirectUri) =>
      exchange(
        facebook,
        (clientSecret) => request.facebookCode(hosts, { clientId: facebook.id, clientSecret, redirectUri, code }),
        toCodeGrant,
      ),
    facebookLongLived: (token) =>
      exchange(
        facebook,
        (clientSecret) => request.facebookLongLived(hosts, { clientId: facebook.id, clientSecret }, token),
        toLivedToken,
      ),
    facebookMe: (token) => read("facebook", request.facebookMe(hosts), token, (body) => idAt(body, "id")),
    facebookAccount: (token, accountId) =>
      read("facebook", request.facebookAccount(hosts, accountId), token, (body) => idAt(body, "id")),
    async facebookPages(token) {
      const pages: FacebookPage[] = [];
      let after: string | null = null;
      for (let list = 0; list < MAX_PAGE_LISTS; list++) {
        const answer: Result<ReturnType<typeof toPages>, GraphProblem> = await read(
          "facebook",
          request.facebookPages(hosts, after),
          token,
          toPages,
        );
        if (!answer.ok) return answer;
        pages.push(...answer.value.pages);
        after = answer.value.after;
        if (after === null) break;
      }
      return ok(pages);
    },
    debugToken: (token) => read("facebook", request.debugToken(hosts, token), appToken(), toTokenFacts),
    appSubscriptions: () =>
      read("facebook", request.listAppSubscriptions(hosts, facebook.id), appToken(), (body) =>
        listAt(body, "data").flatMap((item) => {
          const object = textAt(item, "object");
          // Fields are names, or objects with a name and a version.
          const fields = listAt(item, "fields").flatMap((field) =>
            typeof field === "string" ? [field] : (textAt(field, "name") ?? []),
          );
          return object === null ? [] : [{ object, callbackUrl: textAt(item, "callback_url"), fields }];
        }),
      ),
    async subscribeApp(wanted) {
      const answer = await runAs("facebook", request.subscribeApp(hosts, facebook.id, wanted), appToken(), appToken());
      const result = readAnswer(answer);
      if (result.ok && flagAt(result.value, "success")) return { success: true, code: null, message: null };
      const secrets = [wanted.verifyToken, ...facebook.secrets, ...instagram.secrets];
      return {
        success: false,
        code: result.ok ? "unreadable_answer" : result.error.code,
        message: answer.kind === "answer" ? without(secrets, messageOf(answer.body)) : null,
      };
    },
  };
}

function pickFrom<T>(given: GraphResponse, pick: (body: unknown) => T | null): Result<T, GraphProblem> {
  const answer = readAnswer(given);
  if (!answer.ok) return answer;
  const value = pick(answer.value);
  return value === null ? err({ reason: "unavailable", code: "unreadable_answer" }) : ok(value);
}

/** Whether Meta has answered with a token. */
function isGrant(answer: GraphResponse): boolean {
  const read = readOAuthResponse(answer);
  return read.ok && (toLivedToken(read.value) ?? toCodeGrant(read.value)) !== null;
}

const MAX_MESSAGE_CHARS = 300;

function messageOf(body: string): string | null {
  try {
    return textAt(objectAt(parseJson(body), "error"), "message");
  } catch {
    return null;
  }
}

function without(secrets: readonly string[], message: string | null): string | null {
  if (message === null) return null;
  const clean = secrets
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, "…"), message);
  return clean.slice(0, MAX_MESSAGE_CHARS);
}
