/**
 * A reply requested by your own backend (POST …/replies). It uses the same ledger, rate limits and windows as
 * automations.
 */
import { partProblems } from "../../../core/automation/validate.ts";
import { canonicalJson } from "../../../core/canonical-json.ts";
import { lengthIn } from "../../../core/automation/text.ts";
import { err, ok, type Result } from "../../../core/result.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { rateLimitOf, textLimitOf, WINDOW_MARGIN_MS, windowCloses } from "../../../meta/limits.ts";
import { sha256Hex } from "../../../meta/sha256.ts";
import { readSubject } from "../../../meta/subject.ts";
import type { NewReply, ReplyError } from "../contract.ts";
import type { AccountPorts } from "../ports.ts";
import { takeOver } from "../ingest/echo-match.ts";
import { schedule } from "./enqueue.ts";
import { findConversation } from "../tables/conversations.ts";
import { commentEvent } from "../tables/events.ts";
import { privateReplyOf, replyByKey } from "../tables/replies.ts";
import { getSettings, getValue } from "../tables/settings.ts";
import { tombstoneOf } from "../tables/tombstones.ts";

/** Called inside a transaction. */
export function requestReply(ports: AccountPorts, accountId: string, wanted: NewReply): Result<Reply, ReplyError> {
  const used = replyByKey(ports.sql, wanted.idempotencyKey);
  if (used !== null) {
    const same = used.hash === null ? sameContent(used.reply, wanted) : used.hash === requestHash(wanted);
    return same ? ok(used.reply) : err({ reason: "key_reused", replyId: used.reply.id });
  }
  const profile = getValue(ports.sql, "profile");
  if (profile === null) return err({ reason: "not_connected" });
  const limit = textLimitOf("commentId" in wanted.to ? "private_reply" : "message", profile.platform);
  if (lengthIn(wanted.message.text ?? "", limit.unit) > limit.max) return err({ reason: "text_too_long", ...limit });
  // How many quick replies there may be, and their form, was checked with the request; only the platform is new here.
  const [part] = partProblems(wanted.message, { quickReplies: Number.POSITIVE_INFINITY, platform: profile.platform });
  if (part !== undefined) return err({ reason: "not_on_platform", path: [...part.path], message: part.message });
  return "commentId" in wanted.to
    ? replyToComment(ports, accountId, wanted, wanted.to.commentId, profile.platform)
    : messageTo(ports, accountId, wanted, wanted.to.recipientId, profile.platform);
}

function replyToComment(
  ports: AccountPorts,
  accountId: string,
  wanted: NewReply,
  commentId: string,
  platform: "instagram" | "page",
): Result<Reply, ReplyError> {
  const taken = privateReplyOf(ports.sql, commentId);
  if (taken !== null) return err({ reason: "already_replied", replyId: taken.id });
  if (tombstoneOf(ports.sql, [commentId]) !== null) return err({ reason: "comment_gone" });
  // The comment may be older than this connection. Then only Meta knows its age.
  const event = commentEvent(ports.sql, accountId, commentId);
  const subject = event === null ? null : readSubject(event);
  const live = event?.kind === "live_comment";
  const occurredAt = event === null ? ports.now() : Math.min(event.occurredAt, event.receivedAt);
  const rateLimit = rateLimitOf("private_reply", live, wanted.message);
  const expiresAt = windowCloses("private_reply", rateLimit, occurredAt);
  if (dueAtOf(ports, wanted) >= expiresAt) return err({ reason: "outside_window" });
  const personId = subject?.personId ?? null;
  if (isWithHuman(ports, personId) && wanted.by !== "person") return err({ reason: "human_active" });
  return placed(
    schedule(ports, platform, {
      ...common(ports, wanted),
      eventId: event?.id ?? null,
      kind: "private_reply",
      about: commentId,
      personId,
      groupKey: subject?.originalMediaId ?? subject?.mediaId ?? commentId,
      live,
      expiresAt,
    }),
  );
}

function messageTo(
  ports: AccountPorts,
  accountId: string,
  wanted: NewReply,
  personId: string,
  platform: "instagram" | "page",
): Result<Reply, ReplyError> {
  // A person who never wrote has no window; Meta would refuse the message.
  const closesAt = findConversation(ports.sql, personId)?.windowClosesAt ?? null;
  const expiresAt = closesAt === null ? 0 : closesAt - WINDOW_MARGIN_MS;
  if (dueAtOf(ports, wanted) >= expiresAt) return err({ reason: "outside_window" });
  if (wanted.by === "person") takeOver(ports, accountId, personId, "person");
  else if (isWithHuman(ports, personId)) return err({ reason: "human_active" });
  return placed(
    schedule(ports, platform, {
      ...common(ports, wanted),
      eventId: null,
      kind: "message",
      about: null,
      personId,
      groupKey: personId,
      live: false,
      expiresAt,
    }),
  );
}

function common(ports: AccountPorts, wanted: NewReply) {
  return {
    automationId: null,
    to: wanted.to,
    message: wanted.message,
    reads: [],
    dueAt: dueAtOf(ports, wanted),
    afterId: null,
    whenRefused: null,
    thread: null,
    byPerson: wanted.by === "person",
    request: { key: wanted.idempotencyKey, hash: requestHash(wanted) },
  };
}

function dueAtOf(ports: AccountPorts, wanted: NewReply): number {
  const { deferSeconds } = getSettings(ports.sql, ports.config.deferSeconds);
  return ports.now() + Math.round((wanted.deferSeconds ?? deferSeconds) * 1_000);
}

/** A person answers this conversation at the moment. */
const isWithHuman = (ports: AccountPorts, personId: string | null): boolean =>
  personId !== null && (findConversation(ports.sql, personId)?.humanUntil ?? 0) > ports.now();

function placed(reply: Reply | null): Result<Reply, ReplyError> {
  // The key and the comment were checked in this transaction.
  if (reply === null) throw new Error("the ledger refused a reply although its key and comment are free");
  return ok(reply);
}

/** Names the whole request, whatever the order of its keys. */
const requestHash = ({ to, message, deferSeconds, by }: NewReply): string =>
  sha256Hex(canonicalJson([to, message, deferSeconds ?? null, by ?? null]));

/** For a reply that was asked for before the whole request was kept. */
function sameContent(used: Reply, wanted: NewReply): boolean {
  return canonicalJson([used.to, used.message]) === canonicalJson([wanted.to, wanted.message]);
}
