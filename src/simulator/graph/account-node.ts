/** Account nodes of the Graph API: the account, its media, its people and thread control. */
import {
  errorResponse,
  objectOf,
  success,
  textParam,
  type GraphResponse,
  type GraphCall,
  type GraphContext,
} from "./graph-call.ts";
import { commentDefaults, commentRecord } from "./comment-node.ts";
import { badParameter, GRAPH_ERRORS } from "./graph-error.ts";
import { graphTime, respondWithFields, respondWithList } from "./field-selection.ts";
import type { Account, Conversation, Media } from "./graph-state.ts";
import { readPage } from "./page-node.ts";

/** `GET /me` and `GET /<account id>`. With Instagram Login, `id` is app-scoped and `user_id` is the webhooks' `entry.id`. */
export function readAccount(call: GraphCall, account: Account, context: GraphContext): GraphResponse {
  const { state } = context;
  if (account.platform === "page") return readPage(call, account, account.username, context);
  const media = [...state.media.values()].filter(({ accountId }) => accountId === account.id);
  const record: Record<string, unknown> = {
    id: account.login === "instagram" ? account.appScopedId : account.id,
    user_id: account.id,
    username: account.username,
    name: account.name,
    account_type: "BUSINESS",
    profile_picture_url: undefined,
    followers_count: 1250,
    follows_count: 180,
    media_count: media.length,
    biography: undefined,
    website: undefined,
  };
  return respondWithFields(call, record, "id", context);
}

/** `GET /<person id>`: readable after the person wrote (documentation: User profile). */
export function readPerson(call: GraphCall, conversation: Conversation, context: GraphContext): GraphResponse {
  if (conversation.lastInboundAt === null) return errorResponse(GRAPH_ERRORS.objectMissing, context.random);
  const record = {
    id: conversation.personId,
    name: conversation.username,
    username: conversation.username,
    profile_pic: undefined,
    follower_count: 42,
    is_user_follow_business: true,
    is_business_follow_user: false,
    is_verified_user: false,
  };
  return respondWithFields(call, record, "name,username,id", context);
}

/** `GET /<account id>/media`, or a Page's `feed`: newest first, in pages. */
export function listMedia(call: GraphCall, account: Account, context: GraphContext): GraphResponse {
  const { state } = context;
  const media = [...state.media.values()]
    .filter(({ accountId, productType }) => accountId === account.id && productType !== "AD")
    .sort((left, right) => right.createdAt - left.createdAt);
  return listPage(call, media, context, (item) => mediaRecord(item, context), "id");
}

/** `GET /<media id>`. */
export function readMedia(call: GraphCall, media: Media, context: GraphContext): GraphResponse {
  return respondWithFields(call, mediaRecord(media, context), "id", context);
}

/**
 * `GET /<media id>/comments`, newest first, in pages; reconciliation reads it. Replies are not in the list, except with a
 * Page's `filter=stream`.
 */
export function listComments(call: GraphCall, media: Media, account: Account, context: GraphContext): GraphResponse {
  const stream = textParam(call, "filter") === "stream";
  const comments = [...context.state.comments.values()]
    .filter(({ mediaId, parentId }) => mediaId === media.id && (stream || parentId === null))
    .sort((left, right) => right.createdAt - left.createdAt);
  return listPage(call, comments, context, (item) => commentRecord(account, item, context), commentDefaults(account));
}

function mediaRecord(media: Media, { state }: GraphContext): Record<string, unknown> {
  let count = 0;
  for (const { mediaId } of state.comments.values()) if (mediaId === media.id) count += 1;
  if (state.accounts.get(media.accountId)?.platform === "page") {
    return {
      id: media.id,
      message: media.caption,
      created_time: graphTime(media.createdAt),
      permalink_url: media.permalink,
    };
  }
  return {
    id: media.id,
    caption: media.caption,
    media_type: media.productType === "REELS" || media.productType === "LIVE" ? "VIDEO" : "IMAGE",
    media_product_type: media.productType,
    permalink: media.permalink,
    timestamp: graphTime(media.createdAt),
    comments_count: count,
    like_count: 0,
    username: state.accounts.get(media.accountId)?.username,
    owner: { id: media.accountId },
    is_comment_enabled: true,
  };
}

const DEFAULT_PAGE = 25;
const MAX_PAGE = 100;

/** One page of a list, with the cursors of the Graph API. */
export function listPage<T extends { id: string }>(
  call: GraphCall,
  all: readonly T[],
  context: GraphContext,
  record: (item: T) => Record<string, unknown>,
  defaults: string,
): GraphResponse {
  const asked = Number(textParam(call, "limit") ?? DEFAULT_PAGE);
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, MAX_PAGE) : DEFAULT_PAGE;
  const after = textParam(call, "after");
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const items = all.slice(start, start + limit);
  const records = items.map(record);
  const first = items[0];
  const last = items.at(-1);
  if (first === undefined || last === undefined) return respondWithList(call, records, defaults, context);
  const cursors = { before: first.id, after: last.id };
  const more = start + limit < all.length;
  const paging = more ? { cursors, next: `after=${last.id}` } : { cursors };
  return respondWithList(call, records, defaults, context, { paging });
}

export type ThreadEdge = "take_thread_control" | "pass_thread_control" | "request_thread_control";

/**
 * Thread control (documentation: Instagram Messaging, Conversation Routing; Messenger Platform, Handover).
 * `request_thread_control` returns success and does not move the thread, as Meta does.
 */
export function threadControl(
  call: GraphCall,
  edge: ThreadEdge,
  account: Account,
  context: GraphContext,
): GraphResponse {
  const { state, app, random } = context;
  if (call.method !== "POST") return errorResponse(GRAPH_ERRORS.method, random);
  // An object, or JSON text in a form field. The bare id is accepted too.
  const recipient = call.params["recipient"];
  const id = objectOf(recipient)?.["id"] ?? recipient;
  const personId = typeof id === "string" ? id : null;
  if (personId === null) return errorResponse(badParameter("The parameter recipient is required"), random);
  const conversation = state.conversation(account.id, personId);
  if (conversation === undefined) {
    return errorResponse(
      account.platform === "page" ? GRAPH_ERRORS.pageUserMissing : GRAPH_ERRORS.instagramUserMissing,
      random,
    );
  }
  if (edge === "take_thread_control") state.touchConversation(account.id, personId, { ownerAppId: app.appId });
  if (edge === "pass_thread_control") {
    const target = textParam(call, "target_app_id");
    if (target === null) return errorResponse(badParameter("The parameter target_app_id is required"), random);
    const ours = conversation.ownerAppId === null || conversation.ownerAppId === app.appId;
    if (!ours) return errorResponse(GRAPH_ERRORS.notThreadOwner, random);
    state.touchConversation(account.id, personId, { ownerAppId: target });
  }
  return success({ success: true });
}
