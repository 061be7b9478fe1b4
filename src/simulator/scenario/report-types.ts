/** What a verdict speaks of: what people asked, what the Graph API saw, what holds, and what came of it. */

/** Something that a person did, and what must come of it. */
export interface Asked {
  /** The comment's id; for messages the mid. */
  id: string;
  accountId: string;
  personId: string;
  kind: "private_reply" | "message";
  /** Which of Meta's limits its answer counts against. */
  lane: "private" | "live" | "message";
  /** When the delivery that was taken left Meta: no receiver can have known of it earlier. */
  toldAt: number;
  /** `taken`: another app has answered; one attempt is no fault. `any`: whatever comes of it is right. */
  must: "once" | "never" | "taken" | "any";
}

/** A call to the Graph API that was meant to send. */
export interface Call {
  at: number;
  accountId: string | null;
  operation: string;
  commentId: string | null;
  personId: string | null;
  status: number;
  code: string | null;
  durationMs: number;
  /** What was sent by it, whatever was answered. */
  mid: string | null;
}

export interface Rules {
  deferMs: number;
  lateAfterMs: number;
  maxPerPerson: number | null;
  /** Times in which nothing could be sent: outages, dead tokens. */
  blocked: readonly { accountId: string | null; from: number; to: number }[];
  /** What had its turn before this must have been answered by now, or by the time that it is late. */
  endedAt: number;
}

export interface Verdict {
  /** Answered, and not twice. */
  once: number;
  twice: number;
  /** Not answered although there was time and room. */
  never: number;
  /** Not answered yet: Meta's limit has no room for it before the end. */
  waiting: number;
  /** When the last of those would leave, at the limit's pace. */
  waitingUntil: number | null;
  early: number;
  late: number;
  overLimit: number;
  /** Answers that nobody asked for. */
  unasked: number;
  /** Most automated messages to one person. */
  longestConversation: number;
  passed: boolean;
  /** What to look at, one line a finding, at most a few of each. */
  findings: string[];
}
