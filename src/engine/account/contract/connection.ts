/** How an account is connected, and what is known about its token. */
import type { Login, Platform } from "../../../meta/graph/request.ts";
import type { TokenWarning } from "../connection/token-schedule.ts";

/** How an account is connected. The token itself is encrypted, and never part of this. */
export interface Profile {
  id: string;
  platform: Platform;
  login: Login;
  username: string | null;
  /** The id in the Graph path when it is not the account's own: the linked Page of a Facebook Login. */
  sendAs: string | null;
  tokenExpiresAt: number | null;
  connectedAt: number;
}

export interface Connection {
  platform: Platform;
  login: Login;
  accessToken: string;
  sendAs?: string;
  username?: string;
  /** ms since the epoch. */
  tokenExpiresAt?: number;
  /** Granted permissions, where Meta has just named them. */
  scopes?: string[];
  /** ms since the epoch; given where Meta has just made and accepted the token. */
  issuedAt?: number;
}

/** What is known about the token, beside the token. */
export interface TokenState {
  savedAt: number;
  /** Null: never, or not known. */
  expiresAt: number | null;
  /** When Meta last accepted it. */
  checkedAt: number | null;
  /** Granted permissions; null where nobody said. */
  scopes: string[] | null;
  warning: TokenWarning | null;
  /** The account that Meta says the token belongs to, where that is another one. */
  belongsTo: string | null;
  /** Meta's code of the last failed check or refresh; null after one that worked. */
  failure: string | null;
  /** When it is refreshed or checked next. */
  nextAt: number;
}
