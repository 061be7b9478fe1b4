/**
 * When an access token has to be looked after, and how. Pure: the account's alarm asks, and works it out anew each time.
 *
 * Instagram tokens live 60 days and can be refreshed from the second day on; refreshed from day 50, ten tries are left
 * before one dies (https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login).
 * Page tokens do not expire, but die with a changed password, a lost role or a removed app, so Meta is asked once a day
 * (https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived).
 */
import { DAY_MS, HOUR_MS } from "../../../core/time.ts";
import type { Login } from "../../../meta/graph/request.ts";

/** How long a fresh Instagram token lives. */
const LIFE_MS = 60 * DAY_MS;
const REFRESH_AT_AGE_MS = 50 * DAY_MS;
/** Meta refuses to refresh a younger one. */
const YOUNGEST_MS = DAY_MS;
/** After a token was given by hand: soon enough to say that it is the wrong one, late enough for the rest of the set-up. */
const FIRST_CHECK_MS = 10 * 60_000;
const CHECK_EVERY_MS = DAY_MS;
const AFTER_REFUSAL_MS = DAY_MS;
/** Meta gave no usable answer: nothing is known about the token. */
const AFTER_SILENCE_MS = HOUR_MS;
const WARNING_MS = 7 * DAY_MS;

/** Why nothing can be done with the token: no configured key opens it. Not Meta's code but our own. */
export const TOKEN_UNREADABLE = "token_unreadable";
export const UNREADABLE_REASON =
  "The stored token cannot be decrypted: the key that did it is not in TOKEN_ENCRYPTION_KEY any more.";

/** Why nothing is sent with a token that Meta accepts: it speaks for somebody else. Not Meta's code but our own. */
export const WRONG_ACCOUNT = "wrong_account";
export const WRONG_ACCOUNT_REASON =
  "The stored token belongs to another account: connect this one with a token of its own.";

/** What is remembered about the account's token, beside the token. Times are ms since the epoch. */
export interface TokenRecord {
  /** When it was stored here. */
  savedAt: number;
  /** When Meta made it; null where nobody said. */
  issuedAt: number | null;
  /** Null: never, or not known. */
  expiresAt: number | null;
  /** Granted permissions; null where nobody said. */
  scopes: string[] | null;
  /** When Meta last accepted it. */
  checkedAt: number | null;
  /** When the last check or refresh failed; null after one that worked. */
  failedAt: number | null;
  /** Meta's code for that failure. */
  failure: string | null;
  /** The failure was an answer, not the lack of one. */
  refused: boolean;
  /** Meta says that the token belongs to this account instead; null: to the right one. */
  belongsTo: string | null;
}

/** The record of a token that was just stored. One that Meta has just made needs no check before tomorrow. */
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

/** What to do next with a token of this login, and when. */
export function nextTokenTask(login: Login, token: TokenRecord): TokenTask {
  const afterFailure =
    token.failedAt === null ? 0 : token.failedAt + (token.refused ? AFTER_REFUSAL_MS : AFTER_SILENCE_MS);
  const seenAt = token.checkedAt ?? 0;
  const checkAt = Math.max(seenAt === 0 ? token.savedAt + FIRST_CHECK_MS : seenAt + CHECK_EVERY_MS, afterFailure);
  if (login === "facebook") return { do: "check", at: checkAt };
  const refreshAt = Math.max(refreshTime(token), afterFailure);
  // A dead token cannot be refreshed; the check says so, and holds the account.
  const dies = token.expiresAt ?? Infinity;
  return refreshAt <= checkAt && refreshAt < dies ? { do: "refresh", at: refreshAt } : { do: "check", at: checkAt };
}

/** When the token is old enough to be refreshed with profit. */
function refreshTime({ savedAt, issuedAt, expiresAt }: TokenRecord): number {
  if (expiresAt === null) return (issuedAt ?? savedAt) + YOUNGEST_MS;
  const made = issuedAt ?? Math.min(savedAt, expiresAt - LIFE_MS);
  return Math.max(expiresAt - (LIFE_MS - REFRESH_AT_AGE_MS), made + YOUNGEST_MS);
}

/** `expired`: only a new login helps. `expires_soon`: within 7 days, so refreshing must have failed. */
export type TokenWarning = "expired" | "expires_soon" | "refused" | "wrong_account";

/** What a person should know of the token; null: all is well. The worst of several. */
export function tokenWarning(token: TokenRecord, now: number): TokenWarning | null {
  if (token.belongsTo !== null) return "wrong_account";
  if (token.expiresAt !== null && now >= token.expiresAt) return "expired";
  if (token.failedAt !== null && token.refused) return "refused";
  if (token.expiresAt !== null && now >= token.expiresAt - WARNING_MS) return "expires_soon";
  return null;
}
