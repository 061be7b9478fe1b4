/**
 * Tokens: code exchange, long-lived exchange, refresh, and `debug_token`
 * (documentation: Business Login for Instagram; Facebook Login, Get long-lived tokens).
 */
import { err, type Result } from "../../core/result.ts";
import {
  errorResponse,
  success,
  textParam,
  type GraphCall,
  type GraphContext,
  type GraphResponse,
} from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS, permissionMissing, type GraphError } from "./graph-error.ts";
import type { Token } from "./graph-state.ts";
import { issueToken, LONG_LIVED_MS, readToken, REFRESH_AFTER_MS, SHORT_LIVED_MS } from "./access-token.ts";

/** Errors of api.instagram.com have another format. */
const instagramError = (message: string): GraphResponse => ({
  status: 400,
  headers: {},
  body: { error_type: "OAuthException", code: 400, error_message: message },
  effects: [],
});

/** `POST api.instagram.com/oauth/access_token`: a code becomes a short-lived token. */
export function exchangeInstagramCode(call: GraphCall, context: GraphContext): GraphResponse {
  const { app, now, random, state } = context;
  if (textParam(call, "grant_type") !== "authorization_code") return instagramError("Invalid grant_type");
  if (textParam(call, "client_id") !== app.instagramAppId) return instagramError("Invalid platform app");
  if (!app.secrets.includes(textParam(call, "client_secret") ?? ""))
    return instagramError("Error validating client secret.");
  const code = takeCode(call, "instagram", context);
  if (typeof code === "string") return instagramError(code);
  const grant = { kind: "instagram", ownerId: code.ownerId, scopes: code.scopes, livesMs: SHORT_LIVED_MS } as const;
  const token = issueToken(state, grant, now, random);
  return success({
    data: [{ access_token: token.value, user_id: code.ownerId, permissions: code.scopes.join(",") }],
  });
}

/** A code is valid once, for an hour, and for one redirect_uri. @returns the grant, or the error message */
function takeCode(
  call: GraphCall,
  login: "instagram" | "facebook",
  { state, now }: GraphContext,
): { ownerId: string; scopes: string[] } | string {
  const value = (textParam(call, "code") ?? "").replace(/#_$/, "");
  const code = state.codes.get(value);
  if (code === undefined || code.login !== login) return "Invalid authorization code";
  state.codes.delete(value);
  if (code.expiresAt <= now) return "This authorization code has expired";
  if (textParam(call, "redirect_uri") !== code.redirectUri)
    return "Error validating verification code: redirect_uri differs";
  return code;
}

/** `GET graph.instagram.com/access_token` (`ig_exchange_token`): short-lived to long-lived. */
export function exchangeInstagramToken(call: GraphCall, context: GraphContext): GraphResponse {
  const { app, state, now, random } = context;
  if (textParam(call, "grant_type") !== "ig_exchange_token") {
    return errorResponse(badParameter("grant_type must be ig_exchange_token"), context.random);
  }
  if (!app.secrets.includes(textParam(call, "client_secret") ?? "")) {
    return errorResponse({ ...badParameter("Error validating client secret."), code: 1 }, context.random);
  }
  const old = livingToken(call.token, "instagram", context);
  if (!old.ok) return errorResponse(old.error, context.random);
  const { ownerId, scopes } = old.value;
  const grant = { kind: "instagram", ownerId, scopes, livesMs: LONG_LIVED_MS } as const;
  return longLived(issueToken(state, grant, now, random).value);
}

/** Reads a token for an exchange: it must be valid, of this kind, and have the basic permission. */
function livingToken(
  value: string | null,
  kind: "instagram" | "user",
  { state, now }: GraphContext,
): Result<Token, GraphError> {
  const read = readToken(state, value, now);
  if (!read.ok) return read;
  if (read.value.kind !== kind) return err(GRAPH_ERRORS.tokenUnreadable);
  if (kind === "instagram" && !read.value.scopes.includes(BASIC)) return err(permissionMissing(BASIC));
  return read;
}

const BASIC = "instagram_business_basic";

const longLived = (value: string): GraphResponse =>
  success({ access_token: value, token_type: "bearer", expires_in: LONG_LIVED_MS / 1000 });

/** `GET graph.instagram.com/refresh_access_token`: at least a day old, alive, with the basic permission. */
export function refreshInstagramToken(call: GraphCall, context: GraphContext): GraphResponse {
  const { state, now } = context;
  if (textParam(call, "grant_type") !== "ig_refresh_token") {
    return errorResponse(badParameter("grant_type must be ig_refresh_token"), context.random);
  }
  const read = livingToken(call.token, "instagram", context);
  if (!read.ok) return errorResponse(read.error, context.random);
  const token = read.value;
  if (now - token.issuedAt < REFRESH_AFTER_MS) {
    return errorResponse(badParameter("The access token must be at least 24 hours old"), context.random);
  }
  state.tokens.put(token.value, { ...token, issuedAt: now, expiresAt: now + LONG_LIVED_MS });
  return longLived(token.value);
}

/** `GET graph.facebook.com/oauth/access_token`: a code, or `fb_exchange_token` for a long-lived user token. */
export function facebookAccessToken(call: GraphCall, context: GraphContext): GraphResponse {
  const { app, state, now, random } = context;
  if (textParam(call, "client_id") !== app.appId || !app.secrets.includes(textParam(call, "client_secret") ?? "")) {
    return errorResponse({ ...badParameter("Error validating client secret."), code: 1 }, context.random);
  }
  const grantType = textParam(call, "grant_type");
  if (grantType === "client_credentials")
    return success({ access_token: `${app.appId}|${app.secrets[0] ?? ""}`, token_type: "bearer" });
  if (grantType === "fb_exchange_token") {
    const old = livingToken(textParam(call, "fb_exchange_token"), "user", context);
    if (!old.ok) return errorResponse(old.error, context.random);
    const { ownerId, scopes } = old.value;
    const grant = { kind: "user", ownerId, scopes, livesMs: LONG_LIVED_MS } as const;
    return longLived(issueToken(state, grant, now, random).value);
  }
  const code = takeCode(call, "facebook", context);
  if (typeof code === "string") return errorResponse(badParameter(code), context.random);
  const grant = { kind: "user", ownerId: code.ownerId, scopes: code.scopes, livesMs: SHORT_LIVED_MS } as const;
  const token = issueToken(state, grant, now, random);
  return success({ access_token: token.value, token_type: "bearer", expires_in: SHORT_LIVED_MS / 1000 });
}

/** `GET /debug_token`, with the app's own token (`APPID|SECRET`). */
export function debugToken(call: GraphCall, context: GraphContext): GraphResponse {
  const { app, state, now } = context;
  if (!isAppToken(call.token, context)) return errorResponse(GRAPH_ERRORS.tokenUnreadable, context.random);
  const token = state.tokens.get(textParam(call, "input_token") ?? "");
  if (token === undefined) {
    return success({
      data: { is_valid: false, scopes: [], error: { code: 190, message: "Invalid OAuth access token." } },
    });
  }
  const expired = token.expiresAt !== null && token.expiresAt <= now;
  return success({
    data: {
      app_id: app.appId,
      type: token.kind === "page" ? "PAGE" : "USER",
      application: "Replyline (simulated)",
      data_access_expires_at: Math.floor((now + 90 * 24 * 3600 * 1000) / 1000),
      expires_at: token.expiresAt === null ? 0 : Math.floor(token.expiresAt / 1000),
      is_valid: token.deadSubcode === null && !expired,
      issued_at: Math.floor(token.issuedAt / 1000),
      profile_id: token.kind === "page" ? token.ownerId : undefined,
      scopes: token.scopes,
      user_id: token.ownerId,
    },
  });
}

/** `APPID|SECRET`, for either app id and any of the secrets. */
export function isAppToken(token: string | null, { app }: GraphContext): boolean {
  const bar = token?.indexOf("|") ?? -1;
  if (token === null || bar === -1) return false;
  const id = token.slice(0, bar);
  return (id === app.appId || id === app.instagramAppId) && app.secrets.includes(token.slice(bar + 1));
}
