/** A reply that your own backend asks for (POST …/replies): the same ledger, pace and windows as for automations. */
import { lengthIn } from "../../../core/automation/text.ts";
import { err, ok, type Result } from "../../../core/result.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { rateLimitOf, textLimitOf, windowCloses } from "../../../meta/limits.ts";
import { readSubject } from "../../../meta/subject.ts";
import type { NewReply, ReplyError } from "../contract.ts";
import type { AccountPorts } from "../ports.ts";
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
    return sameRequest(used, wanted) ? ok(used) : err({ reason: "key_reused", replyId: used.id });
  }
  const profile = getValue(ports.sql, "profile");
  if (profile === null) return err({ reason: "not_connected" });
  const limit = textLimitOf("commentId" in wanted.to ? "private_reply" : "message", profile.platform);
  if (lengthIn(wanted.message.text ?? "", limit.unit) > limit.max) return err({ reason: "text_too_long", ...limit });
  return "commentId" in wanted.to
    ? replyToComment(ports, accountId, wanted, wanted.to.commentId, profile.platform)
    : messageTo(ports, wanted, wanted.to.recipientId, profile.platform);
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
  // The comment may have come before we were there; then only Meta knows its age.
  const event = commentEvent(ports.sql, accountId, commentId);
  const subject = event === null ? null : readSubject(event);
  const live = event?.kind === "live_comment";
  const windowFrom = event?.occurredAt ?? ports.now();
  if (ports.now() >= windowCloses("private_reply", rateLimitOf("private_reply", live, wanted.message), windowFrom)) {
    return err({ reason: "outside_window" });
  }
  return placed(
    schedule(ports, platform, {
      ...common(ports, wanted),
      eventId: event?.id ?? null,
      kind: "private_reply",
      about: commentId,
      personId: subject?.personId ?? null,
      groupKey: subject?.originalMediaId ?? subject?.mediaId ?? commentId,
      live,
      windowFrom,
    }),
  );
}

function messageTo(
  ports: AccountPorts,
  wanted: NewReply,
  personId: string,
  platform: "instagram" | "page",
): Result<Reply, ReplyError> {
  // A person who never wrote has no window; Meta would refuse the message.
  const lastInboundAt = findConversation(ports.sql, personId)?.lastInboundAt ?? null;
  const rateLimit = rateLimitOf("message", false, wanted.message);
  if (lastInboundAt === null || ports.now() >= windowCloses("message", rateLimit, lastInboundAt)) {
    return err({ reason: "outside_window" });
  }
  return placed(
    schedule(ports, platform, {
      ...common(ports, wanted),
      eventId: null,
      kind: "message",
      about: null,
      personId,
      groupKey: personId,
      live: false,
      windowFrom: lastInboundAt,
    }),
  );
}

function common(ports: AccountPorts, wanted: NewReply) {
  const { deferSeconds } = getSettings(ports.sql, ports.config.deferSeconds);
  return {
    automationId: null,
    to: wanted.to,
    message: wanted.message,
    reads: [],
    dueAt: ports.now() + Math.round((wanted.deferSeconds ?? deferSeconds) * 1_000),
    idempotencyKey: wanted.idempotencyKey,
  };
}

function placed(reply: Reply | null): Result<Reply, ReplyError> {
  // Key and comment have been checked in this very transaction.
  if (reply === null) throw new Error("the ledger refused a reply that it has room for");
  return ok(reply);
}

/** The same reply, whatever the order of its keys. */
function sameRequest(used: Reply, wanted: NewReply): boolean {
  return canonical([used.to, used.message]) === canonical([wanted.to, wanted.message]);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
