/** Access tokens: their account, their validity and their permissions. */
import { DAY_MS, HOUR_MS } from "../../core/time.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { GRAPH_ERRORS, permissionMissing, tokenDead, type GraphError } from "./graph-error.ts";
import type { Random } from "../notifications/meta-ids.ts";
import type { Account, GraphState, Token } from "./graph-state.ts";

/** Short-lived tokens live an hour, long-lived ones 60 days (documentation: Business Login for Instagram). */
export const SHORT_LIVED_MS = HOUR_MS;
export const LONG_LIVED_MS = 60 * DAY_MS;
/** A token must be this old before it can be refreshed. */
export const REFRESH_AFTER_MS = DAY_MS;

export const INSTAGRAM_LOGIN_SCOPES = [
  "instagram_business_basic",
  "instagram_business_manage_messages",
  "instagram_business_manage_comments",
] as const;

export const FACEBOOK_LOGIN_SCOPES = [
  "instagram_basic",
  "instagram_manage_messages",
  "instagram_manage_comments",
  "pages_show_list",
  "pages_manage_metadata",
  "pages_messaging",
  "pages_read_engagement",
  "pages_manage_engagement",
] as const;

/** A permission that a call needs. Its name at Meta depends on the login. */
export type Permission = "basic" | "messages" | "comments" | "subscribe";

const PERMISSIONS: Record<"instagram" | "facebook" | "page", Record<Permission, string>> = {
  instagram: {
    basic: "instagram_business_basic",
    messages: "instagram_business_manage_messages",
    comments: "instagram_business_manage_comments",
    subscribe: "instagram_business_basic",
  },
  facebook: {
    basic: "instagram_basic",
    messages: "instagram_manage_messages",
    comments: "instagram_manage_comments",
    subscribe: "pages_manage_metadata",
  },
  page: {
    basic: "pages_read_engagement",
    messages: "pages_messaging",
    comments: "pages_manage_engagement",
    subscribe: "pages_manage_metadata",
  },
};

export const permissionName = (account: Account, permission: Permission): string =>
  PERMISSIONS[account.platform === "page" ? "page" : account.login][permission];

/** Finds a valid token. */
export function readToken(state: GraphState, value: string | null, now: number): Result<Token, GraphError> {
  if (value === null || value === "") return err(GRAPH_ERRORS.tokenMissing);
  const token = state.tokens.get(value);
  if (token === undefined) return err(GRAPH_ERRORS.tokenUnreadable);
  if (token.deadSubcode !== null) return err(tokenDead(token.deadSubcode));
  if (token.expiresAt !== null && token.expiresAt <= now) return err(GRAPH_ERRORS.tokenExpired);
  return ok(token);
}

/**
 * Whether a token belongs to the account. A Page's token is also valid for the linked Instagram account. A Facebook user's
 * token is valid for every Page that the person manages, but `needs` only lets it read.
 */
export function speaksFor(token: Token, account: Account): boolean {
  if (token.kind === "user") return account.platform === "page" || account.login === "facebook";
  return token.ownerId === account.id || (token.kind === "page" && token.ownerId === account.pageId);
}

/** What a call lacks: a Page token instead of a Facebook user's token, or a permission. */
export function needs(token: Token, account: Account, permission: Permission): GraphError | null {
  if (token.kind === "user" && permission !== "basic") return GRAPH_ERRORS.pageTokenNeeded;
  const name = permissionName(account, permission);
  return token.scopes.includes(name) ? null : permissionMissing(name);
}

const PREFIX: Record<Token["kind"], string> = {
  instagram: "IGAAsimulated",
  page: "EAAsimulatedPage",
  user: "EAAsimulatedUser",
};

/** Creates and stores a new token. */
export function issueToken(
  state: GraphState,
  grant: { kind: Token["kind"]; ownerId: string; scopes?: readonly string[]; livesMs: number | null },
  now: number,
  random: Random,
): Token {
  const noise = Array.from({ length: 4 }, () =>
    Math.floor(random() * 36 ** 8)
      .toString(36)
      .padStart(8, "0"),
  ).join("");
  const scopes = grant.scopes ?? (grant.kind === "instagram" ? INSTAGRAM_LOGIN_SCOPES : FACEBOOK_LOGIN_SCOPES);
  const value = `${PREFIX[grant.kind]}${noise}`;
  return state.tokens.put(value, {
    value,
    kind: grant.kind,
    ownerId: grant.ownerId,
    scopes: [...scopes],
    issuedAt: now,
    expiresAt: grant.livesMs === null ? null : now + grant.livesMs,
    deadSubcode: null,
  });
}
