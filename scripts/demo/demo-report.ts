/**
 * The checks of the demo, from both sides: what Replyline's API shows, and what the simulated Graph API saw. Each check
 * says what it expected, so that a failure explains itself.
 */
import type { ApiEvent, ApiReply } from "../../src/simulator/cli/api-clients.ts";
import type { SentMessage } from "../../src/simulator/graph/graph-state.ts";
import type { LoggedCall } from "../../src/simulator/simulator.ts";

/** The reply delay: no reply is sent earlier than this after the event was received. */
export const DEFER_MS = 10_000;
/** A public reply waits until its private reply is sent, and then this long: the default of Replyline's setting. */
export const PUBLIC_GAP_MS = 3000;
/** In the demo, no reply is sent later than this after it is due. */
export const LATENESS_MS = 500;

export interface Check {
  passed: boolean;
  what: string;
  detail: string;
}

export interface Timing {
  /** Comment id, or person id for a message. */
  target: string;
  kind: string;
  receivedAt: number;
  /** When it reached the Graph API. */
  arrivedAt: number;
  latenessMs: number;
}

export interface Findings {
  /** Comments that must get a reply, and people who must get a message. */
  comments: readonly string[];
  people: readonly string[];
  events: readonly ApiEvent[];
  replies: readonly ApiReply[];
  sent: readonly SentMessage[];
  calls: readonly LoggedCall[];
  /** How many events must be stored, over all accounts. */
  expectedEvents: number;
  quarantined: number;
  /** Duplicates that the receiver recognized. The others are counted with their event. */
  duplicatesAnswered: number;
}

/** All duplicates, recognized by the receiver or by the account. */
export const duplicatesOf = ({ events, duplicatesAnswered }: Pick<Findings, "events" | "duplicatesAnswered">): number =>
  duplicatesAnswered + events.reduce((sum, { duplicates }) => sum + duplicates, 0);

export const checkThat = (passed: boolean, what: string, detail = ""): Check => ({ passed, what, detail });

/** When each reply reached the Graph API, compared with the time at which it was due. */
export function timings({ events, replies, sent }: Pick<Findings, "events" | "replies" | "sent">): Timing[] {
  const receivedAt = new Map(events.map((event) => [event.id, event.receivedAt]));
  const arrivals = new Map(sent.map((message) => [message.mid, message.at]));
  const privateAt = new Map(
    sent.filter(({ kind }) => kind === "private_reply").map(({ commentId, at }) => [commentId, at]),
  );
  const found: Timing[] = [];
  for (const reply of replies) {
    const received = receivedAt.get(reply.eventId ?? "");
    const arrivedAt = arrivals.get(reply.messageId ?? "");
    if (received === undefined || arrivedAt === undefined) continue;
    const target = "commentId" in reply.to ? reply.to.commentId : reply.to.recipientId;
    const afterPrivate = reply.kind === "public_reply" ? privateAt.get(target) : undefined;
    const dueAt = afterPrivate === undefined ? received + DEFER_MS : afterPrivate + PUBLIC_GAP_MS;
    const latenessMs = arrivedAt - dueAt;
    found.push({ target, kind: reply.kind, receivedAt: received, arrivedAt, latenessMs });
  }
  return found;
}

/** All checks of the final report. */
export function checks(findings: Findings): Check[] {
  const { comments, people, events, replies, sent, calls, expectedEvents, quarantined } = findings;
  const privateReplies = sent.filter(({ kind }) => kind === "private_reply");
  const messages = sent.filter(({ kind }) => kind === "message");
  const publicReplies = sent.filter(({ kind }) => kind === "public_reply");
  const times = timings(findings);
  const duplicates = duplicatesOf(findings);
  const early = times.filter(({ latenessMs }) => latenessMs < 0);
  const late = times.filter(({ latenessMs }) => latenessMs > LATENESS_MS);
  const refused = calls.filter(({ status }) => status !== 200);
  const notSent = replies.filter(({ state }) => state !== "sent");

  return [
    checkThat(
      sameOnce(
        comments,
        privateReplies.map(({ commentId }) => commentId ?? ""),
      ),
      "one private reply for each comment with the keyword, and none for the others",
      `expected ${comments.length}, the Graph API saw ${privateReplies.length}`,
    ),
    checkThat(
      sameOnce(
        comments,
        publicReplies.map(({ commentId }) => commentId ?? ""),
      ),
      "one public reply under each of them",
      `expected ${comments.length}, the Graph API saw ${publicReplies.length}`,
    ),
    checkThat(
      sameOnce(
        people,
        messages.map(({ personId }) => personId),
      ),
      "one message for each person who wrote",
      `expected ${people.length}, the Graph API saw ${messages.length}`,
    ),
    checkThat(
      notSent.length === 0 && replies.length === sent.length && times.length === sent.length,
      "Replyline's ledger and the Graph API agree",
      `${replies.length} replies in the ledger (${notSent.length} not sent), ${sent.length} seen, ${times.length} matched`,
    ),
    checkThat(
      early.length === 0 && times.length > 0,
      `none early: ${DEFER_MS / 1000} s after the event, a public reply ${PUBLIC_GAP_MS / 1000} s after the private one`,
      `${early.length} early`,
    ),
    checkThat(late.length === 0 && times.length > 0, `none more than ${LATENESS_MS / 1000} s late`, lateDetail(late)),
    checkThat(
      refused.length === 0,
      "the Graph API refused nothing",
      refused.map(({ operation, code }) => `${operation} ${code}`).join(", "),
    ),
    checkThat(
      events.length === expectedEvents,
      `every readable event is stored once: ${expectedEvents}`,
      `found ${events.length}`,
    ),
    checkThat(duplicates === 1, "the duplicate was recognized and counted", `found ${duplicates}`),
    checkThat(quarantined === 1, "the unreadable delivery is quarantined", `found ${quarantined}`),
  ];
}

const lateDetail = (late: readonly Timing[]): string =>
  late.map(({ kind, latenessMs }) => `${kind} by ${latenessMs} ms`).join(", ");

/** The same ids, each once. */
function sameOnce(expected: readonly string[], found: readonly string[]): boolean {
  return (
    expected.length === found.length &&
    new Set(found).size === found.length &&
    expected.every((id) => found.includes(id))
  );
}
