/** Comment nodes of the Graph API: read, reply publicly, hide, delete (documentation: Instagram Platform, Comment moderation). */
import { instagramObjectId } from "../notifications/meta-ids.ts";
import {
  errorResponse,
  success,
  textParam,
  type GraphResponse,
  type GraphCall,
  type GraphContext,
  type Routed,
} from "./graph-call.ts";
import { anyError, badParameter, GRAPH_ERRORS } from "./graph-error.ts";
import { graphTime, respondWithFields, respondWithList } from "./field-selection.ts";
import type { Account, Comment, Token } from "./graph-state.ts";
import { needs, speaksFor } from "./access-token.ts";

/** `/<comment id>`, `/<comment id>/replies` (Instagram) and `/<comment id>/comments` (Page). */
export function routeComment(call: GraphCall, comment: Comment, token: Token, context: GraphContext): Routed {
  const { state, random } = context;
  const account = state.accounts.get(comment.accountId);
  const edge = call.path[1];
  const writes = call.method === "POST" && edge !== undefined;
  const run = (): GraphResponse => {
    if (account === undefined || !speaksFor(token, account)) return errorResponse(GRAPH_ERRORS.objectMissing, random);
    const problem = needs(token, account, "comments");
    if (problem !== null) return errorResponse(problem, random);
    if (edge === "replies" || edge === "comments") {
      if (call.method === "POST") return publicReply(call, account, comment, context);
      if (call.method === "GET") return listReplies(call, comment, context);
      return errorResponse(GRAPH_ERRORS.method, random);
    }
    if (edge !== undefined) return errorResponse(GRAPH_ERRORS.unknownPath, random);
    return onComment(call, account, comment, context);
  };
  return {
    operation: writes ? "public_reply" : "comment",
    accountId: comment.accountId,
    commentId: comment.id,
    run,
  };
}

function onComment(call: GraphCall, account: Account, comment: Comment, context: GraphContext): GraphResponse {
  const { state, random } = context;
  if (call.method === "DELETE") {
    state.comments.delete(comment.id);
    return success({ success: true });
  }
  if (call.method === "POST") {
    const hide = textParam(call, "hide");
    if (hide === null) return errorResponse(badParameter("The parameter hide is required"), random);
    state.comments.put(comment.id, { ...comment, hidden: hide === "true" });
    return success({ success: true });
  }
  const media = state.media.get(comment.mediaId);
  if (media?.productType === "LIVE" && !media.live) return errorResponse(GRAPH_ERRORS.objectMissing, random);
  return respondWithFields(call, commentRecord(account, comment, context), commentDefaults(account), context);
}

/** Every field of a comment that can be requested. */
export function commentRecord(account: Account, comment: Comment, context: GraphContext): Record<string, unknown> {
  if (account.platform === "page") {
    return {
      id: comment.id,
      message: comment.text,
      from: { id: comment.from.id, name: comment.from.username },
      created_time: graphTime(comment.createdAt),
      parent: comment.parentId === null ? undefined : { id: comment.parentId },
      can_reply_privately: comment.privateReplyMid === null,
      is_hidden: comment.hidden,
    };
  }
  const replies = [...repliesTo(comment, context.state.comments.values())];
  return {
    ...withoutReplies(comment, context),
    replies: replies.length === 0 ? undefined : { data: replies.map((reply) => withoutReplies(reply, context)) },
  };
}

function withoutReplies(comment: Comment, { state }: GraphContext): Record<string, unknown> {
  const media = state.media.get(comment.mediaId);
  return {
    id: comment.id,
    from: { id: comment.from.id, username: comment.from.username },
    hidden: comment.hidden,
    like_count: 0,
    legacy_instagram_comment_id: comment.id,
    media: { id: comment.mediaId, media_product_type: media?.productType ?? "FEED" },
    parent_id: comment.parentId ?? undefined,
    text: comment.text,
    timestamp: graphTime(comment.createdAt),
    user: { id: comment.from.id },
    username: comment.from.username,
  };
}

export const commentDefaults = (account: Account): string =>
  account.platform === "page" ? "created_time,from,message,id" : "id,text,timestamp";

function* repliesTo(comment: Comment, all: Iterable<Comment>): Generator<Comment> {
  for (const candidate of all) if (candidate.parentId === comment.id) yield candidate;
}

function listReplies(call: GraphCall, comment: Comment, context: GraphContext): GraphResponse {
  const { state, random } = context;
  const account = state.accounts.get(comment.accountId);
  if (account === undefined) return errorResponse(GRAPH_ERRORS.objectMissing, random);
  const records = repliesTo(comment, state.comments.values()).map((reply) => commentRecord(account, reply, context));
  return respondWithList(call, records, commentDefaults(account), context);
}

function publicReply(call: GraphCall, account: Account, comment: Comment, context: GraphContext): GraphResponse {
  const { state, now, random } = context;
  const text = textParam(call, "message");
  if (text === null) return errorResponse(badParameter("The parameter message is required"), random);
  if (comment.hidden) return errorResponse(badParameter("A hidden comment cannot be answered"), random);
  if (state.media.get(comment.mediaId)?.productType === "LIVE") {
    return errorResponse(badParameter("Comments on live video cannot be answered"), random);
  }
  const id =
    account.platform === "page"
      ? `${comment.id.split("_")[0] ?? ""}_${instagramObjectId(random)}`
      : instagramObjectId(random);
  state.comments.put(id, {
    id,
    accountId: account.id,
    mediaId: comment.mediaId,
    // A reply to a reply belongs to the first comment.
    parentId: comment.parentId ?? comment.id,
    from: { id: account.id, username: account.username },
    text,
    createdAt: now,
    hidden: false,
    privateReplyMid: null,
  });
  state.sent.put(id, {
    mid: id,
    accountId: account.id,
    personId: comment.from.id,
    kind: "public_reply",
    commentId: comment.id,
    text,
    by: "receiver",
    metadata: null,
    at: now,
  });
  state.comments.put(comment.id, { ...comment, publicReplyAt: now });
  const effects = [{ kind: "own_comment" as const, accountId: account.id, commentId: id }];
  // Seen in practice: with `fields`, Meta creates the comment and returns an error.
  if (textParam(call, "fields") !== null) return { ...errorResponse(anyError(20, 1772107), random), effects };
  return success({ id }, effects);
}
