/**
 * `POST /<id>/messages`: messages, private replies and sender actions, with Meta's windows and limits
 * (documentation: Instagram Platform, Messaging API and Private Replies; Messenger Platform, Send messages).
 */
import { DAY_MS } from "../../core/time.ts";
import { MESSAGE_WINDOW_MS, PRIVATE_REPLY_WINDOW_MS } from "../../meta/limits.ts";
import { instagramMid, messengerMid, personId as newPersonId } from "../notifications/meta-ids.ts";
import { textOf } from "./outgoing-attachment.ts";
import {
  errorResponse,
  objectOf,
  success,
  type Effect,
  type GraphResponse,
  type GraphCall,
  type GraphContext,
  type Routed,
} from "./graph-call.ts";
import { anyError, GRAPH_ERRORS, type GraphError } from "./graph-error.ts";
import { readSend, type SendRequest } from "./send-request.ts";
import { LIMITS, type RateLimitName } from "./rate-limits.ts";
import type { Account, Comment, Conversation, Token } from "./graph-state.ts";
import { needs, speaksFor } from "./access-token.ts";

/** After the person's last message, with the HUMAN_AGENT tag. */
const HUMAN_AGENT_WINDOW_MS = 7 * DAY_MS;

/** @param accounts the account in the path, and the Instagram account linked to a Page in the path */
export function routeSend(call: GraphCall, accounts: readonly Account[], token: Token, context: GraphContext): Routed {
  const { state, random } = context;
  const first = accounts[0];
  const refuse = (error: GraphError): GraphResponse => errorResponse(error, random);
  if (token.kind === "user" || first === undefined) {
    // The call log shows the comment also if the account is unknown.
    const commentId = textOf(objectOf(call.params["recipient"])?.["comment_id"]);
    const error = token.kind === "user" ? GRAPH_ERRORS.sendNeedsPageToken : GRAPH_ERRORS.objectMissing;
    const operation = commentId === null ? "message" : "private_reply";
    return { ...routed(operation, first ?? null, () => refuse(error)), commentId };
  }

  // The comment or conversation shows whether the Page or its linked Instagram account is meant.
  const read = readSend(call.params, first.platform);
  if (!read.ok) return routed("message", first, () => refuse(read.error));
  const request = read.value;
  const account = accounts.find((candidate) => belongs(request, candidate, context)) ?? first;
  if (!speaksFor(token, account)) return routed("message", account, () => refuse(GRAPH_ERRORS.objectMissing));
  const forAccount = readSend(call.params, account.platform);
  if (!forAccount.ok) return routed("message", account, () => refuse(forAccount.error));

  if (request.does === "sender_action") {
    return routed("sender_action", account, () => {
      const conversation = "personId" in request.to ? state.conversation(account.id, request.to.personId) : undefined;
      const problem = needs(token, account, "messages") ?? messageProblem(account, conversation, request, context);
      return problem === null ? success({ recipient_id: conversation?.personId }) : refuse(problem);
    });
  }
  if ("commentId" in request.to) {
    const { commentId } = request.to;
    return {
      ...routed("private_reply", account, () => privateReply(account, commentId, token, request, context)),
      commentId,
    };
  }
  const { personId } = request.to;
  return routed("message", account, () => sendMessage(account, personId, token, request, context));
}

const routed = (operation: Routed["operation"], account: Account | null, run: () => GraphResponse): Routed => ({
  operation,
  accountId: account?.id ?? null,
  commentId: null,
  run,
});

function belongs(request: SendRequest, account: Account, { state }: GraphContext): boolean {
  if ("commentId" in request.to) return state.comments.get(request.to.commentId)?.accountId === account.id;
  return state.conversation(account.id, request.to.personId) !== undefined;
}

type Message = SendRequest & { does: "message" };

function privateReply(
  account: Account,
  commentId: string,
  token: Token,
  request: Message,
  context: GraphContext,
): GraphResponse {
  const { state, now, random, rules } = context;
  const known = state.comments.get(commentId);
  const comment = known ?? (rules.acceptUnknownComments ? unknownComment(account, commentId, now) : undefined);
  const problem =
    needs(token, account, account.platform === "page" ? "messages" : "comments") ??
    (account.messageAccess ? null : GRAPH_ERRORS.messageAccessOff) ??
    privateReplyProblem(account, comment, context) ??
    linkProblem(request, context);
  if (problem !== null) {
    if (known !== undefined)
      state.comments.put(known.id, { ...known, refusedReplies: (known.refusedReplies ?? 0) + 1 });
    return errorResponse(problem, random);
  }
  if (comment === undefined) return errorResponse(GRAPH_ERRORS.notCommentable, random);

  const rateLimit = state.media.get(comment.mediaId)?.productType === "LIVE" ? "live" : "private";
  const limited = overLimit(account, rateLimit, context);
  if (limited !== null) return limited;

  const mid = newMid(account, context);
  // In the simulator, the commenter's id in webhooks and the scoped id of the conversation are the same.
  const personId = comment.from.id === "" ? newPersonId(random) : comment.from.id;
  state.comments.put(comment.id, { ...comment, privateReplyMid: mid });
  state.touchConversation(account.id, personId, { username: comment.from.username, privateReplied: true });
  return sent(account, personId, mid, "private_reply", comment.id, request, context);
}

function privateReplyProblem(
  account: Account,
  comment: Comment | undefined,
  { state, now, rules }: GraphContext,
): GraphError | null {
  if (comment === undefined || comment.accountId !== account.id) return GRAPH_ERRORS.notCommentable;
  if (isOwn(comment, account) || comment.usedUp === true) return GRAPH_ERRORS.notCommentable;
  if (comment.privateReplyMid !== null) {
    const { secondPrivateReply } = rules;
    return secondPrivateReply === null
      ? secondReplyError(account, comment)
      : anyError(secondPrivateReply.code, secondPrivateReply.subcode);
  }
  const { publicReplyAt } = comment;
  if (publicReplyAt !== undefined && now - publicReplyAt < rules.publicReplyBlocksMs) {
    return secondReplyError(account, comment);
  }
  const media = state.media.get(comment.mediaId);
  if (media?.productType === "LIVE" && !media.live) return GRAPH_ERRORS.notCommentable;
  const tooOld = now - comment.createdAt >= PRIVATE_REPLY_WINDOW_MS;
  if (tooOld) return account.platform === "page" ? GRAPH_ERRORS.pageWindow : GRAPH_ERRORS.instagramWindow;
  const unavailable = state.conversation(account.id, comment.from.id)?.unavailable ?? false;
  return unavailable ? GRAPH_ERRORS.personUnavailable : null;
}

/** Written by the account itself, whichever name and id the notification gave its author. */
const isOwn = ({ from }: Comment, account: Account): boolean =>
  [account.id, account.appScopedId, account.selfScopedId].includes(from.id) ||
  (from.id === "" && from.username === account.username);

/** What developers report for a second private reply. Instagram uses two pairs of code and HTTP status, here in turn. */
function secondReplyError(account: Account, { id, refusedReplies = 0 }: Comment): GraphError {
  if (account.platform === "page") return GRAPH_ERRORS.pageAlreadyReplied;
  const turn = Number(id.slice(-1)) + refusedReplies;
  return turn % 2 === 0 ? GRAPH_ERRORS.alreadyReplied : GRAPH_ERRORS.alreadyRepliedInvalid;
}

/** The error for a link that Meta does not allow, in the text or anywhere in a template. */
function linkProblem({ content }: Message, { rules }: GraphContext): GraphError | null {
  const written = JSON.stringify(content);
  return rules.refusedLinks.some((link) => written.includes(link)) ? GRAPH_ERRORS.linkRefused : null;
}

const unknownComment = (account: Account, id: string, now: number): Comment => ({
  id,
  accountId: account.id,
  mediaId: "",
  parentId: null,
  from: { id: "", username: "somebody" },
  text: "",
  createdAt: now,
  hidden: false,
  privateReplyMid: null,
});

function sendMessage(
  account: Account,
  personId: string,
  token: Token,
  request: Message,
  context: GraphContext,
): GraphResponse {
  const conversation = context.state.conversation(account.id, personId);
  const problem =
    needs(token, account, "messages") ??
    messageProblem(account, conversation, request, context) ??
    linkProblem(request, context);
  if (problem !== null) return errorResponse(problem, context.random);
  const limited = overLimit(account, request.rateLimit, context);
  if (limited !== null) return limited;
  return sent(account, personId, newMid(account, context), "message", null, request, context);
}

function messageProblem(
  account: Account,
  conversation: Conversation | undefined,
  request: SendRequest,
  { now, app, rules }: GraphContext,
): GraphError | null {
  const page = account.platform === "page";
  if (!account.messageAccess) return GRAPH_ERRORS.messageAccessOff;
  if (conversation === undefined) return page ? GRAPH_ERRORS.pageUserMissing : GRAPH_ERRORS.instagramUserMissing;
  if (conversation.unavailable) return GRAPH_ERRORS.personUnavailable;
  const ours = conversation.ownerAppId === null || conversation.ownerAppId === app.appId;
  if (!ours) return page ? GRAPH_ERRORS.anotherAppControls : GRAPH_ERRORS.notThreadOwner;
  const windowMs = request.humanAgent && rules.humanAgent ? HUMAN_AGENT_WINDOW_MS : MESSAGE_WINDOW_MS;
  const { lastInboundAt, adWindowUntil = 0 } = conversation;
  if (lastInboundAt === null || now >= Math.max(lastInboundAt + windowMs, adWindowUntil)) {
    return page ? GRAPH_ERRORS.pageWindow : GRAPH_ERRORS.instagramWindow;
  }
  const { lastTapAt, privateReplied = false } = conversation;
  if (privateReplied && lastTapAt !== undefined && now - lastTapAt < rules.afterTap.ms) {
    return anyError(rules.afterTap.error.code, rules.afterTap.error.subcode);
  }
  return null;
}

/** Counts the call against its rate limit, or returns the error with the time until the limit allows the next call. */
function overLimit(
  account: Account,
  rateLimit: RateLimitName,
  { windows, now, random }: GraphContext,
): GraphResponse | null {
  const key = `${account.id} ${rateLimit}`;
  const waitMs = windows.waitMs(key, LIMITS[rateLimit], now);
  if (waitMs === 0) {
    windows.record(key, now);
    return null;
  }
  const error =
    rateLimit === "private"
      ? GRAPH_ERRORS.privateReplyHour
      : rateLimit === "media"
        ? GRAPH_ERRORS.mediaTooFast
        : GRAPH_ERRORS.sendTooFast;
  return { ...errorResponse(error, random), headers: { "x-simulator-regain-ms": String(waitMs) } };
}

const newMid = (account: Account, { random }: GraphContext): string =>
  account.platform === "page" ? messengerMid(random) : instagramMid(random);

function sent(
  account: Account,
  personId: string,
  mid: string,
  kind: "private_reply" | "message",
  commentId: string | null,
  request: Message,
  { state, now }: GraphContext,
): GraphResponse {
  state.sent.put(mid, {
    mid,
    accountId: account.id,
    personId,
    kind,
    commentId,
    text: request.text,
    by: "receiver",
    metadata: request.metadata,
    at: now,
  });
  const echo: Effect = {
    kind: "echo",
    accountId: account.id,
    personId,
    mid,
    text: request.text,
    metadata: request.metadata,
    content: request.content,
  };
  return success({ recipient_id: personId, message_id: mid }, [echo]);
}
