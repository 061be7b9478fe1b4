/**
 * What one call to the Graph API has shown. `meta` reads it from the answer (or its absence); `step` acts on it.
 *
 * Only `accepted` proves that the reply was sent, and only `refused`, `retry`, `throttled` and `account` prove that it
 * was not. Everything else is `ambiguous`: the reply may have been sent.
 */
export type SendOutcome =
  | { kind: "accepted"; messageId: string | null; recipientId: string | null }
  /** Not sent, and never will be: `code` is `code` or `code/subcode` of Meta's error. */
  | { kind: "refused"; code: string; reason: string }
  /** Not sent; worth another try later. */
  | { kind: "retry"; code: string; reason: string }
  /** Not sent: a rate limit. `waitMs` from the usage headers, null where they name no time. */
  | { kind: "throttled"; code: string; reason: string; waitMs: number | null }
  /** Not sent, and nothing of this account will be until somebody acts (`token`, `permission`) or time passes (`blocked`). */
  | { kind: "account"; code: string; reason: string; problem: AccountProblem }
  /** May have been sent: a timeout, a broken connection, a 5xx, an unknown or ambiguous code. */
  | { kind: "ambiguous"; code: string; reason: string };

export type AccountProblem = "token" | "permission" | "blocked";

/** How full Meta says that the account's quota is; percent, from X-App-Usage and X-Business-Use-Case-Usage. */
export interface Usage {
  percent: number;
  /** ms until access comes back, where Meta names it. */
  regainMs: number | null;
}
