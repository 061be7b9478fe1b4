/**
 * What an echo proves. Meta echoes every message of the account, whoever sent it: ours are the proof of an attempt whose
 * answer was lost, all others mean that somebody else is talking to this person now.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/message-echoes
 */
import type { Reply } from "../../../core/reply/reply.ts";
import { GRACE_MS } from "../../../core/reply/step.ts";
import type { EchoView } from "../../../meta/views/echo.ts";
import type { AccountPorts } from "../ports.ts";
import { attemptedTo, attemptedToUnknown, openTo } from "../tables/related-replies.ts";
import { findReply, replyByMessageId } from "../tables/replies.ts";
import { setHuman } from "../tables/conversations.ts";
import { getSettings } from "../tables/settings.ts";
import { transition } from "../outbox/transition.ts";

/** How long after our own send the same text to the same person is still taken for its echo. */
const ECHO_LATE_MS = 600_000;

/** How far Meta's clock and ours may be apart. */
const CLOCK_SLACK_MS = 60_000;

/** Meta's own inbox (a person) and Meta's business AI: both mean that somebody else has answered. */
const META_INBOX_APPS = ["26390203743090", "263902037430900"];

/** Settles the reply that this is an echo of, or hands the conversation to whoever wrote it. */
export function applyEcho(ports: AccountPorts, accountId: string, echo: EchoView, occurredAt: number): void {
  const match = matchEcho(ports, echo, occurredAt);
  if (match.reply !== null) {
    transition(ports, accountId, match.reply, { type: "echoed", messageId: echo.mid });
    return;
  }
  if (match.ours || echo.self || echo.personId === null) return;
  const appId = echo.appId;
  if (appId !== null && ports.config.appIds.includes(appId)) return;
  const by = appId === null || META_INBOX_APPS.includes(appId) ? "person" : appId;
  takeOver(ports, accountId, echo.personId, by);
}

/** Somebody else answers this person: what is pending for them is cancelled, and automations stand back for a while. */
export function takeOver(ports: AccountPorts, accountId: string, personId: string, by: string): void {
  const { takeover } = getSettings(ports.sql, ports.config.deferSeconds);
  if (!takeover.enabled) return;
  const now = ports.now();
  setHuman(ports.sql, personId, now + takeover.holdMinutes * 60_000, by, now);
  for (const reply of openTo(ports.sql, personId)) {
    if (reply.automationId === null || reply.kind === "public_reply") continue;
    transition(ports, accountId, reply, { type: "cancel", reason: "human_answered" });
  }
}

/**
 * Evidence in the order of its strength: Meta's message id, our own id in `metadata`, else the one open attempt at the
 * same person with the same text, at the right time, whose message id is not known yet. With several such attempts nobody
 * can say which; they stay as they are, but it is ours.
 */
function matchEcho(ports: AccountPorts, echo: EchoView, occurredAt: number): { reply: Reply | null; ours: boolean } {
  const byId = echo.mid === null ? null : replyByMessageId(ports.sql, echo.mid);
  if (byId !== null) return { reply: byId, ours: true };
  const byMetadata = echo.metadata === null ? null : findReply(ports.sql, echo.metadata);
  if (byMetadata !== null) return { reply: byMetadata, ours: true };
  if (echo.personId === null) return { reply: null, ours: false };
  const since = occurredAt - ECHO_LATE_MS;
  const attempted = [
    ...attemptedTo(ports.sql, echo.personId, since),
    // Your own backend may answer a comment that Meta has not told us of: only Meta's answer names its person.
    ...attemptedToUnknown(ports.sql, since),
  ];
  const alike = attempted.filter(
    (reply) => reply.kind !== "public_reply" && (reply.message.text ?? null) === echo.text,
  );
  const candidates = alike.filter((reply) => reply.messageId === null && mayHaveLeft(reply, occurredAt));
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) return { reply: only, ours: true };
  return { reply: null, ours: alike.length > 0 };
}

/**
 * Whether an attempt of this reply can have become a message at that moment of Meta's clock: not before it was due, and
 * not when its newest attempt could no longer arrive. The echo itself may be hours late.
 */
function mayHaveLeft(reply: Reply, at: number): boolean {
  return at >= reply.dueAt - CLOCK_SLACK_MS && reply.attemptAt !== null && at <= reply.attemptAt + GRACE_MS;
}
