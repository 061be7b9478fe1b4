/**
 * When an access token must be refreshed or checked. Pure: the alarm computes it again each time.
 *
 * Instagram tokens are valid for 60 days and can be refreshed after one day. The refresh starts at day 50, which leaves
 * ten attempts before the token expires
 * (https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login).
 * Page tokens do not expire. They become invalid when the password changes, a role is lost or the app is removed, so
 * they are checked once a day
 * (https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived).
 */
import { DAY_MS, HOUR_MS } from "../../../core/time.ts";
import type { Login } from "../../../meta/graph/request.ts";

/** Validity of a new Instagram token. */
const LIFE_MS = 60 * DAY_MS;
const REFRESH_AT_AGE_MS = 50 * DAY_MS;
/** Meta refuses to refresh a younger token. */
const YOUNGEST_MS = DAY_MS;
/** After a token was set manually: soon enough to report a wrong token, late enough to finish the setup first. */
const FIRST_CHECK_MS = 10 * 60_000;
const CHECK_EVERY_MS = DAY_MS;
const AFTER_REFUSAL_MS = DAY_MS;
/** Meta returned no usable response, so nothing is known about the token. */
const AFTER_SILENCE_MS = HOUR_MS;
const WARNING_MS = 7 * DAY_MS;
/** Only a login of the person extends it, so the warning comes earlier. */
const DATA_ACCESS_WARNING_MS = 14 * DAY_MS;

/** The token cannot be used: no configured key opens it. Our own code, not Meta's. */
export const TOKEN_UNREADABLE = "token_unreadable";
export const UNREADABLE_REASON = "The stored token cannot be decrypted. Its key is no longer in TOKEN_ENCRYPTION_KEY.";

/** Nothing is sent with a token of another account, even if Meta accepts it. Our own code, not Meta's. */
export const WRONG_ACCOUNT = "wrong_account";
export const WRONG_ACCOUNT_REASON =
  "The stored token belongs to another account. Connect this account with its own token.";

/** What is stored about the account's token, apart from the token. Times are ms since the epoch. */
export interface TokenRecord {
  /** When the token was stored. */
  savedAt: number;
  /** When Meta issued the token; null if not known. */
  issuedAt: number | null;
  /** Null: the token never expires, or its expiry is not known. */
  expiresAt: number | null;
  /**
   * When the app loses access to the person's data, 90 days after their last login, although the token stays valid
   * (https://developers.facebook.com/docs/facebook-login/auth-vs-data). Null: never. Absent: not known.
   */
  dataAccessExpiresAt?: number | null | undefined;
  /** Granted permissions; null if not known. */
  scopes: string[] | null;
  /** When Meta last accepted the token. */
  checkedAt: number | null;
  /** When the last check or refresh failed; null after a success. */
  failedAt: number | null;
  /** Meta's code for that failure. */
  failure: string | null;
  /** Meta refused the token. False: Meta did not respond. */
  refused: boolean;
  /** The account that the token belongs to according to Meta; null: the right one. */
  belongsTo: string | null;
}

/** The record of a token that was just stored. A token that Meta has just issued needs no check before tomorrow. */
export function newToken(
  now: number,
  given: { tokenExpiresAt?: number | undefined; scopes?: string[] | undefined; issuedAt?: number | undefined },
): TokenRecord {
  return {
    savedAt: now,
    issuedAt: given.issuedAt ?? null,
    expiresAt: given.tokenExpiresAt ?? null,
    scopes: given.scopes ?? null,
    checkedAt: given.issuedAt === undefined ? null : now,
    failedAt: null,
    failure: null,
    refused: false,
    belongsTo: null,
  };
}

export type TokenTask = { do: "refresh" | "check"; at: number };

/** The next task for a token of this login, and its time. */
export function nextTokenTask(login: Login, token: TokenRecord): TokenTask {
  const afterFailure =
    token.failedAt === null ? 0 : token.failedAt + (token.refused ? AFTER_REFUSAL_MS : AFTER_SILENCE_MS);
  const seenAt = token.checkedAt ?? 0;
  const checkAt = Math.max(seenAt === 0 ? token.savedAt + FIRST_CHECK_MS : seenAt + CHECK_EVERY_MS, afterFailure);
  if (login === "facebook") return { do: "check", at: checkAt };
  const refreshAt = Math.max(refreshTime(token), afterFailure);
  // An expired token cannot be refreshed. The check reports it and holds the account.
  const dies = token.expiresAt ?? Infinity;
  return refreshAt <= checkAt && refreshAt < dies ? { do: "refresh", at: refreshAt } : { do: "check", at: checkAt };
}

/** When the token is refreshed: Meta refuses earlier refreshes, or they would gain little. */
function refreshTime({ savedAt, issuedAt, expiresAt }: TokenRecord): number {
  if (expiresAt === null) return (issuedAt ?? savedAt) + YOUNGEST_MS;
  const made = issuedAt ?? Math.min(savedAt, expiresAt - LIFE_MS);
  return Math.max(expiresAt - (LIFE_MS - REFRESH_AT_AGE_MS), made + YOUNGEST_MS);
}

/**
 * `expired`: only a new login helps. `expires_soon`: within 7 days, so refreshing must have failed. `data_access_ends`:
 * the token stays valid, but Meta stops access to the person's data within 14 days, or already has.
 */
export type TokenWarning = "expired" | "expires_soon" | "refused" | "wrong_account" | "data_access_ends";

/** Whether the check should also read scopes and expiry: not known yet, or a new login may have extended them. */
export const wantsTokenFacts = (login: Login, token: TokenRecord, now: number): boolean =>
  token.scopes === null ||
  (login === "facebook" && (token.dataAccessExpiresAt === undefined || dataAccessEnds(token, now)));

const dataAccessEnds = ({ dataAccessExpiresAt }: TokenRecord, now: number): boolean =>
  dataAccessExpiresAt != null && now >= dataAccessExpiresAt - DATA_ACCESS_WARNING_MS;

/** The most important warning about the token; null: no problem. */
export function tokenWarning(token: TokenRecord, now: number): TokenWarning | null {
  if (token.belongsTo !== null) return "wrong_account";
  if (token.expiresAt !== null && now >= token.expiresAt) return "expired";
  if (token.failedAt !== null && token.refused) return "refused";
  if (token.expiresAt !== null && now >= token.expiresAt - WARNING_MS) return "expires_soon";
  if (dataAccessEnds(token, now)) return "data_access_ends";
  return null;
}
