/**
 * What Meta's answer means to this account. The error table says what a code means in general; the ledger knows more: some
 * refusals pass within a minute, and the same refusal for one reply after another is not the fault of the replies.
 */
import type { SendOutcome } from "../../../core/reply/outcome.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { MINUTE_MS, SECOND_MS } from "../../../core/time.ts";
import type { AccountPorts } from "../ports.ts";
import { commentEvent } from "../tables/events.ts";
import { hasPublicReplySince } from "../tables/related-replies.ts";
import { findReply } from "../tables/replies.ts";
import { getValue, setValue } from "../tables/settings.ts";
import { transition } from "./transition.ts";

/** Meta refuses a private reply right next to a public one as a second reply; the same call works a little later. */
const NEAR_PUBLIC_REPLY = { withinMs: 5 * MINUTE_MS, delaysMs: [15 * SECOND_MS, 75 * SECOND_MS] };

/** After a tap in a thread that a private reply opened, Meta reports a closed window for up to a minute. */
const FRESH_WINDOW_DELAYS_MS = [20 * SECOND_MS, MINUTE_MS, 3 * MINUTE_MS];

/** For some seconds a new comment "cannot have a private reply". */
const FRESH_COMMENT = { withinMs: MINUTE_MS, delaysMs: [30 * SECOND_MS] };

/** So many different replies refused in a row with one code, no success between them: the app or the account is at fault. */
const REFUSALS_IN_A_ROW = 3;
const REFUSALS_HOLD_MS = 30 * MINUTE_MS;

/** Refusals that are about one person, comment or content, however many of them come in a row. */
const ABOUT_ONE_REPLY: ReadonlySet<string> = new Set([
  "outside_window",
  "cannot_receive",
  "other_app_controls",
  "person_unavailable",
  "no_consent",
  "stopped_notifications",
  "profile_unreadable",
  "thread_archived",
  "cannot_reply",
  "already_replied",
  "not_repliable",
  "not_found",
  "comment_unavailable",
  "comment_too_old",
  "message_deleted",
  "duplicate",
  "no_such_person",
  "link_refused",
  "media_unreadable",
  "too_many_optin_requests",
]);

/** The outcome as it holds for this reply. Called inside the transaction that applies it. */
export function weighAnswer(ports: AccountPorts, accountId: string, reply: Reply, outcome: SendOutcome): SendOutcome {
  if (outcome.kind === "accepted") setValue(ports.sql, "refusals", null);
  if (outcome.kind !== "refused") return outcome;
  const { code, reason } = outcome;
  const delaysMs = delaysOf(ports, accountId, reply, reason);
  if (delaysMs !== null) return { kind: "retry", code, reason, delaysMs };
  // A missing permission for public replies does not keep messages from being sent.
  return reply.kind !== "public_reply" && isAccountsFault(ports, reply, outcome)
    ? { kind: "account", code, reason: "same_refusal", problem: "permission", holdMs: REFUSALS_HOLD_MS }
    : outcome;
}

/** When to try again in spite of the refusal; null: it holds. */
function delaysOf(ports: AccountPorts, accountId: string, reply: Reply, reason: string): readonly number[] | null {
  if (reply.ambiguous) return null;
  const now = ports.now();
  const { kind, eventId, about } = reply;
  if (kind === "private_reply" && reason === "already_replied" && eventId !== null) {
    return hasPublicReplySince(ports.sql, eventId, now - NEAR_PUBLIC_REPLY.withinMs)
      ? NEAR_PUBLIC_REPLY.delaysMs
      : null;
  }
  if (kind === "private_reply" && reason === "not_repliable" && about !== null) {
    const commentedAt = commentEvent(ports.sql, accountId, about)?.occurredAt ?? 0;
    return now - commentedAt < FRESH_COMMENT.withinMs || reply.failures > 0 ? FRESH_COMMENT.delaysMs : null;
  }
  // A message is only tried while the account's own records say that the window is open.
  return kind === "message" && (reason === "outside_window" || reason === "no_consent") ? FRESH_WINDOW_DELAYS_MS : null;
}

/** Counts the refusal. True: it is one of several in a row; those before it wait again, too. */
function isAccountsFault(
  ports: AccountPorts,
  reply: Reply,
  { code, reason }: { code: string; reason: string },
): boolean {
  if (ABOUT_ONE_REPLY.has(reason)) return false;
  const before = getValue(ports.sql, "refusals");
  const replyIds = before?.code === code ? before.replyIds.filter((id) => id !== reply.id) : [];
  setValue(ports.sql, "refusals", { code, replyIds: [...replyIds, reply.id].slice(-REFUSALS_IN_A_ROW) });
  return replyIds.length + 1 >= REFUSALS_IN_A_ROW;
}

/** Replies that were refused before the account was found to be at fault wait again, behind the one that showed it. */
export function restoreRefused(ports: AccountPorts, accountId: string, shownBy: string): void {
  const at = ports.now() + REFUSALS_HOLD_MS + MINUTE_MS;
  for (const id of getValue(ports.sql, "refusals")?.replyIds ?? []) {
    const reply = id === shownBy ? null : findReply(ports.sql, id);
    if (reply !== null) transition(ports, accountId, reply, { type: "restored", at });
  }
}
