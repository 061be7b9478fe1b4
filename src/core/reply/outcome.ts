/**
 * The outcome of one Graph API call. `meta` derives it from the response (or a missing response); `step` acts on it.
 *
 * Only `accepted` proves that the reply was sent, and only `refused`, `retry`, `throttled`, `account` and `called_off`
 * prove that it was not. Everything else is `ambiguous`: the reply may have been sent.
 */
export type SendOutcome =
  | { kind: "accepted"; messageId: string | null; recipientId: string | null }
  /** Not sent, and never will be: `code` is `code` or `code/subcode` of Meta's error. */
  | { kind: "refused"; code: string; reason: string }
  /**
   * Not sent; worth another try later. `tries`: how many in all, where more are known to be of no use. `delaysMs`: the
   * waits before each further try, instead of the usual ones.
   */
  | { kind: "retry"; code: string; reason: string; tries?: number; delaysMs?: readonly number[] }
  /** Not sent: a rate limit. `waitMs` from the usage headers or known for the code, null where nothing names a time. */
  | { kind: "throttled"; code: string; reason: string; scope: ThrottleScope; waitMs: number | null }
  /** Not sent, and nothing of this account will be until a person acts (`token`, `permission`) or time passes (`blocked`). */
  | { kind: "account"; code: string; reason: string; problem: AccountProblem; holdMs?: number }
  /** Not sent: it never left, because the account may not send, or the reply may not yet. No failure of the reply's. */
  | { kind: "called_off"; code: string; until?: number }
  /**
   * May have been sent: a timeout, a broken connection, a 5xx, an unknown or ambiguous code. The reason of a code that
   * is not in the table is `unknown_code`: worth a line in the log.
   * `final`: another try proves nothing and cannot succeed.
   */
  | { kind: "ambiguous"; code: string; reason: string; final?: boolean };

/**
 * Reasons with which Meta refuses a reply that it has already sent. After an attempt that may have been sent, they
 * prove that it was sent. Other refusals (comment deleted, person unreachable) only show that nothing more can be sent.
 */
export const DONE_ALREADY: ReadonlySet<string> = new Set(["already_replied", "duplicate"]);

/** What a rate limit counts: calls of this kind, or all sends of the account. */
export type ThrottleScope = "kind" | "account";

export type AccountProblem = "token" | "permission" | "blocked";

/** Used part of the account's quota in percent, from Meta's usage headers. */
export interface Usage {
  percent: number;
  /** ms until Meta allows calls again, if its headers say so. */
  regainMs: number | null;
}
