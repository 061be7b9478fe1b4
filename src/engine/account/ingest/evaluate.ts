/** Asks the account's automations about one event, and schedules what they want sent. */
import { HOUR_MS } from "../../../core/time.ts";
import type { Automation, Decision } from "../../../core/automation/automation.ts";
import { decide, type PlannedReply, type DecisionContext } from "../../../core/automation/decide.ts";
import type { Subject } from "../../../core/automation/subject.ts";
import type { MetaEvent } from "../../../core/event.ts";
import { rateLimitOf, windowCloses } from "../../../meta/limits.ts";
import { readSubject } from "../../../meta/subject.ts";
import type { Sql } from "../../storage/sql.ts";
import type { AccountPorts } from "../ports.ts";
import { schedule } from "../outbox/enqueue.ts";
import { currentAutomations } from "../tables/automations.ts";
import { findConversation } from "../tables/conversations.ts";
import { findEvent, setDecisions } from "../tables/events.ts";
import { countAutomatedTo, privateRepliesTo } from "../tables/related-replies.ts";
import { privateReplyOf } from "../tables/replies.ts";
import { getSettings, getValue } from "../tables/settings.ts";
import { tombstoneOf } from "../tables/tombstones.ts";

/** Meta may notify twice of a comment under a boosted post, once under the ad's media; so close together, it is one. */
const AD_COPY_MS = 120_000;

/** Decides the event, writes down why, and schedules the replies. Called inside a transaction. */
export function evaluate(ports: AccountPorts, accountId: string, event: MetaEvent, subject: Subject): void {
  const automations = currentAutomations(ports.sql).items;
  const context = decisionContext(ports, accountId, event, subject);
  const decisions = decide(subject, automations, context, () => ports.random()).map((verdict): Decision => {
    if (!verdict.fired) return verdict;
    const { automationId, replies } = verdict;
    const replyIds = replies.flatMap(
      (planned) => scheduleReply(ports, accountId, event, subject, automationId, planned) ?? [],
    );
    // The ledger has the last word: on a replay, what was answered stays answered.
    if (replyIds.length === 0) return { automationId, fired: false, reason: "already_replied" };
    return { automationId, fired: true, replyIds };
  });
  setDecisions(ports.sql, event.id, subject.on.length === 0 ? subject.blocked : null, decisions);
}

/** What would be decided, without writing anything: the backtest of a draft. */
export function rehearse(
  ports: AccountPorts,
  accountId: string,
  event: MetaEvent,
  draft: Automation,
): { subject: Subject; verdict: ReturnType<typeof decide>[number] | null } {
  const subject = readSubject(event);
  const calm: DecisionContext = {
    ...decisionContext(ports, accountId, event, subject),
    // The question is what the draft would have done when the event came, not what is left to do now.
    privateReplyTaken: false,
    outsideWindow: false,
    humanActive: false,
    capReached: false,
    adCopy: false,
    connected: true,
  };
  const verdict = decide(subject, [draft], calm, () => ports.random())[0] ?? null;
  return { subject, verdict };
}

function decisionContext(ports: AccountPorts, accountId: string, event: MetaEvent, subject: Subject): DecisionContext {
  const now = ports.now();
  const { sql } = ports;
  const { personId, commentId } = subject;
  const settings = getSettings(sql, ports.config.deferSeconds);
  const conversation = personId === null ? null : findConversation(sql, personId);
  const isMessage = commentId === null;
  const kind = isMessage ? "message" : "private_reply";
  const rateLimit = rateLimitOf(kind, event.kind === "live_comment", {});
  return {
    privateReplyTaken: commentId !== null && privateReplyOf(sql, commentId) !== null,
    humanActive: conversation?.humanUntil != null && conversation.humanUntil > now,
    capReached:
      isMessage &&
      personId !== null &&
      countAutomatedTo(sql, personId, now - HOUR_MS) >= settings.conversationRepliesPerHour,
    outsideWindow:
      now >= windowCloses(kind, rateLimit, windowFrom(event, subject, conversation?.lastInboundAt ?? null)),
    gone: tombstoneOf(sql, [commentId, subject.messageId, personId]),
    adCopy: isAdCopy(ports, accountId, event, subject),
    connected: getValue(sql, "profile") !== null,
  };
}

/** The comment came a moment ago under another media, and one of the two is an ad made from the other. */
function isAdCopy(ports: AccountPorts, accountId: string, event: MetaEvent, subject: Subject): boolean {
  const { personId, commentId } = subject;
  if (commentId === null || personId === null) return false;
  const earlier = privateRepliesTo(ports.sql, personId, groupOf(subject), event.receivedAt - AD_COPY_MS);
  return earlier.some((reply) => {
    if (reply.about === commentId || reply.eventId === null) return false;
    const other = findEvent(ports.sql, accountId, reply.eventId);
    if (other === null) return false;
    const twin = readSubject(other);
    return twin.mediaId !== subject.mediaId && twin.text === subject.text;
  });
}

function scheduleReply(
  ports: AccountPorts,
  accountId: string,
  event: MetaEvent,
  subject: Subject,
  automationId: string,
  planned: PlannedReply,
): string | null {
  const settings = getSettings(ports.sql, ports.config.deferSeconds);
  const profile = getValue(ports.sql, "profile");
  const { commentId, personId } = subject;
  const to =
    planned.kind === "message"
      ? personId === null
        ? null
        : { recipientId: personId }
      : commentId === null
        ? null
        : { commentId };
  if (to === null || profile === null) return null;
  const reply = schedule(ports, profile.platform, {
    eventId: event.id,
    automationId,
    kind: planned.kind,
    to,
    about: commentId ?? subject.messageId,
    personId,
    groupKey: planned.kind === "message" ? (personId ?? accountId) : groupOf(subject),
    live: event.kind === "live_comment",
    message: planned.content,
    reads: planned.reads,
    dueAt: event.receivedAt + Math.round((planned.deferSeconds ?? settings.deferSeconds) * 1_000),
    // A person may have written again since: on a replay, the window is open that was closed for this message.
    windowFrom: windowFrom(event, subject, personId === null ? null : lastInboundOf(ports.sql, personId)),
    idempotencyKey: null,
  });
  return reply?.id ?? null;
}

const lastInboundOf = (sql: Sql, personId: string): number | null =>
  findConversation(sql, personId)?.lastInboundAt ?? null;

/** Fairness is between the posts that the owner knows: an ad counts as the post that it was made from. */
function groupOf(subject: Subject): string {
  return subject.originalMediaId ?? subject.mediaId ?? subject.commentId ?? "";
}

/**
 * A comment's window counts from the comment, a message's from the person's last message. Meta's own time may be wrong
 * by hours on either side; what has just arrived cannot be from the future.
 */
function windowFrom(event: MetaEvent, subject: Subject, lastInboundAt: number | null): number {
  const occurredAt = Math.min(event.occurredAt, event.receivedAt);
  return subject.commentId === null ? Math.max(occurredAt, lastInboundAt ?? 0) : occurredAt;
}
