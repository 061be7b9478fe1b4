/** What must never happen. */
export const RULES = {
  LOST: "acknowledged with 200, and in no ledger, quarantine or dead letters",
  UNANSWERED: "should have been answered, and is neither sent nor in an explained final state",
  DUPLICATED: "two replies for one comment, or for one message and automation",
  EARLY: "arrived at Meta before the receiver's time and the deferral",
  "OVER PACE": "more calls in a window than Meta allows",
  IMPATIENT: "called again before the time that a throttle had named",
  "SENT AFTER CANCEL": "left although its end, or a person's answer, was in the ledger already",
  SELF: "answered the account itself, an echo, a standby thread or a test event",
  UNWANTED: "answered something that no automation asks for",
  WINDOW: "arrived at Meta after its window had closed",
  UNSETTLED: "still uncertain, although the proof of it is in the ledger",
  LIE: "the ledger's state contradicts what happened at Meta",
  UNFAIR: "a quiet post waited for a viral one",
  UNDELIVERED: "Meta gave up after 36 hours without a 200",
  INTERNAL: "the code failed in a way that it should not",
} as const;

export type Rule = keyof typeof RULES;

export interface Violation {
  rule: Rule;
  /** ms since the epoch. */
  at: number;
  accountId: string;
  /** Comment id, mid or event that it is about; `""`: the account. */
  subject: string;
  detail: string;
}
