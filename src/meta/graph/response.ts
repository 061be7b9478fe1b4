/** What an answer of the Graph API, or its absence, shows. The one place where Meta's words become an outcome. */
import type { AccountProblem, SendOutcome, Usage } from "../../core/reply/outcome.ts";
import type { ReplyKind } from "../../core/reply/reply.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { codeText, findProof, findRow, type MetaError, readError } from "../errors/lookup.ts";
import { idAt, isObject, parseJson } from "../json.ts";
import { readUsage } from "./usage.ts";

/** What came back; the body as text, cut off at the client's limit. */
export type GraphResponse =
  | { kind: "answer"; status: number; headers: Headers; body: string; truncated: boolean }
  /** No whole answer within the time allowed. */
  | { kind: "timeout" }
  /** The connection failed. workerd does not say whether the request had left before that. */
  | { kind: "network" };

export interface SendResponse {
  outcome: SendOutcome;
  usage: Usage | null;
}

/** Why a call that changes nothing in a conversation has failed. Asking again does no harm. */
export type GraphProblem =
  | { reason: "throttled"; code: string; waitMs: number | null }
  | { reason: "account"; code: string; problem: AccountProblem }
  /** The object is gone, or was never visible to this app. */
  | { reason: "not_found"; code: string }
  | { reason: "refused"; code: string }
  /** No usable answer; later perhaps. */
  | { reason: "unavailable"; code: string };

/**
 * The outcome of a send.
 *
 * Accepted: a 2xx with a message's `message_id`, or a public reply's `id`. A 2xx without it proves nothing: some proxy
 * may have answered. An error counts by its code, 4xx or 5xx; a code that is not in the table, an answer that
 * is not Meta's JSON, a redirect and a 5xx are ambiguous. `is_transient` makes no difference: that a call may work
 * later does not prove that this one did nothing.
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

/** The parsed body of a successful call that only reads, subscribes or unsubscribes. */
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
      // Public comments need a permission of their own. Without it they cannot be sent; messages still can.
      if (kind === "public_reply" && action.problem === "permission") return { kind: "refused", code, reason };
      return { kind: "account", code, reason, problem: action.problem };
    case "doubt":
      return ambiguous(code, reason);
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
    case "doubt":
      return { reason: "unavailable", code };
  }
}

function ambiguous(code: string, reason: string): SendOutcome {
  return { kind: "ambiguous", code, reason };
}

function bodyOf(answer: { body: string; truncated: boolean }): unknown {
  if (answer.truncated) return null;
  try {
    return parseJson(answer.body);
  } catch {
    return null;
  }
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
