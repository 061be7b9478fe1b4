import * as v from "valibot";
import { REPLY_STATES } from "../../../core/reply/reply.ts";
import { err, ok, type Result } from "../../../core/result.ts";
import type { ReplyError } from "../../account/contract.ts";
import type { ReplyItem } from "../../../api/reply.ts";
import { type Answer, endpoint, type Endpoint } from "../endpoint.ts";
import { type Problem, problem, type ProblemCode } from "../problem.ts";
import { pageEntries, pageOf, picklist, storedId, strictObject, textOnce } from "../../../api/building-blocks.ts";
import { idempotencyHeaders, newReply, replyItem } from "../../../api/reply.ts";
import { accountEndpoint, accountParams, found } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const NO_REPLY = "There is no such reply; it may have been removed by age, or erased.";

const replyParams = v.object({ ...accountParams.entries, replyId: storedId });

const listReplies = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/replies",
    name: "listReplies",
    tag: "replies",
    summary: "Replies, newest first or as they are due",
    params: accountParams,
    query: strictObject({
      ...pageEntries,
      state: v.exactOptional(picklist(REPLY_STATES)),
      eventId: v.exactOptional(v.pipe(textOnce(2048), v.description("Only replies to this event."))),
      order: v.exactOptional(
        v.pipe(
          picklist(["newest", "due"]),
          v.description("due: what is due first comes first. Otherwise the newest does."),
        ),
      ),
    }),
    answer: { status: 200, schema: pageOf(replyItem) },
    problems: [],
  },
  ({ account, query }) =>
    respondWithPage(`replies ${account.id}`, query, (asked) => account.ask((stub) => stub.replies(asked))),
);

const getReply = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/replies/:replyId",
    name: "getReply",
    tag: "replies",
    summary: "One reply",
    params: replyParams,
    answer: { status: 200, schema: replyItem },
    problems: ["not_found"],
  },
  async ({ account, params }) => found(await account.ask((stub) => stub.reply(params.replyId)), NO_REPLY),
);

/** Straight to the account: this one is called by programs, for every reply of theirs. */
const createReply = endpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/replies",
    name: "createReply",
    tag: "replies",
    summary: "Let your own backend answer a comment privately, or send a message, through the same ledger",
    description:
      "Asking again with the same Idempotency-Key gives the same reply, in the state it has by then, and never sends a second one. " +
      "A text that is too long for the platform is refused with 422 `text_too_long`, which names the limit; nothing is shortened.",
    params: accountParams,
    headers: idempotencyHeaders,
    body: newReply,
    answer: { status: 201, schema: replyItem, headers: { Location: "Path of the reply." } },
    problems: [
      "not_found",
      "not_connected",
      "already_replied",
      "key_reused",
      "outside_window",
      "human_active",
      "comment_gone",
      "text_too_long",
    ],
  },
  async ({ params: { id }, headers, body, objects }) => {
    const request = { ...body, idempotencyKey: headers["idempotency-key"] };
    const created = await objects.account(id, (account) => account.createReply(id, request));
    if (!created.ok) return err(replyProblem(created.error));
    const location = `/api/accounts/${encodeURIComponent(id)}/replies/${encodeURIComponent(created.value.id)}`;
    return ok({ body: created.value, headers: { Location: location } });
  },
);

const cancelReply = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/replies/:replyId/cancel",
    name: "cancelReply",
    tag: "replies",
    summary: "Cancel a reply that has not left yet",
    params: replyParams,
    answer: { status: 200, schema: replyItem },
    problems: ["not_found", "too_late"],
  },
  async ({ account, params }) => answerReply(await account.ask((stub, id) => stub.cancelReply(id, params.replyId))),
);

const sendReplyNow = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/replies/:replyId/send-now",
    name: "sendReplyNow",
    tag: "replies",
    summary: "Let a waiting reply leave without waiting for its time; Meta's limits still hold",
    params: replyParams,
    answer: { status: 200, schema: replyItem },
    problems: ["not_found", "not_connected", "outside_window", "too_late"],
  },
  async ({ account, params }) => answerReply(await account.ask((stub, id) => stub.sendReplyNow(id, params.replyId))),
);

const resolveReply = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/replies/:replyId/resolve",
    name: "resolveReply",
    tag: "replies",
    summary: "Settle a reply whose outcome is uncertain, as a person has found it out",
    params: replyParams,
    body: strictObject({
      as: v.pipe(
        picklist(["sent", "refused", "retry"]),
        v.description("`sent`: it arrived. `refused`: it did not, and shall not. `retry`: it did not; send it again."),
      ),
    }),
    answer: { status: 200, schema: replyItem },
    problems: ["not_found", "not_uncertain", "outside_window"],
  },
  async ({ account, params, body }) =>
    answerReply(await account.ask((stub, id) => stub.resolveReply(id, params.replyId, body.as))),
);

export const replyEndpoints: readonly Endpoint[] = [
  listReplies,
  getReply,
  createReply,
  cancelReply,
  sendReplyNow,
  resolveReply,
];

function answerReply(result: Result<ReplyItem, ReplyError>): Result<Answer<ReplyItem>, Problem> {
  return result.ok ? ok({ body: result.value }) : err(replyProblem(result.error));
}

/** Why the account would not, as an answer. The code is the account's own reason. */
function replyProblem(error: ReplyError): Problem {
  const code: ProblemCode = error.reason;
  switch (error.reason) {
    case "not_found":
      return problem(code, NO_REPLY);
    case "not_connected":
      return problem(code, "The account has no token. Connect it with PUT /api/accounts/:id.");
    case "already_replied":
      return problem(code, `The comment has its one private reply already: ${error.replyId}.`);
    case "key_reused":
      return problem(
        code,
        `This Idempotency-Key belongs to another request (reply ${error.replyId}). Take a new key for a new reply.`,
      );
    case "outside_window":
      return problem(code, "Meta's window for this answer has closed.");
    case "human_active":
      return problem(
        code,
        'A person answers this conversation at the moment. Wait, hand it back, or send with "by":"person".',
      );
    case "comment_gone":
      return problem(code, "The comment was deleted, so there is nothing to answer.");
    case "text_too_long":
      return problem(code, `Meta allows ${error.max} ${error.unit} in one message. Shorten the text.`);
    case "too_late":
      return problem(code, `The reply is ${error.state} already.`);
    case "not_uncertain":
      return problem(code, `The reply is ${error.state}, so there is nothing to settle.`);
  }
}
