/** Applies what an event means apart from automations: inbound messages, unsent messages, human takeover. */
import type { MetaEvent } from "../../../core/event.ts";
import { foldEchoText } from "../../../core/reply/fingerprint.ts";
import type { MissReason } from "../../../core/automation/automation.ts";
import type { Author } from "../../../meta/views/parts.ts";
import type { View } from "../../../meta/views/view.ts";
import { applyEcho, takeOver } from "./echo-match.ts";
import type { AccountPorts } from "../ports.ts";
import { nameCommenter, openingOf, recordInbound, setHuman } from "../tables/conversations.ts";
import { openAbout, publicRepliesIn } from "../tables/related-replies.ts";
import { learnPerson } from "../tables/replies.ts";
import { setValue, getValue } from "../tables/settings.ts";
import { putTombstone } from "../tables/tombstones.ts";
import { transition } from "../outbox/transition.ts";
import type { CancelReason } from "../../../core/reply/step.ts";

/**
 * Called once for each new event, inside its transaction, before the automations are asked.
 *
 * @param own the event is a comment of the account's own
 * @returns why automations are not asked, where the event itself does not tell
 */
export function applySideEffects(
  ports: AccountPorts,
  accountId: string,
  event: MetaEvent,
  { view, own }: { view: View; own: boolean },
): MissReason | null {
  if (event.test) return null;
  const now = ports.now();
  switch (view.kind) {
    case "message":
    case "postback":
    case "reaction":
    case "referral":
    case "optin":
      // These open Meta's window; a comment does not. What has just arrived cannot be from the future.
      if (view.personId !== null) {
        const referral = "referral" in view ? view.referral : null;
        recordInbound(
          ports.sql,
          view.personId,
          Math.min(event.occurredAt, event.receivedAt),
          openingOf(view.kind, referral),
          now,
        );
      }
      return null;
    case "comment":
    case "live_comment":
      applyComment(ports, accountId, view, view.text, own);
      return null;
    case "feed":
      if (view.item !== "comment" || view.commentId === null) return null;
      if (view.verb === "remove") gone(ports, accountId, view.commentId, "comment_gone");
      else applyComment(ports, accountId, view, view.message, own);
      return null;
    case "message_deleted":
      if (view.mid !== null) gone(ports, accountId, view.mid, "message_unsent");
      return null;
    case "echo":
      return applyEcho(ports, accountId, event, view);
    case "standby":
      // Another app owns the thread; its answers are echoes there.
      if (view.inner.kind === "echo") applyEcho(ports, accountId, event, view.inner);
      return null;
    case "handover":
      if (view.personId === null || view.newOwnerAppId === null) return null;
      if (ports.config.appIds.includes(view.newOwnerAppId)) setHuman(ports.sql, view.personId, null, null, now);
      else takeOver(ports, accountId, view.personId, view.newOwnerAppId);
      return null;
    case "policy_enforcement":
      applyPolicyEnforcement(ports, accountId, view.action, now);
      return null;
    default:
      return null;
  }
}

interface PostedComment {
  commentId: string | null;
  parentId: string | null;
  from: Author | null;
}

function applyComment(
  ports: AccountPorts,
  accountId: string,
  { commentId, parentId, from }: PostedComment,
  text: string | null,
  own: boolean,
): void {
  if (own) applyOwnComment(ports, accountId, commentId, parentId, text);
  else if (from?.id != null) {
    if (from.username !== null) nameCommenter(ports.sql, from.id, from.username, ports.now());
    if (commentId !== null) learnPerson(ports.sql, commentId, from.id);
  }
}

/** The comment or message was deleted. Nothing may answer it, even if it arrives after its deletion. */
function gone(ports: AccountPorts, accountId: string, about: string, reason: CancelReason): void {
  putTombstone(ports.sql, about, "deleted", ports.now());
  for (const reply of openAbout(ports.sql, about)) transition(ports, accountId, reply, { type: "cancel", reason });
}

/** Our public reply comes back as a comment of our own in the thread that it was posted in: the proof that it was made. */
function applyOwnComment(
  ports: AccountPorts,
  accountId: string,
  commentId: string | null,
  parentId: string | null,
  text: string | null,
): void {
  if (parentId === null || text === null) return;
  const folded = foldEchoText(text);
  const inThread = [...publicRepliesIn(ports.sql, parentId), ...openAbout(ports.sql, parentId)];
  const open = inThread.filter(
    (reply, index) =>
      inThread.findIndex(({ id }) => id === reply.id) === index &&
      ["pending", "sending", "uncertain"].includes(reply.state) &&
      reply.kind === "public_reply" &&
      reply.attempts > 0 &&
      foldEchoText(reply.message.text ?? "") === folded,
  );
  const [only] = open;
  if (open.length !== 1 || only === undefined) return;
  transition(ports, accountId, only, { type: "echoed", messageId: commentId });
}

/** Applies that Meta blocks or unblocks the account's messaging. */
function applyPolicyEnforcement(ports: AccountPorts, accountId: string, action: string | null, now: number): void {
  if (action === "block") {
    const reason =
      "Meta has blocked this account's messaging because of a policy violation. See the Page Support Inbox.";
    setValue(ports.sql, "hold", { problem: "blocked", code: "policy_enforcement", reason, since: now, until: null });
    ports.log("account_held", { accountId, code: "policy_enforcement" });
  } else if (action === "unblock" && getValue(ports.sql, "hold")?.code === "policy_enforcement") {
    setValue(ports.sql, "hold", null);
  }
}
