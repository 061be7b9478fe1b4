/** Makes one attempt, from the durable intent to the stored result. */
import type { SendThrottle } from "../../../core/reply/send-throttle.ts";
import { rateLimitRules, accepted, measured, USAGE_SLOW_PERCENT } from "../../../core/reply/pacing.ts";
import { type Reply, RATE_LIMITS } from "../../../core/reply/reply.ts";
import type { CancelReason } from "../../../core/reply/step.ts";
import { describe } from "../../log.ts";
import { TOKEN_UNREADABLE, UNREADABLE_REASON } from "../connection/token-schedule.ts";
import { sendStatus } from "../alarm.ts";
import type { AccountPorts, CommentReading, SendResponse, SendOrder } from "../ports.ts";
import { getToken } from "../tables/credentials.ts";
import { findReply, setMessage } from "../tables/replies.ts";
import { getSettings, getValue } from "../tables/settings.ts";
import { openToken } from "../connection/token.ts";
import { transition } from "./transition.ts";
import { restoreRefused, weighAnswer } from "./weigh-answer.ts";
import { judgeEchoesBeforeSend, judgeWaitingEchoes } from "../ingest/echo-match.ts";
import { lastSentAt } from "../directory-sync.ts";
import type { MessageContent } from "../../../core/automation/automation.ts";
import { render } from "../../../core/automation/template.ts";
import { fitText } from "../../../core/automation/text.ts";
import type { Settings } from "../../../core/settings.ts";
import { textLimitOf } from "../../../meta/limits.ts";
import type { Platform } from "../../../meta/graph/request.ts";
import { readRateLimit, storeRateLimit } from "../tables/rate-limits.ts";

/**
 * An attempt that has not started its request after this time is cancelled. A later run judges the attempt at GRACE_MS,
 * and no request may leave after that.
 */
const STALE_MS = 20_000;

/** Certainly not sent: the row waits again. */
const notSent = (reason: string): SendResponse => ({
  outcome: { kind: "retry", code: reason, reason },
  usage: null,
});

/** Sends one attempt of a reply, which the caller has committed as `sending`. Never throws for errors of Meta. */
export async function attempt(
  ports: AccountPorts,
  accountId: string,
  replyId: string,
  attemptNumber: number,
  throttle: SendThrottle,
): Promise<void> {
  const answer = await makeCall(ports, accountId, replyId, attemptNumber, throttle);
  if (answer !== null) applySendResult(ports, accountId, replyId, attemptNumber, answer);
}

async function makeCall(
  ports: AccountPorts,
  accountId: string,
  replyId: string,
  attemptNumber: number,
  throttle: SendThrottle,
): Promise<SendResponse | null> {
  const profile = getValue(ports.sql, "profile");
  const opened = await openToken(ports, accountId);
  if (profile === null || opened.kind === "none") return notSent("not_connected");
  if (opened.kind === "unreadable") {
    return {
      outcome: { kind: "account", code: TOKEN_UNREADABLE, reason: UNREADABLE_REASON, problem: "token" },
      usage: null,
    };
  }
  const { token } = opened;

  const planned = current(ports, replyId, attemptNumber);
  if (planned === null) return null;
  const settings = getSettings(ports.sql, ports.config.deferSeconds);
  if (needsRead(planned, settings)) {
    const order = { commentId: planned.to.commentId, reads: planned.reads, profile, token };
    const reading = await ports.graph.readComment(order).catch((): CommentReading => ({ kind: "unknown" }));
    if (reading.kind === "gone" || (reading.kind === "found" && reading.hidden)) {
      return cancelUnsent(ports, accountId, replyId, "comment_gone");
    }
    if (planned.reads.length > 0) {
      const message = fillReads(planned, reading, profile.platform);
      if (message.text === "" && message.attachment === undefined) {
        return cancelUnsent(ports, accountId, replyId, "template_empty");
      }
      setMessage(ports.sql, replyId, message);
      // An echo is matched by its text, so the text must be durable before the request leaves.
      await ports.sync();
    }
  }

  const leaveAt = throttle.next(planned.rateLimit, rateLimitRules(settings.pacing)[planned.rateLimit], ports.now());
  if (leaveAt > ports.now()) await ports.sleep(leaveAt - ports.now());

  // Read again after every await: meanwhile the person may have unsent the message, or this object may be a zombie.
  const leaving = current(ports, replyId, attemptNumber);
  if (leaving === null) return null;
  const undecidedUntil = judgeEchoesBeforeSend(ports, accountId, leaving);
  const reply = current(ports, replyId, attemptNumber);
  if (reply === null) return null;
  if (reply.cancelReason !== null) return notSent(reply.cancelReason);
  // The API has confirmed a stop of sending to its caller, so nothing may leave after it.
  if (!sendStatus(ports, ports.now()).maySend) return { outcome: { kind: "called_off", code: "stopped" }, usage: null };
  // Perhaps a person has answered. What is then pending must not leave.
  if (undecidedUntil !== null) {
    return { outcome: { kind: "called_off", code: "echo_undecided", until: undecidedUntil }, usage: null };
  }
  if (reply.attemptAt === null || ports.now() - reply.attemptAt > STALE_MS) return notSent("stale_attempt");
  const { echoMetadata } = settings;
  const order: SendOrder = {
    replyId,
    attempt: attemptNumber,
    kind: reply.kind,
    to: reply.to,
    message: reply.message,
    ...(echoMetadata === "auto" ? {} : { echoMetadata }),
    profile,
    token,
  };
  try {
    return ofThatToken(ports, opened.sealed, await ports.graph.send(order));
  } catch (error) {
    // The call to the sender failed. It is not known whether the sender had already sent the message.
    ports.log("sender_unreachable", { accountId, replyId, error: describe(error) });
    return { outcome: { kind: "ambiguous", code: "sender_unreachable", reason: "sender_unreachable" }, usage: null };
  }
}

/**
 * Returns the result, or a retry if it is about a token that was replaced in the meantime. A hold because of the old
 * token would never end.
 */
function ofThatToken(ports: AccountPorts, sealed: string, answer: SendResponse): SendResponse {
  const { outcome } = answer;
  if (outcome.kind !== "account" || outcome.problem === "blocked" || getToken(ports.sql) === sealed) return answer;
  return { ...answer, outcome: { kind: "retry", code: outcome.code, reason: outcome.reason } };
}

/** Cancels a reply whose attempt was certainly not sent. */
function cancelUnsent(ports: AccountPorts, accountId: string, replyId: string, reason: CancelReason): SendResponse {
  ports.sql.transaction(() => {
    const reply = findReply(ports.sql, replyId);
    if (reply !== null) transition(ports, accountId, reply, { type: "cancel", reason });
  });
  return notSent(reason);
}

/** The row, if this attempt is still its newest and has no result. */
function current(ports: AccountPorts, replyId: string, attemptNumber: number): Reply | null {
  const reply = findReply(ports.sql, replyId);
  return reply !== null && reply.state === "sending" && reply.attempts === attemptNumber ? reply : null;
}

/** Whether the comment must be read before this send. */
export function needsRead(reply: Reply, settings: Settings): reply is Reply & { to: { commentId: string } } {
  if (!("commentId" in reply.to)) return false;
  return reply.reads.length > 0 || (settings.recheckComments && reply.kind === "private_reply");
}

/** Fills the read values into the message. A value that could not be read becomes the field's default, or empty. */
export function fillReads(
  reply: Pick<Reply, "kind" | "message">,
  reading: CommentReading,
  platform: Platform,
): MessageContent {
  if (reply.message.text === undefined) return reply.message;
  const fields: Record<string, string> = {};
  if (reading.kind === "found") {
    if (reading.parentText !== null) fields["parent.text"] = reading.parentText;
    if (reading.permalink !== null) fields["media.permalink"] = reading.permalink;
  }
  return { ...reply.message, text: fitText(render(reply.message.text, fields), textLimitOf(reply.kind, platform)) };
}

/** Stores one result in its row, and what it says about the rate limit. */
export function applySendResult(
  ports: AccountPorts,
  accountId: string,
  replyId: string,
  attemptNumber: number,
  answer: SendResponse,
): void {
  ports.sql.transaction(() => {
    const reply = findReply(ports.sql, replyId);
    if (reply === null) return;
    const { usage } = answer;
    const outcome = weighAnswer(ports, accountId, reply, answer.outcome);
    const { uncertainMessages } = getSettings(ports.sql, ports.config.deferSeconds);
    const conditions = { retryUncertainMessages: uncertainMessages === "retry", lastSentAt: lastSentAt(ports.sql) };
    const done = transition(ports, accountId, reply, { type: "answered", attempt: attemptNumber, outcome, conditions });
    if (outcome.kind === "account" && outcome.reason === "same_refusal") restoreRefused(ports, accountId, reply.id);
    const personId = done?.reply.personId ?? reply.personId;
    if (personId !== null) judgeWaitingEchoes(ports, accountId, personId);
    if (outcome.kind === "accepted" || usage !== null) {
      // A throttled response has usage headers too. Only an accepted call ends the series of throttled calls.
      const after = outcome.kind === "accepted" ? accepted : measured;
      storeRateLimit(ports.sql, reply.rateLimit, after(readRateLimit(ports.sql, reply.rateLimit), usage, ports.now()));
    }
    // The usage headers are about the account's and the app's quota, not about this one rate limit.
    if (usage === null || usage.percent < USAGE_SLOW_PERCENT) return;
    for (const rateLimit of RATE_LIMITS) {
      if (rateLimit !== reply.rateLimit)
        storeRateLimit(ports.sql, rateLimit, measured(readRateLimit(ports.sql, rateLimit), usage, ports.now()));
    }
  });
}
