/**
 * Calls with which an operator finds out how Meta behaves (`npm run prove`). Each needs a reply that Meta has certainly
 * accepted, so that none is a second try of a send with an unknown result.
 */
import { err, ok, type Result } from "../../../core/result.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import { rateLimitOf, windowCloses } from "../../../meta/limits.ts";
import { readSubject } from "../../../meta/subject.ts";
import { sha256Hex } from "../../../meta/sha256.ts";
import type { ProbeAnswer, ProbeRequest } from "../../../api/probe.ts";
import { describe } from "../../log.ts";
import { sendStatus } from "../alarm.ts";
import { openToken } from "../connection/token.ts";
import type { ProbeError } from "../contract.ts";
import type { AccountPorts, SendResponse } from "../ports.ts";
import { findEvent } from "../tables/events.ts";
import { findReply, replyByKey } from "../tables/replies.ts";
import { getValue } from "../tables/settings.ts";
import { schedule } from "./enqueue.ts";

type CommentReply = Reply & { to: { commentId: string }; messageId: string };

type Probed = Result<ProbeAnswer, ProbeError>;

/** `public_reply` only adds a row to the ledger. The other two call Meta now. */
export async function probe(ports: AccountPorts, accountId: string, request: ProbeRequest): Promise<Probed> {
  const found = acceptedReply(ports, request);
  if (!found.ok) return found;
  if (!sendStatus(ports, ports.now()).maySend) return err({ reason: "sending_off" });
  switch (request.do) {
    case "repeat_private_reply":
      return await repeat(ports, accountId, found.value);
    case "public_reply":
      return ports.sql.transaction(() => postPublicReply(ports, accountId, found.value, request.text));
    case "remove_public_reply":
      return await remove(ports, accountId, found.value);
  }
}

function acceptedReply(ports: AccountPorts, request: ProbeRequest): Result<CommentReply, ProbeError> {
  if (getValue(ports.sql, "profile") === null) return err({ reason: "not_connected" });
  const reply = findReply(ports.sql, request.replyId);
  if (reply === null) return err({ reason: "not_found" });
  const kind = request.do === "remove_public_reply" ? "public_reply" : "private_reply";
  // Without an id from Meta, the row was settled by a guess or by a person, and a repetition might be the first message.
  return reply.kind === kind && reply.state === "sent" && isAccepted(reply)
    ? ok(reply)
    : err({ reason: "not_sent", kind, state: reply.state });
}

const isAccepted = (reply: Reply): reply is CommentReply => "commentId" in reply.to && reply.messageId !== null;

/** Sends the private reply a second time, past the ledger: Meta is expected to refuse it. */
async function repeat(ports: AccountPorts, accountId: string, reply: CommentReply): Promise<Probed> {
  const called = await callMeta(ports, accountId, (profile, token) => {
    const { id, kind, to, message, attempts } = reply;
    return ports.graph.send({ replyId: id, attempt: attempts + 1, kind, to, message, profile, token });
  });
  if (!called.ok) return called;
  const outcome: SendResponse["outcome"] = called.value?.outcome ?? {
    kind: "ambiguous",
    code: "sender_unreachable",
    reason: "sender_unreachable",
  };
  if (outcome.kind === "accepted") {
    return ok({ outcome: "accepted", code: null, replyId: reply.id, messageId: outcome.messageId });
  }
  const kind = outcome.kind === "called_off" ? "unknown" : OUTCOMES[outcome.kind];
  return ok({ outcome: kind, code: outcome.code, replyId: reply.id, messageId: null });
}

const OUTCOMES = {
  refused: "refused",
  retry: "refused",
  throttled: "refused",
  account: "refused",
  ambiguous: "unknown",
} as const;

/**
 * Schedules one public reply to the comment of this private reply. It is a row like any other, so that its own comment
 * is recognized. A repeated request returns the same row. Called inside a transaction.
 */
function postPublicReply(ports: AccountPorts, accountId: string, reply: CommentReply, text: string): Probed {
  const profile = getValue(ports.sql, "profile");
  if (profile === null) return err({ reason: "not_connected" });
  // No key of a caller has a space.
  const key = `probe ${reply.id}`;
  const placed = replyByKey(ports.sql, key)?.reply ?? null;
  if (placed !== null) return ok(scheduled(placed));
  const event = reply.eventId === null ? null : findEvent(ports.sql, accountId, reply.eventId);
  const startedAt = event === null ? reply.createdAt : Math.min(event.occurredAt, event.receivedAt);
  const message = { text };
  const { commentId } = reply.to;
  const row = schedule(ports, profile.platform, {
    eventId: reply.eventId,
    automationId: null,
    kind: "public_reply",
    to: { commentId },
    about: commentId,
    personId: reply.personId,
    groupKey: reply.groupKey,
    live: false,
    message,
    reads: [],
    dueAt: ports.now(),
    expiresAt: windowCloses("public_reply", rateLimitOf("public_reply", false, message), startedAt),
    afterId: null,
    whenRefused: null,
    thread: (event === null ? null : readSubject(event).parentId) ?? commentId,
    byPerson: false,
    request: { key, hash: sha256Hex(text) },
  });
  // The key was free in this transaction.
  if (row === null) throw new Error("the ledger refused a public reply although its key is free");
  return ok(scheduled(row));
}

const scheduled = ({ id, messageId }: Reply): ProbeAnswer => ({
  outcome: "scheduled",
  code: null,
  replyId: id,
  messageId,
});

/** Deletes the comment of a public reply at Meta. Its row stays as it is: it was sent. */
async function remove(ports: AccountPorts, accountId: string, reply: CommentReply): Promise<Probed> {
  const { id: replyId, messageId } = reply;
  const called = await callMeta(ports, accountId, (profile, token) =>
    ports.graph.deleteComment(profile, token, messageId),
  );
  if (!called.ok) return called;
  const answer = called.value ?? err({ reason: "unavailable" as const, code: "sender_unreachable" });
  if (answer.ok) return ok({ outcome: "removed", code: null, replyId, messageId });
  const outcome = answer.error.reason === "unavailable" ? "unknown" : "refused";
  return ok({ outcome, code: answer.error.code, replyId, messageId });
}

/** @returns null if the call failed and it is not known whether it reached Meta */
async function callMeta<T>(
  ports: AccountPorts,
  accountId: string,
  call: (profile: NonNullable<ReturnType<typeof profileOf>>, token: string) => Promise<T>,
): Promise<Result<T | null, ProbeError>> {
  const opened = await openToken(ports, accountId);
  const profile = profileOf(ports);
  if (profile === null || opened.kind !== "token") return err({ reason: "not_connected" });
  // Sending may have been stopped while the token was opened.
  if (!sendStatus(ports, ports.now()).maySend) return err({ reason: "sending_off" });
  try {
    return ok(await call(profile, opened.token));
  } catch (error) {
    ports.log("sender_unreachable", { accountId, error: describe(error) });
    return ok(null);
  }
}

const profileOf = (ports: AccountPorts) => getValue(ports.sql, "profile");
