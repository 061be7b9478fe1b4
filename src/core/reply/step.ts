/**
 * The state machine of one reply, as a pure function: from the row, an event and the time it computes what to write and
 * which effects to run. The Account executes them. The simulation runs the same code under Node.
 *
 * Three rules:
 *
 * 1. An attempt is committed (`sending`, `attempts` + 1) before the request is sent, so it survives a crash.
 * 2. Only evidence resolves an attempt: Meta's response, an echo, Meta's refusal of a second private reply, a person.
 *    A reply that may have been sent is never marked as not sent, and such a message is not sent again.
 * 3. `sent` is final.
 */
import type { Settings } from "../settings.ts";
import { type AccountProblem, DONE_ALREADY, type SendOutcome } from "./outcome.ts";
import { type RateLimit, RATE_LIMITS, type Reply } from "./reply.ts";

/**
 * Grace period of an attempt without a response: request timeout (10 s) + the 30 s in which Cloudflare lets a replaced
 * object finish its work + time for an echo. Until then, the outcome of a `sending` row is unknown.
 * https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/
 */
export const GRACE_MS = 90_000;

/** Waits after the 1st, 2nd, 3rd … attempt that Meta rejected for a temporary reason. The last one repeats. */
const RETRY_DELAYS_MS = [15_000, 60_000, 300_000, 900_000, 3_600_000];

/** After this many temporary rejections the reply becomes `refused`. An error code may have a lower limit. */
const MAX_RETRIES = 12;

/**
 * Waits before a private reply with an unknown outcome is retried. Meta allows one private reply per comment, so a
 * refusal of the second attempt proves that the first was sent. After the last wait, a person decides.
 */
const UNCERTAIN_DELAYS_MS = [GRACE_MS, 600_000, 3_600_000];

/** Meta lifts a temporary block without notice and does not say when. */
const BLOCKED_HOLD_MS = 3_600_000;

/** When a hold ends, a reply that was not its cause goes first: the cause may be this reply alone. */
const HELD_REPLY_LAST_MS = 60_000;

export type CancelReason =
  | "comment_gone"
  | "message_unsent"
  | "human_answered"
  | "by_request"
  | "dry_run"
  /** The text was blank after the fields were read from Meta. */
  | "template_empty"
  /** The private reply that this public reply refers to was not sent and will not be. */
  | "private_reply_unsent"
  | "erased"
  | "disconnected";

/** The conditions of the account under which a reply may be sent now. */
export interface SendConditions {
  sending: Settings["sending"];
  connected: boolean;
  held: boolean;
  /** A person is handling this conversation now (human takeover). */
  humanActive: boolean;
  /** The owner prefers the risk of a second message to an unsent one. */
  retryUncertainMessages: boolean;
}

/** What the account knows when an answer comes. */
export interface AnswerContext extends Pick<SendConditions, "retryUncertainMessages"> {
  /** When the account last sent anything; null: never. */
  lastSentAt: number | null;
}

export type ReplyEvent =
  /** The reply is due and the rate limit allows a call. */
  | { type: "due"; conditions: SendConditions }
  | {
      type: "answered";
      attempt: number;
      outcome: SendOutcome;
      conditions: AnswerContext;
    }
  /** Still `sending` after the grace period: the object that sent it was replaced, so no response will come. */
  | { type: "unanswered"; conditions: Pick<SendConditions, "retryUncertainMessages"> }
  | { type: "echoed"; messageId: string | null }
  | { type: "cancel"; reason: CancelReason }
  | { type: "hasten" }
  /** The reply that it waited for was sent: it may leave at `at`, or when it is due. */
  | { type: "released"; at: number }
  /** Its refusal was the account's fault, not its own: it waits again, from `at`. */
  | { type: "restored"; at: number }
  | { type: "resolve"; as: "sent" | "refused" | "retry" }
  /** The reply window closed while the reply waited. */
  | { type: "overdue" };

/** Compare-and-set: applied only if the row is unchanged since it was read. */
export interface ReplyWrite {
  id: string;
  expect: Pick<Reply, "state" | "attempts">;
  set: Partial<Reply>;
}

export type Effect =
  /** Send it. The result comes back as `answered` with this attempt number. */
  | { type: "send"; replyId: string; attempt: number; rateLimit: RateLimit }
  /** Meta throttles: no calls under these rate limits for `waitMs`; null if Meta gave no time. */
  | { type: "slow_down"; rateLimits: readonly RateLimit[]; waitMs: number | null }
  /** The account sends nothing before `until` (null: until a person acts). */
  | { type: "hold_account"; problem: AccountProblem; code: string; reason: string; until: number | null };

export interface Step {
  write: ReplyWrite | null;
  effects: Effect[];
}

const NOTHING: Step = { write: null, effects: [] };

/**
 * Decides the next step of one reply.
 *
 * @param now ms since the epoch
 * @param random in [0, 1): spreads retries, so that rows rejected together are not retried together
 */
export function step(reply: Reply, event: ReplyEvent, now: number, random: number): Step {
  if (reply.state === "sent") return confirmSent(reply, event);
  switch (event.type) {
    case "due":
      return due(reply, event.conditions, now);
    case "answered":
      return answered(reply, event, now, random);
    case "unanswered":
      if (reply.state !== "sending" || reply.attemptAt === null || now < reply.attemptAt + GRACE_MS) return NOTHING;
      return write(reply, uncertain(reply, "no_answer", now, event.conditions.retryUncertainMessages));
    case "echoed":
      // Without an attempt, the echo belongs to another reply.
      if (reply.attempts === 0) return NOTHING;
      return write(reply, sent(event.messageId ?? reply.messageId, "echo", now));
    case "cancel":
      return cancel(reply, event.reason);
    case "hasten": {
      if (reply.state !== "pending") return NOTHING;
      const dueAt = Math.min(reply.dueAt, now);
      return write(reply, reply.afterId === null ? { dueAt, wakeAt: now } : { dueAt });
    }
    case "released": {
      if (reply.state !== "pending" || reply.afterId === null) return NOTHING;
      const dueAt = Math.max(reply.dueAt, event.at);
      return write(reply, { afterId: null, dueAt, wakeAt: dueAt });
    }
    case "restored":
      if (reply.state !== "refused" || reply.ambiguous || now >= reply.expiresAt) return NOTHING;
      return write(reply, { state: "pending", reason: null, wakeAt: event.at });
    case "resolve":
      return resolve(reply, event.as, now);
    case "overdue":
      return overdue(reply, now);
  }
}

/** Whether the row waits for its first send or a retry. */
export function isWaiting(reply: Reply): boolean {
  return reply.wakeAt !== null && (reply.state === "pending" || reply.state === "uncertain");
}

function due(reply: Reply, conditions: SendConditions, now: number): Step {
  if (!isWaiting(reply) || reply.wakeAt === null || now < reply.wakeAt || now < reply.dueAt) return NOTHING;
  if (now >= reply.expiresAt) return overdue(reply, now);
  // A blocked row wakes to expire, not to be sent.
  if (reply.afterId !== null) return NOTHING;
  if (reply.state === "pending") {
    if (conditions.sending === "dry_run") return cancel(reply, "dry_run");
    if (conditions.humanActive && !reply.byPerson && reply.kind !== "public_reply") {
      return cancel(reply, "human_answered");
    }
  }
  if (conditions.sending !== "on" || !conditions.connected || conditions.held) return NOTHING;
  const attempt = reply.attempts + 1;
  return {
    ...write(reply, { state: "sending", attempts: attempt, attemptAt: now, wakeAt: now + GRACE_MS, reason: null }),
    effects: [{ type: "send", replyId: reply.id, attempt, rateLimit: reply.rateLimit }],
  };
}

function answered(reply: Reply, event: Extract<ReplyEvent, { type: "answered" }>, now: number, random: number): Step {
  const { attempt, outcome, conditions } = event;
  // The strongest evidence, even if it is late or from an earlier attempt.
  if (outcome.kind === "accepted") {
    const personId = reply.personId ?? outcome.recipientId;
    return write(reply, { ...sent(outcome.messageId, null, now), personId });
  }
  // A result of an attempt that is already resolved says nothing about later attempts.
  if (reply.state !== "sending" || reply.attempts !== attempt) return NOTHING;
  switch (outcome.kind) {
    case "refused":
      if (reply.ambiguous && DONE_ALREADY.has(outcome.reason)) return write(reply, sent(null, "presumed", now));
      return write(reply, givenUp(reply, outcome.code));
    case "retry": {
      const failures = reply.failures + 1;
      const delaysMs = outcome.delaysMs ?? RETRY_DELAYS_MS;
      const tries = outcome.tries ?? (outcome.delaysMs === undefined ? MAX_RETRIES : delaysMs.length + 1);
      if (failures >= tries) return write(reply, { ...givenUp(reply, outcome.code), failures });
      const wakeAt = now + spread(at(delaysMs, failures - 1), random);
      return write(reply, { ...again(reply, outcome.code, wakeAt), failures });
    }
    case "throttled":
      // The rate limit waits, so the row stays due. A throttle is not a failure of the row.
      return {
        ...write(reply, again(reply, outcome.code, now)),
        effects: [
          {
            type: "slow_down",
            rateLimits: outcome.scope === "account" ? RATE_LIMITS : [reply.rateLimit],
            waitMs: outcome.waitMs,
          },
        ],
      };
    case "account":
      return holdAccount(reply, outcome, conditions.lastSentAt, now);
    case "called_off":
      return write(reply, again(reply, outcome.code, outcome.until ?? now));
    case "ambiguous":
      return write(reply, uncertain(reply, outcome.code, now, conditions.retryUncertainMessages, outcome.final));
  }
}

/**
 * Meta answers that nothing of this account will be sent. It may be about this one reply (a link, a text): the others
 * then go first when the hold ends, and if it brings a second hold after others have passed, it is refused.
 */
function holdAccount(
  reply: Reply,
  outcome: Extract<SendOutcome, { kind: "account" }>,
  lastSentAt: number | null,
  now: number,
): Step {
  const { problem, code, reason, holdMs } = outcome;
  const othersPassed = reply.heldAt !== null && lastSentAt !== null && lastSentAt > reply.heldAt;
  if (problem !== "token" && othersPassed) return write(reply, givenUp(reply, code));
  const until = holdMs !== undefined ? now + holdMs : problem === "blocked" ? now + BLOCKED_HOLD_MS : null;
  const wakeAt = until === null ? now : until + HELD_REPLY_LAST_MS;
  return {
    ...write(reply, { ...again(reply, code, wakeAt), heldAt: now }),
    effects: [{ type: "hold_account", problem, code, reason, until }],
  };
}

/** Turned away for certain: waits again, unless a cancellation came while it was on its way. */
function again(reply: Reply, code: string, wakeAt: number): Partial<Reply> {
  if (reply.ambiguous) {
    // The outcome of an earlier attempt is still unknown, so the row stays uncertain.
    return { state: "uncertain", reason: code, wakeAt: reply.cancelReason === null ? wakeAt : null };
  }
  if (reply.cancelReason !== null) return settled("cancelled", reply.cancelReason);
  return { state: "pending", wakeAt };
}

/** Certainly rejected, and a retry is useless. If an earlier attempt is ambiguous, a person must resolve the row. */
function givenUp(reply: Reply, code: string): Partial<Reply> {
  return reply.ambiguous ? { state: "uncertain", reason: code, wakeAt: null } : settled("refused", code);
}

function uncertain(reply: Reply, reason: string, now: number, retryMessages: boolean, final = false): Partial<Reply> {
  // Counted from the first attempt that left a doubt: what Meta had turned away for certain before it says nothing about it.
  const failures = reply.ambiguous ? reply.failures + 1 : 1;
  const mayRetry = !final && reply.cancelReason === null && (reply.kind === "private_reply" || retryMessages);
  const delayMs = UNCERTAIN_DELAYS_MS[failures - 1];
  // Counted from the attempt, not from now: the retry must wait until the attempt can no longer arrive.
  const wakeAt = mayRetry && delayMs !== undefined ? Math.max(now, (reply.attemptAt ?? now) + delayMs) : null;
  return { state: "uncertain", ambiguous: true, reason, failures, wakeAt };
}

function cancel(reply: Reply, reason: CancelReason): Step {
  switch (reply.state) {
    case "pending":
      return write(reply, settled("cancelled", reason));
    case "sending":
      return write(reply, { cancelReason: reason });
    case "uncertain":
      // It may have been sent: stop retrying and wait for evidence.
      return write(reply, { cancelReason: reason, wakeAt: null });
    case "sent":
    case "refused":
    case "cancelled":
    case "expired":
      return NOTHING;
  }
}

function resolve(reply: Reply, as: "sent" | "refused" | "retry", now: number): Step {
  if (reply.state !== "uncertain") return NOTHING;
  switch (as) {
    case "sent":
      return write(reply, sent(reply.messageId, "resolved", now));
    case "refused":
      return write(reply, settled("refused", "resolved"));
    case "retry":
      return write(reply, { state: "pending", ambiguous: false, failures: 0, cancelReason: null, wakeAt: now });
  }
}

function overdue(reply: Reply, now: number): Step {
  if (now < reply.expiresAt) return NOTHING;
  if (reply.state === "pending") return write(reply, settled("expired", "window_closed"));
  if (reply.state === "uncertain" && reply.wakeAt !== null) return write(reply, { wakeAt: null });
  return NOTHING;
}

/** A row that is `sent` can only learn its message id. */
function confirmSent(reply: Reply, event: ReplyEvent): Step {
  const messageId =
    event.type === "echoed"
      ? event.messageId
      : event.type === "answered" && event.outcome.kind === "accepted"
        ? event.outcome.messageId
        : null;
  if (messageId === null || reply.messageId !== null) return NOTHING;
  return write(reply, { messageId });
}

function sent(messageId: string | null, reason: string | null, now: number): Partial<Reply> {
  return { state: "sent", messageId, reason, sentAt: now, wakeAt: null };
}

function settled(state: "refused" | "cancelled" | "expired", reason: string): Partial<Reply> {
  return { state, reason, wakeAt: null };
}

function write(reply: Reply, set: Partial<Reply>): Step {
  return { write: { id: reply.id, expect: { state: reply.state, attempts: reply.attempts }, set }, effects: [] };
}

function at(delaysMs: readonly number[], index: number): number {
  return delaysMs[Math.min(index, delaysMs.length - 1)] ?? 0;
}

/** The delay, up to a quarter longer. Never shorter, because a wait that Meta gave is a lower bound. */
function spread(delayMs: number, random: number): number {
  return Math.ceil(delayMs * (1 + random / 4));
}
