/** The rules of the checker: what must never happen. */
export const RULES = {
  LOST: "acknowledged with 200, but in no ledger, quarantine or dead letters",
  UNANSWERED: "should have a reply, but it is neither sent nor in a final state with a valid reason",
  DUPLICATED: "two replies for one comment, or for one message and automation",
  EARLY: "arrived at Meta before the time of receipt plus the reply delay",
  "OVER PACE": "more calls in a window than Meta allows",
  IMPATIENT: "called again before the time that a throttling error gave",
  "SENT AFTER CANCEL": "sent although its deletion or a human reply was already in the ledger",
  SELF: "a reply to the account itself, an echo, a standby thread or a test event",
  ORDER: "a public reply before the private reply that it speaks of",
  UNWANTED: "a reply that no automation requests",
  WINDOW: "arrived at Meta after its window had closed",
  UNSETTLED: "still uncertain although the proof is in the ledger",
  LIE: "the ledger's state contradicts what happened at Meta",
  UNFAIR: "a quiet post waited for a viral post",
  UNDELIVERED: "Meta gave up after 36 hours without a 200",
  INTERNAL: "an unexpected failure of the code",
} as const;

export type Rule = keyof typeof RULES;

export interface Violation {
  rule: Rule;
  /** ms since the epoch. */
  at: number;
  accountId: string;
  /** Comment id, mid or event id; `""`: the account. */
  subject: string;
  detail: string;
}
