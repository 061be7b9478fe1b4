/** What an event means beside the automations: who was heard, what was unsent, who has taken over. */
import type { MetaEvent } from "../../../core/event.ts";
import { readView, type View } from "../../../meta/views/view.ts";
import { applyEcho, takeOver } from "./echo-match.ts";
import type { AccountPorts } from "../ports.ts";
import { recordInbound, setHuman } from "../tables/conversations.ts";
import { openAbout } from "../tables/related-replies.ts";
import { learnPerson } from "../tables/replies.ts";
import { setValue, getValue } from "../tables/settings.ts";
import { putTombstone } from "../tables/tombstones.ts";
import { transition } from "../outbox/transition.ts";
import type { CancelReason } from "../../../core/reply/step.ts";

/** Called once for each new event, inside its transaction, before the automations are asked. */
export function applySideEffects(ports: AccountPorts, accountId: string, event: MetaEvent): void {
  if (event.test) return;
  applyView(ports, accountId, event, readView(event));
}

function applyView(ports: AccountPorts, accountId: string, event: MetaEvent, view: View): void {
  const now = ports.now();
  switch (view.kind) {
    case "message":
    case "postback":
    case "reaction":
    case "referral":
    case "optin":
      // These open Meta's 24 hours; a comment does not. What has just arrived cannot be from the future.
      if (view.personId !== null) {
        recordInbound(ports.sql, view.personId, null, Math.min(event.occurredAt, event.receivedAt), now);
      }
      return;
    case "comment":
    case "live_comment":
      if (view.own) applyOwnComment(ports, accountId, view.parentId, view.text);
      else if (view.from?.id != null) {
        recordInbound(ports.sql, view.from.id, view.from.username, null, now);
        if (view.commentId !== null) learnPerson(ports.sql, view.commentId, view.from.id);
      }
      return;
    case "feed":
      if (view.item !== "comment" || view.commentId === null) return;
      if (view.verb === "remove") gone(ports, accountId, view.commentId, "comment_gone");
      else if (view.own) applyOwnComment(ports, accountId, view.parentId, view.message);
      else if (view.from?.id != null) learnPerson(ports.sql, view.commentId, view.from.id);
      return;
    case "message_deleted":
      if (view.mid !== null) gone(ports, accountId, view.mid, "message_unsent");
      return;
    case "echo":
      applyEcho(ports, accountId, view, event.occurredAt);
      return;
    case "standby":
      // Another app owns the thread; its answers are echoes there.
      if (view.inner.kind === "echo") applyEcho(ports, accountId, view.inner, event.occurredAt);
      return;
    case "handover":
      if (view.personId === null || view.newOwnerAppId === null) return;
      if (ports.config.appIds.includes(view.newOwnerAppId)) setHuman(ports.sql, view.personId, null, null, now);
      else takeOver(ports, accountId, view.personId, view.newOwnerAppId);
      return;
    case "policy_enforcement":
      applyPolicyEnforcement(ports, accountId, view.action, now);
      return;
    default:
      return;
  }
}

/** The comment or message is no more: nothing may answer it, not even if it arrives after its deletion. */
function gone(ports: AccountPorts, accountId: string, about: string, reason: CancelReason): void {
  putTombstone(ports.sql, about, "deleted", ports.now());
  for (const reply of openAbout(ports.sql, about)) transition(ports, accountId, reply, { type: "cancel", reason });
}

/** Our public reply comes back as a comment of our own under the comment that it answers: the proof that it was made. */
function applyOwnComment(ports: AccountPorts, accountId: string, parentId: string | null, text: string | null): void {
  if (parentId === null) return;
  const candidates = openAbout(ports.sql, parentId).filter(
    (reply) => reply.kind === "public_reply" && reply.attempts > 0 && (reply.message.text ?? null) === text,
  );
  const [only] = candidates;
  if (candidates.length !== 1 || only === undefined) return;
  transition(ports, accountId, only, { type: "echoed", messageId: null });
}

/** Meta blocks or unblocks the account's messaging. */
function applyPolicyEnforcement(ports: AccountPorts, accountId: string, action: string | null, now: number): void {
  if (action === "block") {
    const reason = "Meta has blocked this account's messaging for a policy violation; see Page Support Inbox.";
    setValue(ports.sql, "hold", { problem: "blocked", code: "policy_enforcement", reason, since: now, until: null });
    ports.log("account_held", { accountId, code: "policy_enforcement" });
  } else if (action === "unblock" && getValue(ports.sql, "hold")?.code === "policy_enforcement") {
    setValue(ports.sql, "hold", null);
  }
}
