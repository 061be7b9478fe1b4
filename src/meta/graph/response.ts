/** Converts a Graph API response, or a missing response, to an outcome. This is done only here. */
import type { AccountProblem, SendOutcome, Usage } from "../../core/reply/outcome.ts";
import type { ReplyKind } from "../../core/reply/reply.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { codeText, findProof, findRow, type MetaError, readError } from "../errors/lookup.ts";
import { idAt, isObject, parseJson } from "../json.ts";
import { readUsage } from "./usage.ts";

/** The result of the request. The body is text, truncated at the client's limit. */
export type GraphResponse =
  | { kind: "answer"; status: number; headers: Headers; body: string; truncated: boolean }
  /** No complete response within the timeout. */
  | { kind: "timeout" }
  /** The connection failed. workerd does not report whether the request was already sent. */
  | { kind: "network" };

export interface SendResponse {
  outcome: SendOutcome;
  usage: Usage | null;
}

/** Why a call that sends nothing to a person failed. Such calls can be retried safely. */
export type GraphProblem =
  | { reason: "throttled"; code: string; waitMs: number | null }
  | { reason: "account"; code: string; problem: AccountProblem }
  /** The object was deleted or is not visible to this app. */
  | { reason: "not_found"; code: string }
  | { reason: "refused"; code: string }
  /** No usable response; a retry may work. */
  | { reason: "unavailable"; code: string };

/**
 * The outcome of a send.
 *
 * Accepted: a 2xx with the `message_id` of a message or the `id` of a public reply. A 2xx without it proves nothing,
 * because a proxy may have sent it. An error, 4xx or 5xx, is classified by its code. A code that is not in the table, a
 * response that is not Meta's JSON, a redirect, and a 5xx without a code are ambiguous. `is_transient` is ignored: that
 * a retry may work does not prove that the first call had no effect.
 */
export function readSendResponse(kind: ReplyKind, answer: GraphResponse): SendResponse {
  if (answer.kind !== "answer") return { outcome: ambiguous(answer.kind, answer.kind), usage: null };
  const usage = readUsage(answer.headers);
  const body = bodyOf(answer);
  const id = idAt(body, kind === "public_reply" ? "id" : "message_id");
  if (isSuccess(answer.status) && id !== null) {
    return { outcome: { kind: "accepted", messageId: id, recipientId: idAt(body, "recipient_id") }, usage };
  }
  const error = isRedirect(answer.status) ? null : readError(body);
  if (error !== null) return { outcome: outcomeOf(kind, error, usage), usage };
  return { outcome: ambiguous(`http_${answer.status}`, "unreadable_answer"), usage };
}

/** The parsed body of a successful read, subscribe or unsubscribe call. */
export function readAnswer(answer: GraphResponse): Result<unknown, GraphProblem> {
  if (answer.kind !== "answer") return err({ reason: "unavailable", code: answer.kind });
  const body = bodyOf(answer);
  const error = readError(body);
  if (error !== null) return err(problemOf(error, readUsage(answer.headers)));
  if (isSuccess(answer.status) && isObject(body)) return ok(body);
  return err({ reason: answer.status === 404 ? "not_found" : "unavailable", code: `http_${answer.status}` });
}

function outcomeOf(kind: ReplyKind, error: MetaError, usage: Usage | null): SendOutcome {
  const code = codeText(error);
  const row = findProof(error);
  if (row === null) return ambiguous(code, "unknown_code");
  const { action, reason } = row;
  switch (action.do) {
    case "refuse":
      return { kind: "refused", code, reason };
    case "retry":
      return { kind: "retry", code, reason, tries: action.tries };
    case "throttle":
      return { kind: "throttled", code, reason, scope: action.scope, waitMs: usage?.regainMs ?? action.waitMs };
    case "hold":
      // Public comments need a separate permission. Without it only they fail; messages can still be sent.
      if (kind === "public_reply" && action.problem === "permission") return { kind: "refused", code, reason };
      return { kind: "account", code, reason, problem: action.problem };
    case "doubt": {
      if (action.final !== true) return ambiguous(code, reason);
      // Only a comment's private reply can be used up. For other kinds, the row of the code alone applies.
      if (kind === "private_reply") return { ...ambiguous(code, reason), final: true };
      return ambiguous(code, findRow({ ...error, subcode: null })?.reason ?? reason);
    }
  }
}

function problemOf(error: MetaError, usage: Usage | null): GraphProblem {
  const code = codeText(error);
  const row = findRow(error);
  if (row === null) return { reason: error.isTransient ? "unavailable" : "refused", code };
  const { action } = row;
  switch (action.do) {
    case "throttle":
      return { reason: "throttled", code, waitMs: usage?.regainMs ?? action.waitMs };
    case "hold":
      return { reason: "account", code, problem: action.problem };
    case "refuse":
      return { reason: row.reason === "not_found" ? "not_found" : "refused", code };
    case "retry":
      return { reason: "unavailable", code };
    case "doubt":
      return { reason: action.wrongCall === true && !error.isTransient ? "refused" : "unavailable", code };
  }
}

function ambiguous(code: string, reason: string): SendOutcome & { kind: "ambiguous" } {
  return { kind: "ambiguous", code, reason };
}

/** The JSON in a response; null: there is none, or not all of it was read. */
export function bodyOf(answer: { body: string; truncated: boolean }): unknown {
  if (answer.truncated) return null;
  try {
    return parseJson(answer.body);
  } catch {
    return null;
  }
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
