/**
 * Matches echoes with replies. Meta echoes every message of the account, whatever app or person sent it. An echo of our
 * own message proves that an attempt without a response was sent. Every other echo means that a person or another app
 * is now in the conversation.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/message-echoes
 */
import type { MissReason } from "../../../core/automation/automation.ts";
import type { MetaEvent } from "../../../core/event.ts";
import { fingerprint, fingerprintOf, foldEchoText, isEchoOf } from "../../../core/reply/fingerprint.ts";
import { DAY_MS, MINUTE_MS } from "../../../core/time.ts";
import { sha256Hex } from "../../../meta/sha256.ts";
import { readView } from "../../../meta/views/view.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { GRACE_MS } from "../../../core/reply/step.ts";
import type { EchoView } from "../../../meta/views/echo.ts";
import type { AccountPorts } from "../ports.ts";
import { attemptedTo, attemptedToUnknown, openTo, sendingTo } from "../tables/related-replies.ts";
import { findReply, replyByMessageId } from "../tables/replies.ts";
import { findConversation, setHuman } from "../tables/conversations.ts";
import { findEvent, setDecisions } from "../tables/events.ts";
import {
  countInboxText,
  echoDueAt,
  peopleWithDueEchoes,
  putWaitingEcho,
  takeWaitingEchoes,
} from "../tables/inbox-echoes.ts";
import { getSettings, getValue, setValue } from "../tables/settings.ts";
import { transition } from "../outbox/transition.ts";

/** An echo with the same text to the same person matches our send for this long. */
const ECHO_LATE_MS = 600_000;

/** Maximum difference between Meta's clock and ours. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Meta's own inbox (a person) and Meta's business AI. Both mean that the person has an answer from outside Replyline.
 */
const META_INBOX_APPS = ["26390203743090", "263902037430900"];

/** How long an echo waits for the answer to a send to its person before it counts as a person's. */
const WAIT_FOR_ANSWER_MS = 90_000;

/** An echo this soon after the person's message was not typed by a person. */
const INSTANT_MS = 5_000;
/** A text that goes to so many people in a day is not typed either. */
const MANY_PEOPLE = 3;

/**
 * Settles the reply that this is an echo of, or pauses the automations for whom it was written to.
 *
 * @param mayWait a send to this person that is on its way may explain the echo
 * @returns why automations are not asked about the event, where that is more than "it is an echo"
 */
export function applyEcho(
  ports: AccountPorts,
  accountId: string,
  event: Pick<MetaEvent, "id" | "occurredAt">,
  echo: EchoView,
  mayWait = true,
): MissReason | null {
  const match = matchEcho(ports, echo, event.occurredAt);
  if (match.reply !== null) {
    transition(ports, accountId, match.reply, { type: "echoed", messageId: echo.mid });
    return null;
  }
  const { personId, appId } = echo;
  if (match.ours || echo.self || personId === null) return null;
  if (appId !== null && ports.config.appIds.includes(appId)) return null;
  // Meta's answer to a send that is on its way names the message: then it is known whose echo this is.
  if (mayWait && sendingTo(ports.sql, personId).length > 0) {
    putWaitingEcho(ports.sql, event.id, personId, ports.now() + WAIT_FOR_ANSWER_MS);
    return null;
  }
  const byMetaInbox = appId === null || META_INBOX_APPS.includes(appId);
  if (byMetaInbox && isAutomatic(ports, echo, personId, event.occurredAt)) {
    countAutomaticReply(ports);
    return "automatic_reply";
  }
  takeOver(ports, accountId, personId, byMetaInbox ? "person" : appId);
  return null;
}

/** Judges the echoes that waited for an answer to a send to this person. */
export function judgeWaitingEchoes(ports: AccountPorts, accountId: string, personId: string, mayWait = true): void {
  for (const eventId of takeWaitingEchoes(ports.sql, personId)) {
    const event = findEvent(ports.sql, accountId, eventId);
    const view = event === null ? null : readView(event);
    const echo = view?.kind === "standby" ? view.inner : view;
    if (event === null || echo?.kind !== "echo") continue;
    const label = applyEcho(ports, accountId, event, echo, mayWait);
    if (label !== null) setDecisions(ports.sql, eventId, label, []);
  }
}

/** Judges the echoes that have waited long enough, whatever became of the sends. */
export function judgeDueEchoes(ports: AccountPorts, accountId: string, now: number, limit: number): void {
  for (const personId of peopleWithDueEchoes(ports.sql, now, limit)) {
    judgeWaitingEchoes(ports, accountId, personId, false);
  }
}

/**
 * Just before an attempt leaves. If no other send to this person is on its way, what waits is not an echo of one: it is
 * judged, and the reply is cancelled where a person has answered meanwhile.
 *
 * @returns until when it may not leave, because an echo waits for the answer to another send; null: it may
 */
export function judgeEchoesBeforeSend(
  ports: AccountPorts,
  accountId: string,
  { id, personId, ambiguous }: Reply,
): number | null {
  if (personId === null || ambiguous) return null;
  return ports.sql.transaction(() => {
    const others = sendingTo(ports.sql, personId).some((reply) => reply.id !== id);
    if (others) return echoDueAt(ports.sql, personId);
    judgeWaitingEchoes(ports, accountId, personId, false);
    return null;
  });
}

/** Sent by Meta's own automation: an instant reply, an away message, an answer to a frequent question. */
function isAutomatic(ports: AccountPorts, echo: EchoView, personId: string, occurredAt: number): boolean {
  const { takeover } = getSettings(ports.sql, ports.config.deferSeconds);
  const text = echo.text === null ? null : foldEchoText(echo.text);
  const isOneOf = (texts: readonly string[]) => text !== null && texts.some((one) => foldEchoText(one) === text);
  if (isOneOf(takeover.personTexts)) return false;
  if (isOneOf(takeover.automaticTexts)) return true;
  const now = ports.now();
  const people =
    text === null ? 0 : countInboxText(ports.sql, sha256Hex(`inbox text ${text}`), personId, now, now - DAY_MS);
  const heardAt = findConversation(ports.sql, personId)?.lastInboundAt ?? null;
  const instant = heardAt !== null && occurredAt >= heardAt && occurredAt - heardAt <= INSTANT_MS;
  return instant || people >= MANY_PEOPLE;
}

function countAutomaticReply(ports: AccountPorts): void {
  const at = ports.now();
  const before = getValue(ports.sql, "automaticReplies");
  const since = before === null || at - before.since > 7 * DAY_MS ? at : before.since;
  setValue(ports.sql, "automaticReplies", { at, since, count: since === at ? 1 : (before?.count ?? 0) + 1 });
}

/** A person or another app answers this person: what is pending is cancelled, and automations pause for a while. */
export function takeOver(ports: AccountPorts, accountId: string, personId: string, by: string): void {
  const { takeover } = getSettings(ports.sql, ports.config.deferSeconds);
  if (!takeover.enabled) return;
  const now = ports.now();
  setHuman(ports.sql, personId, now + takeover.holdMinutes * MINUTE_MS, by, now);
  for (const reply of openTo(ports.sql, personId)) {
    if (reply.byPerson || reply.kind === "public_reply") continue;
    transition(ports, accountId, reply, { type: "cancel", reason: "human_answered" });
  }
}

/**
 * Evidence in the order of its strength: Meta's message id, our own id in `metadata`, else the one open attempt at the
 * same person with the same content, at the right time, whose message id is not known yet. Several such attempts stay
 * as they are, because the echo does not say which it belongs to; but it is ours.
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
    // Your own backend may answer a comment whose event has not arrived. Its person is known only from Meta's response.
    ...attemptedToUnknown(ports.sql, since),
  ];
  const content = fingerprint(echo.text, echo.attachments);
  const alike = attempted.filter(
    (reply) => reply.kind !== "public_reply" && isEchoOf(fingerprintOf(reply.message), content),
  );
  const candidates = alike.filter((reply) => reply.messageId === null && mayHaveLeft(reply, occurredAt));
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) return { reply: only, ours: true };
  return { reply: null, ours: alike.length > 0 };
}

/**
 * Whether an attempt of this reply can have been sent at this time of Meta's clock: not before it was due, and not
 * after its newest attempt could still arrive. The echo itself may arrive hours late.
 */
function mayHaveLeft(reply: Reply, at: number): boolean {
  return at >= reply.dueAt - CLOCK_SLACK_MS && reply.attemptAt !== null && at <= reply.attemptAt + GRACE_MS;
}
