/** A sample reply for each state, and helpers to read the result of `step`. */
import type { Reply, ReplyState } from "../../../src/core/reply/reply.ts";
import {
  type AnswerContext,
  GRACE_MS,
  type SendConditions,
  type ReplyEvent,
  type Step,
  step,
} from "../../../src/core/reply/step.ts";

/** The current time, unless a test sets another one. */
export const NOW = 1_000_000_000;
/** When the latest attempt was committed. Its grace period is over. */
export const ATTEMPT_AT = NOW - GRACE_MS;
const DUE_AT = ATTEMPT_AT - 1_000;
export const EXPIRES_AT = NOW + 86_400_000;

export const ALLOWED: SendConditions & AnswerContext = {
  sending: "on",
  connected: true,
  held: false,
  humanActive: false,
  retryUncertainMessages: false,
  lastSentAt: null,
};

/** A private reply of an automation to a comment, waiting for its first attempt. */
const PENDING: Reply = {
  id: "r_1",
  eventId: "instagram:1:comment:c1",
  automationId: "guide",
  kind: "private_reply",
  rateLimit: "private",
  groupKey: "media_1",
  to: { commentId: "c1" },
  about: "c1",
  personId: "person_1",
  message: { text: "Here it is" },
  reads: [],
  state: "pending",
  reason: null,
  createdAt: DUE_AT - 10_000,
  dueAt: DUE_AT,
  expiresAt: EXPIRES_AT,
  wakeAt: DUE_AT,
  attempts: 0,
  failures: 0,
  attemptAt: null,
  ambiguous: false,
  cancelReason: null,
  sentAt: null,
  messageId: null,
  afterId: null,
  whenRefused: null,
  thread: null,
  byPerson: false,
  heldAt: null,
};

/** The other columns for each state. All states except `pending` have one attempt. */
const IN_STATE: Record<ReplyState, Partial<Reply>> = {
  pending: {},
  sending: { attempts: 1, attemptAt: ATTEMPT_AT, wakeAt: NOW },
  sent: { attempts: 1, attemptAt: ATTEMPT_AT, wakeAt: null, sentAt: ATTEMPT_AT + 300, messageId: "mid.1" },
  refused: { attempts: 1, attemptAt: ATTEMPT_AT, wakeAt: null, reason: "10/2534022" },
  uncertain: { attempts: 1, attemptAt: ATTEMPT_AT, wakeAt: NOW, ambiguous: true, failures: 1, reason: "timeout" },
  cancelled: { attempts: 1, attemptAt: ATTEMPT_AT, wakeAt: null, reason: "by_request" },
  expired: { attempts: 1, attemptAt: ATTEMPT_AT, wakeAt: null, reason: "window_closed" },
};

/** A reply in this state; `more` overrides columns. */
export function reply(state: ReplyState, more: Partial<Reply> = {}): Reply {
  return { ...PENDING, ...IN_STATE[state], state, ...more };
}

/** The result of `step` now, without randomness. */
export const decide = (row: Reply, event: ReplyEvent, now = NOW, random = 0): Step => step(row, event, now, random);

/** The row after the step; unchanged if the step writes nothing. */
export function after(row: Reply, event: ReplyEvent, now = NOW, random = 0): Reply {
  return { ...row, ...step(row, event, now, random).write?.set };
}
