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

const NO_REPLY = "Reply not found. It may be past the retention period, or erased.";

const replyParams = v.object({ ...accountParams.entries, replyId: storedId });

const listReplies = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/replies",
    name: "listReplies",
    tag: "replies",
    summary: "List replies, newest first or by due time",
    params: accountParams,
    query: strictObject({
      ...pageEntries,
      state: v.exactOptional(picklist(REPLY_STATES)),
      eventId: v.exactOptional(v.pipe(textOnce(2048), v.description("Only replies to this event."))),
      order: v.exactOptional(
        v.pipe(picklist(["newest", "due"]), v.description("`due`: the earliest due first. Default: the newest first.")),
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
    summary: "Get one reply",
    params: replyParams,
    answer: { status: 200, schema: replyItem },
    problems: ["not_found"],
  },
  async ({ account, params }) => found(await account.ask((stub) => stub.reply(params.replyId)), NO_REPLY),
);

/** Calls the account without the Directory, because programs call this endpoint for each of their replies. */
const createReply = endpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/replies",
    name: "createReply",
    tag: "replies",
    summary: "Create a private reply to a comment, or a message, from your own backend",
    description:
      "A repeated request with the same Idempotency-Key returns the same reply in its current state, and never sends a second one. " +
      "A text that is too long for the platform is refused with 422 `text_too_long` and the limit. It is never shortened.",
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
      "not_on_platform",
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
    summary: "Cancel a reply that is still pending",
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
    summary: "Make a pending reply due now; Meta's rate limits still apply",
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
    summary: "Settle an uncertain reply with the result that a person found",
    params: replyParams,
    body: strictObject({
      as: v.pipe(
        picklist(["sent", "refused", "retry"]),
        v.description(
          "`sent`: it arrived. `refused`: it did not arrive, and is not sent again. `retry`: it did not arrive; send it again.",
        ),
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

/** Converts the account's error to an API error. The code is the account's reason. */
function replyProblem(error: ReplyError): Problem {
  const code: ProblemCode = error.reason;
  switch (error.reason) {
    case "not_found":
      return problem(code, NO_REPLY);
    case "not_connected":
      return problem(code, "The account has no token. Connect it with PUT /api/accounts/:id.");
    case "already_replied":
      return problem(code, `The comment already has its one private reply: ${error.replyId}.`);
    case "key_reused":
      return problem(
        code,
        `This Idempotency-Key belongs to another request (reply ${error.replyId}). Use a new key for each reply.`,
      );
    case "outside_window":
      return problem(
        code,
        "Meta allows a message within 24 hours of the person's last one, and a private reply within 7 days of the comment. " +
          "This window has closed, or no such message is known.",
      );
    case "human_active":
      return problem(
        code,
        'A person answers this conversation at the moment. Wait, hand it back, or send with "by":"person".',
      );
    case "comment_gone":
      return problem(code, "The comment was deleted and cannot be answered.");
    case "text_too_long":
      return problem(code, `Meta allows ${error.max} ${error.unit} in one message. Shorten the text.`);
    case "not_on_platform": {
      const field = ["message", ...error.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))].join(
        "",
      );
      const fields = [{ field, message: error.message }];
      return { ...problem(code, "The platform of this account does not accept this part of the message."), fields };
    }
    case "too_late":
      return problem(code, `The reply is already ${error.state}.`);
    case "not_uncertain":
      return problem(code, `The reply is ${error.state}, not uncertain.`);
  }
}
