/** The types of a scenario report: the expected replies, the Graph calls, the rules and the result. */

/** An event, and the reply that it must cause. */
export interface ExpectedReply {
  /** The comment's id; for messages the mid. */
  id: string;
  accountId: string;
  personId: string;
  kind: "private_reply" | "message";
  /** The rate limit of Meta that the reply counts against. */
  rateLimit: "private" | "live" | "message";
  /** When the accepted delivery left Meta. No receiver can know of the event earlier. */
  deliveredAt: number;
  /** `taken`: another app has replied, and one attempt is no error. `any`: every outcome is correct. */
  must: "once" | "never" | "taken" | "any";
}

/** A Graph API call that tried to send something. */
export interface Call {
  at: number;
  accountId: string | null;
  operation: string;
  commentId: string | null;
  personId: string | null;
  status: number;
  code: string | null;
  durationMs: number;
  /** What the call sent, whatever the response was. */
  mid: string | null;
}

export interface ReportRules {
  deferMs: number;
  lateAfterMs: number;
  maxPerPerson: number | null;
  /** Periods in which nothing could be sent: outages, dead tokens. */
  blocked: readonly { accountId: string | null; from: number; to: number }[];
  /** Every reply whose turn was before this time must have been sent by now, or before it is late. */
  endedAt: number;
}

export interface ScenarioReport {
  /** Exactly one reply. */
  once: number;
  twice: number;
  /** No reply, although there was time and the rate limit allowed it. */
  never: number;
  /** No reply yet: Meta's rate limit does not allow it before the end. */
  waiting: number;
  /** When the rate limit allows the last of those. */
  waitingUntil: number | null;
  early: number;
  late: number;
  overLimit: number;
  /** Replies that must not exist. */
  unasked: number;
  /** The most automated messages to one person. */
  longestConversation: number;
  passed: boolean;
  /** One line for each finding, at most three of a kind. */
  findings: string[];
}
