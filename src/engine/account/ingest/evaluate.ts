/** Asks the account's automations about one event, and schedules what they want sent. */
import { DAY_MS, HOUR_MS } from "../../../core/time.ts";
import type { Automation, Decision } from "../../../core/automation/automation.ts";
import { decide, type PlannedReply, type DecisionContext } from "../../../core/automation/decide.ts";
import type { Subject } from "../../../core/automation/subject.ts";
import type { RateLimit, ReplyKind } from "../../../core/reply/reply.ts";
import type { Settings } from "../../../core/settings.ts";
import { understand } from "./own-comments.ts";
import { askForPost, withPost } from "./post-identity.ts";
import type { MetaEvent } from "../../../core/event.ts";
import { rateLimitOf, WINDOW_MARGIN_MS, windowCloses } from "../../../meta/limits.ts";
import { readSubject } from "../../../meta/subject.ts";
import type { AccountPorts } from "../ports.ts";
import { schedule } from "../outbox/enqueue.ts";
import { currentAutomations } from "../tables/automations.ts";
import { findConversation } from "../tables/conversations.ts";
import { findEvent, setDecisions } from "../tables/events.ts";
import { countAutomatedTo, countPublicReplies, privateRepliesTo } from "../tables/related-replies.ts";
import { privateReplyOf } from "../tables/replies.ts";
import { getSettings, getValue, setValue } from "../tables/settings.ts";
import { tombstoneOf } from "../tables/tombstones.ts";

/**
 * Meta may notify twice about a comment under a boosted post, once under the ad's media. Within this time, both count
 * as one comment.
 */
const AD_COPY_MS = 120_000;

/** Decides the event, stores the reasons, and schedules the replies. Called inside a transaction. */
export function evaluate(ports: AccountPorts, accountId: string, event: MetaEvent, subject: Subject): void {
  const automations = currentAutomations(ports.sql).items;
  const context = decisionContext(ports, accountId, event, subject);
  const decided = withPost(ports, withAd(ports, subject), automations);
  const decisions = decide(decided, automations, context, () => ports.random()).map((verdict): Decision => {
    if (!verdict.fired) return verdict;
    const { automationId, replies } = verdict;
    const scheduled = new Map<ReplyKind, string>();
    for (const planned of replies) {
      // The public reply waits for the private one of the same automation.
      const afterId = planned.kind === "public_reply" ? (scheduled.get("private_reply") ?? null) : null;
      const id = scheduleReply(ports, accountId, event, subject, automationId, { ...planned, afterId });
      if (id !== null) scheduled.set(planned.kind, id);
    }
    const replyIds = [...scheduled.values()];
    // The ledger has the last word: on a replay, what was answered stays answered.
    if (replyIds.length === 0) return { automationId, fired: false, reason: "already_replied" };
    return { automationId, fired: true, replyIds };
  });
  const limited = decisions.some(
    (decision, index) =>
      automations[index]?.actions.publicReply !== undefined &&
      (decision.fired || decision.reason === "public_reply_limit"),
  );
  if (context.publicRepliesLeft === 0 && limited) countPublicReplyLimit(ports);
  askForPost(ports, event, decided, automations);
  setDecisions(ports.sql, event.id, subject.on.length === 0 ? subject.blocked : null, decisions);
}

/** Decides a stored event with the current automations. Called inside a transaction. What was answered stays answered. */
export function evaluateAgain(ports: AccountPorts, accountId: string, event: MetaEvent): void {
  evaluate(ports, accountId, event, understand(ports, event).subject);
}

/** Returns what would be decided, without writing anything. Used for the backtest of a draft. */
export function evaluateDraft(
  ports: AccountPorts,
  accountId: string,
  event: MetaEvent,
  draft: Automation,
): { subject: Subject; verdict: ReturnType<typeof decide>[number] | null } {
  const subject = withPost(ports, understand(ports, event).subject, [draft]);
  const context: DecisionContext = {
    ...decisionContext(ports, accountId, event, subject),
    // A backtest shows what the draft would have done when the event arrived, so the current state does not count.
    privateReplyTaken: false,
    publicRepliesLeft: Number.POSITIVE_INFINITY,
    outsideWindow: false,
    humanActive: false,
    capReached: false,
    adCopy: false,
    connected: true,
  };
  const verdict = decide(subject, [draft], context, () => ports.random())[0] ?? null;
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
    publicRepliesLeft: publicRepliesLeft(ports, subject, settings),
    humanActive: conversation?.humanUntil != null && conversation.humanUntil > now,
    capReached:
      personId !== null && countAutomatedTo(sql, personId, now - HOUR_MS) >= settings.conversationRepliesPerHour,
    outsideWindow: now >= closesAt(ports, event, subject, kind, rateLimit),
    gone: tombstoneOf(sql, [commentId, subject.messageId, personId]),
    adCopy: isAdCopy(ports, accountId, event, subject),
    connected: getValue(sql, "profile") !== null,
  };
}

/** The same comment arrived shortly before under another media, and one of the two is an ad made from the other. */
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
  planned: PlannedReply & { afterId: string | null },
): string | null {
  const settings = getSettings(ports.sql, ports.config.deferSeconds);
  const profile = getValue(ports.sql, "profile");
  const { commentId, personId } = subject;
  const live = event.kind === "live_comment";
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
    live,
    message: planned.content,
    reads: planned.reads,
    dueAt: event.receivedAt + Math.round((planned.deferSeconds ?? settings.deferSeconds) * 1_000),
    expiresAt: closesAt(ports, event, subject, planned.kind, rateLimitOf(planned.kind, live, planned.content)),
    afterId: planned.afterId,
    whenRefused: planned.whenRefused ?? null,
    thread: planned.kind === "public_reply" ? threadOf(subject) : null,
    byPerson: false,
    request: null,
  });
  return reply?.id ?? null;
}

/** Fairness is between the posts that the owner knows: an ad counts as the post that it was made from. */
function groupOf(subject: Subject): string {
  return subject.originalMediaId ?? subject.mediaId ?? subject.commentId ?? "";
}

/** The comment thread: public replies to a reply are posted under its top-level comment. */
const threadOf = ({ parentId, commentId }: Subject): string | null => parentId ?? commentId;

/** What ends a loop whatever its cause: a thread, and a person, get only so many public replies in an hour. */
function publicRepliesLeft(ports: AccountPorts, subject: Subject, { publicReplies }: Settings): number {
  if (subject.commentId === null) return 0;
  const now = ports.now();
  const { inThread, toPerson } = countPublicReplies(ports.sql, {
    thread: threadOf(subject),
    personId: subject.personId,
    since: now - HOUR_MS,
  });
  const left = Math.min(publicReplies.perThreadPerHour - inThread, publicReplies.perPersonPerHour - toPerson);
  return Math.max(0, left);
}

/** Remembers for the doctor that the limit of public replies was reached. */
function countPublicReplyLimit(ports: AccountPorts): void {
  const at = ports.now();
  const before = getValue(ports.sql, "publicReplyLimit");
  const count = before === null || at - before.at > DAY_MS ? 1 : before.count + 1;
  setValue(ports.sql, "publicReplyLimit", { at, count });
}

/** The ad that brought the person, for templates: only the first event carries it. */
function withAd(ports: AccountPorts, subject: Subject): Subject {
  const ad = subject.personId === null ? null : (findConversation(ports.sql, subject.personId)?.ad ?? null);
  if (ad === null || subject.commentId !== null) return subject;
  const known = Object.entries({ "ad.id": ad.id, "ad.title": ad.title, ref: ad.ref }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return { ...subject, fields: { ...Object.fromEntries(known), ...subject.fields } };
}

/**
 * When Meta's window closes. A comment's counts from the comment; a message's from what the person did, and a person may
 * have written again since. Meta's own time may be wrong by hours; what has just arrived cannot be from the future.
 */
function closesAt(
  ports: AccountPorts,
  event: MetaEvent,
  subject: Subject,
  kind: ReplyKind,
  rateLimit: RateLimit,
): number {
  const own = windowCloses(kind, rateLimit, Math.min(event.occurredAt, event.receivedAt));
  if (subject.commentId !== null || subject.personId === null) return own;
  const open = findConversation(ports.sql, subject.personId)?.windowClosesAt ?? null;
  return open === null ? own : Math.max(own, open - WINDOW_MARGIN_MS);
}
