/** Parses the responses of the token endpoints in all their forms. */
import { err, ok, type Result } from "../../core/result.ts";
import { codeText, findRow, type MetaError, readError } from "../errors/lookup.ts";
import { nextCursor } from "../graph/reading.ts";
import { bodyOf, type GraphResponse } from "../graph/response.ts";
import { flagAt, idAt, isObject, listAt, numberAt, objectAt, textAt, timeAt } from "../json.ts";

/** Why a login failed. `code` is Meta's code, or the reason why there is none. */
export type OAuthProblem =
  /** The code is used, expired, or was issued for another redirect URL. The person can start again. */
  | { reason: "code_refused"; code: string }
  /** App id or secret are wrong: no login works until the developer fixes them. */
  | { reason: "app_refused"; code: string }
  /** A token is not valid or does not have a required permission. */
  | { reason: "refused"; code: string }
  /** No usable response. */
  | { reason: "unavailable"; code: string };

export interface CodeGrant {
  accessToken: string;
  /** The id in the response with an Instagram token. Meta's pages disagree about the kind of id. */
  userId: string | null;
  /** Granted permissions, if the response contains them. */
  permissions: string[] | null;
}

export interface LivedToken {
  accessToken: string;
  /** From now; null: not given. */
  expiresInMs: number | null;
}

/** The parsed body of a successful response, or the problem. */
export function readOAuthResponse(answer: GraphResponse): Result<unknown, OAuthProblem> {
  if (answer.kind !== "answer") return err({ reason: "unavailable", code: answer.kind });
  const body = bodyOf(answer);
  const problem = readOAuthError(body);
  if (problem !== null) return err(problem);
  if (answer.status >= 200 && answer.status < 300 && isObject(body)) return ok(body);
  return err({ reason: "unavailable", code: `http_${answer.status}` });
}

/**
 * Instagram: `{"data":[{"access_token","user_id","permissions"}]}`, or the same fields on the object itself, with
 * `user_id` as a number and `permissions` as text or list. Facebook: `{"access_token","token_type","expires_in"}`.
 */
export function toCodeGrant(body: unknown): CodeGrant | null {
  const grant = isObject(listAt(body, "data")[0]) ? listAt(body, "data")[0] : body;
  const accessToken = textAt(grant, "access_token");
  if (accessToken === null) return null;
  const listed = listAt(grant, "permissions").filter((name) => typeof name === "string");
  const written = textAt(grant, "permissions")
    ?.split(/[\s,]+/)
    .filter((name) => name !== "");
  const permissions = written ?? (listed.length > 0 ? listed : null);
  return { accessToken, userId: idAt(grant, "user_id"), permissions };
}

/** `{"access_token","token_type","expires_in"}`, with seconds in the last. */
export function toLivedToken(body: unknown): LivedToken | null {
  const accessToken = textAt(body, "access_token");
  const seconds = numberAt(body, "expires_in");
  return accessToken === null ? null : { accessToken, expiresInMs: seconds === null ? null : seconds * 1_000 };
}

export interface InstagramMe {
  /** `entry.id` of its webhooks. */
  userId: string;
  /** The id in deauthorize and deletion callbacks. */
  appScopedId: string | null;
  username: string | null;
}

/** null: the response has no account id, so the account cannot be connected. */
export function toInstagramMe(body: unknown): InstagramMe | null {
  // The response to `me` is documented as a list, but an object was also seen.
  const me = isObject(listAt(body, "data")[0]) ? listAt(body, "data")[0] : body;
  const userId = idAt(me, "user_id");
  return userId === null ? null : { userId, appScopedId: idAt(me, "id"), username: textAt(me, "username") };
}

export interface FacebookPage {
  id: string;
  name: string | null;
  accessToken: string;
  instagram: { id: string; username: string | null } | null;
}

/** Pages without a token (the person has no task on them) cannot be connected and are skipped. */
export function toPages(body: unknown): { pages: FacebookPage[]; after: string | null } {
  const pages = listAt(body, "data").flatMap((item): FacebookPage[] => {
    const id = idAt(item, "id");
    const accessToken = textAt(item, "access_token");
    if (id === null || accessToken === null) return [];
    const linked = objectAt(item, "instagram_business_account");
    const instagramId = idAt(linked, "id");
    const instagram = instagramId === null ? null : { id: instagramId, username: textAt(linked, "username") };
    return [{ id, name: textAt(item, "name"), accessToken, instagram }];
  });
  return { pages, after: nextCursor(body) };
}

export interface TokenFacts {
  valid: boolean;
  scopes: string[];
  /** ms since the epoch; null: never. */
  expiresAt: number | null;
  /** When the app loses access to the person's data unless they log in again; null: not given. */
  dataAccessExpiresAt: number | null;
  /** App-scoped id of the person who granted the token. */
  userId: string | null;
}

/** `debug_token`. Zero means "never". */
export function toTokenFacts(body: unknown): TokenFacts | null {
  const data = objectAt(body, "data");
  if (data === null) return null;
  return {
    valid: flagAt(data, "is_valid"),
    scopes: listAt(data, "scopes").filter((scope) => typeof scope === "string"),
    expiresAt: timeAt(data, "expires_at"),
    dataAccessExpiresAt: timeAt(data, "data_access_expires_at"),
    userId: idAt(data, "user_id"),
  };
}

const UNSUPPORTED = /unsupported (\w+ )?(request|method)|method type|unknown (path|method)/i;
const MISSING = /missing .*(param|token)|(param|token).* (missing|required)/i;
/** "An active access token must be used …": Meta did not read the header. */
const NO_TOKEN_SEEN = 2500;

/**
 * Whether Meta did not support the form of the request: unsupported method, or Meta reports a parameter from the body
 * or header as missing. A wrong code or secret, an invalid token and internal errors at Meta show that the form is
 * supported.
 */
export function isFormRefused(answer: GraphResponse): boolean {
  if (answer.kind !== "answer" || answer.status >= 500) return false;
  if (answer.status === 405) return true;
  const body = bodyOf(answer);
  const error = readError(body);
  if (error === null || error.code === 190 || isThrottle(error)) return false;
  const message = textAt(objectAt(body, "error"), "message") ?? "";
  return error.code === NO_TOKEN_SEEN || UNSUPPORTED.test(message) || MISSING.test(message);
}

/**
 * Whether the documented form of a call with a token is worth a try: Meta has refused the quiet form for any reason but
 * a rate limit, or the response cannot be read. Such a call consumes nothing.
 */
export function mayBeFormRefused(answer: GraphResponse): boolean {
  if (answer.kind !== "answer") return false;
  const body = bodyOf(answer);
  const error = readError(body);
  // A subcode of 190 tells what is wrong with the token, so Meta has read it.
  if (error?.code === 190 && error.subcode !== null) return false;
  if (error !== null) return answer.status < 500 && !isThrottle(error);
  if (answer.status === TOO_MANY) return false;
  return toLivedToken(body) === null;
}

/**
 * Graph errors (`{"error":{…}}`) and errors of api.instagram.com (`{"error_type","code","error_message"}`). The message
 * is checked but not passed on, because it may repeat the content of the request.
 */
function readOAuthError(body: unknown): OAuthProblem | null {
  const graph = readError(body);
  if (graph !== null) {
    const message = textAt(objectAt(body, "error"), "message") ?? "";
    return { reason: reasonOf(graph, message), code: codeText(graph) };
  }
  const type = textAt(body, "error_type");
  if (type === null) return null;
  const code = numberAt(body, "code");
  const error = { code: code ?? 0, subcode: null, isTransient: false };
  return {
    reason: reasonOf(error, textAt(body, "error_message") ?? ""),
    code: code === null ? type : String(code),
  };
}

/** api.instagram.com uses the HTTP status as the code of this error. */
const TOO_MANY = 429;

const isThrottle = (error: MetaError): boolean => findRow(error)?.action.do === "throttle";

/** The code is not enough: 100 and 400 are used for an invalid code and for a wrong secret. */
function reasonOf(error: MetaError, message: string): OAuthProblem["reason"] {
  const { code, isTransient } = error;
  // Check this first: "Application request limit reached" also contains "application".
  if (code === TOO_MANY || isThrottle(error)) return "unavailable";
  // 101: "Error validating application".
  if (code === 101 || /client[ _]?secret|client[ _]?id|platform app|validating application/i.test(message)) {
    return "app_refused";
  }
  if (/\bcode\b|redirect[ _]?uri|verification/i.test(message)) return "code_refused";
  return isTransient || code === 1 || code === 2 ? "unavailable" : "refused";
}
