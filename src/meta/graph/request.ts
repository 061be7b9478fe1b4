/**
 * Graph API calls, as data. Typed, because Meta refuses a path that contains `undefined` without a useful error.
 * Without a token, so that no URL ever contains one.
 */
import type { MessageContent } from "../../core/automation/automation.ts";
import type { EchoMetadata } from "../../core/settings.ts";
import type { ReplyKind, ReplyTarget } from "../../core/reply/reply.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { idAt } from "../json.ts";

export type Platform = "instagram" | "page";
/** The login that issued the token. It determines the host. */
export type Login = "instagram" | "facebook";

export interface GraphAccount {
  /** `entry.id` of its webhooks: the Instagram professional account or the Page. */
  id: string;
  platform: Platform;
  login: Login;
  /** The id in the path, if it is not the account's own id: the linked Page of a Facebook Login. */
  sendAs: string | null;
}

export interface GraphHosts {
  /** https://graph.instagram.com, without a slash at the end. */
  instagramUrl: string;
  /** https://graph.facebook.com */
  facebookUrl: string;
  /** `v26.0` */
  version: string;
}

export interface GraphCall {
  method: "GET" | "POST" | "DELETE";
  url: string;
  body: { contentType: string; text: string } | null;
}

/** An id that is not valid in a path: empty or not an id (`undefined`). */
export interface BadId {
  reason: "bad_id";
  id: string;
}

export interface OutgoingReply {
  /** The id in the ledger. Echoes return it on platforms that support `metadata`. */
  id: string;
  kind: ReplyKind;
  to: ReplyTarget;
  message: MessageContent;
  /** Whether the message carries the id; `auto` if absent. */
  echoMetadata?: EchoMetadata;
}

/**
 * Whether the echo returns `message.metadata`. Documented for Messenger (Webhooks, message_echoes). It is not
 * documented for Instagram, where an unknown parameter could fail the send, so there the setting `echoMetadata` must
 * turn it on.
 */
export const ECHOES_METADATA: Readonly<Record<Platform, boolean>> = { instagram: false, page: true };

/** Letters, digits, `_` and `-`, with at least one digit. This excludes `undefined` and `null`. */
const ID = /^(?=.*\d)[A-Za-z0-9_-]{1,200}$/;

/** Fields of a comment, by platform. `media` and `parent_id` are needed for the two reads that templates can use. */
const COMMENT_FIELDS: Readonly<Record<Platform, string>> = {
  // https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment
  instagram: "id,text,hidden,from,username,timestamp,media{id,media_product_type},parent_id",
  // https://developers.facebook.com/docs/graph-api/reference/comment
  page: "id,message,is_hidden,from,created_time,parent",
};

/** Ten messages, because Meta gives details only of the newest 20 of a conversation. */
const CONVERSATION_FIELDS = "id,updated_time,messages.limit(10){id,created_time,from,to,message,attachments}";

/** The id in the paths of the account's edges. */
export const nodeOf = (account: GraphAccount): string => account.sendAs ?? account.id;

/**
 * A reply of any kind. Private replies and messages:
 * https://developers.facebook.com/documentation/instagram-platform/private-replies and
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages. Public replies:
 * https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies
 */
export function sendReply(hosts: GraphHosts, account: GraphAccount, reply: OutgoingReply): Result<GraphCall, BadId> {
  switch (reply.kind) {
    case "private_reply":
    case "message":
      return call(hosts, account, "POST", [nodeOf(account), "messages"], {}, sendBody(account, reply));
    case "public_reply": {
      const commentId = "commentId" in reply.to ? reply.to.commentId : "";
      // On Facebook, the replies to a comment are under `comments`. Do not add `fields`: Meta would create the reply
      // but
      // return 400 (code 20, subcode 1772107).
      const edge = account.platform === "page" ? "comments" : "replies";
      return call(hosts, account, "POST", [commentId, edge], {}, form({ message: reply.message.text ?? "" }));
    }
  }
}

/** Reads a comment: whether it still exists, and its current text. */
export const readComment = (hosts: GraphHosts, account: GraphAccount, commentId: string): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", [commentId], { fields: COMMENT_FIELDS[account.platform] });

/** Reads only the media of an Instagram comment. For a comment in an album, it is the album; the webhook names the picture. */
export const readCommentMedia = (
  hosts: GraphHosts,
  account: GraphAccount,
  commentId: string,
): Result<GraphCall, BadId> => call(hosts, account, "GET", [commentId], { fields: "media{id}" });

/** Deletes a comment of the account's own. The path and the method are the same on both platforms. */
export const deleteComment = (hosts: GraphHosts, account: GraphAccount, commentId: string): Result<GraphCall, BadId> =>
  call(hosts, account, "DELETE", [commentId]);

/** Reads the URL of a post or reel. */
export const readMedia = (hosts: GraphHosts, account: GraphAccount, mediaId: string): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", [mediaId], { fields: account.platform === "page" ? "id,permalink_url" : "id,permalink" });

/** The latest media of the account, newest first. The path has the account's own id, because a Page has no media. */
export function recentMedia(hosts: GraphHosts, account: GraphAccount, limit: number): Result<GraphCall, BadId> {
  const [edge, fields] =
    account.platform === "page" ? ["feed", "id,created_time"] : ["media", "id,timestamp,comments_count"];
  return call(hosts, account, "GET", [account.id, edge], { fields, limit: String(limit) });
}

/**
 * Comments of one media or post, newest first if Meta supports an order.
 * @param after cursor of the previous page; null: the first page
 */
export function mediaComments(
  hosts: GraphHosts,
  account: GraphAccount,
  mediaId: string,
  limit: number,
  after: string | null,
): Result<GraphCall, BadId> {
  const fields =
    account.platform === "page"
      ? COMMENT_FIELDS.page
      : `${COMMENT_FIELDS.instagram},replies{${COMMENT_FIELDS.instagram}}`;
  return call(hosts, account, "GET", [mediaId, "comments"], {
    fields,
    limit: String(limit),
    ...(account.platform === "page" ? { filter: "stream", order: "reverse_chronological" } : {}),
    ...(after === null ? {} : { after }),
  });
}

/**
 * Conversations, the last active first, each with its newest messages. With Facebook Login the path has the Page.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/conversations-api and
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations
 *
 * @param after cursor of the previous page; null: the first page
 */
export function conversations(
  hosts: GraphHosts,
  account: GraphAccount,
  limit: number,
  after: string | null,
): Result<GraphCall, BadId> {
  return call(hosts, account, "GET", [nodeOf(account), "conversations"], {
    platform: account.platform === "page" ? "messenger" : "instagram",
    fields: CONVERSATION_FIELDS,
    limit: String(limit),
    ...(after === null ? {} : { after }),
  });
}

/** The app's own subscription to this account: which webhook fields arrive. */
export const listSubscriptions = (hosts: GraphHosts, account: GraphAccount): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", [nodeOf(account), "subscribed_apps"]);

/** @param fields the complete list, with the names of Meta's table (`fields.ts`) */
export const subscribe = (
  hosts: GraphHosts,
  account: GraphAccount,
  fields: readonly string[],
): Result<GraphCall, BadId> =>
  call(hosts, account, "POST", [nodeOf(account), "subscribed_apps"], {}, form({ subscribed_fields: fields.join(",") }));

/** Removes the subscription of this app only. */
export const unsubscribe = (hosts: GraphHosts, account: GraphAccount): Result<GraphCall, BadId> =>
  call(hosts, account, "DELETE", [nodeOf(account), "subscribed_apps"]);

/** Reads the owner of the token. `user_id` is the account's `entry.id`; `id` is specific to the app. */
export const readMe = (hosts: GraphHosts, account: GraphAccount): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", ["me"], {
    fields: account.login === "instagram" ? "user_id,username" : "id,name,instagram_business_account",
  });

function sendBody(account: GraphAccount, reply: OutgoingReply): GraphCall["body"] {
  const recipient = "commentId" in reply.to ? { comment_id: reply.to.commentId } : { id: reply.to.recipientId };
  const { echoMetadata = "auto" } = reply;
  const isStamped = echoMetadata === "auto" ? ECHOES_METADATA[account.platform] : echoMetadata === "on";
  const metadata = isStamped ? { metadata: reply.id } : {};
  // Messenger requires the type of the message. A private reply has none.
  const type = account.platform === "page" && reply.kind === "message" ? { messaging_type: "RESPONSE" } : {};
  const body = { recipient, ...type, message: { ...contentOf(reply.message), ...metadata } };
  return { contentType: "application/json", text: JSON.stringify(body) };
}

/** A sticker has no attachment in the Send API (Messenger Platform, Sticker API, 2026-06-01). */
function contentOf({ attachment, ...rest }: MessageContent): Record<string, unknown> {
  if (attachment?.type === "sticker") return { ...rest, sticker_id: idAt(attachment.payload, "sticker_id") };
  return attachment === undefined ? rest : { ...rest, attachment };
}

/** As a form and not in the query, because URLs are logged and must not contain texts. */
function form(values: Record<string, string>): GraphCall["body"] {
  return { contentType: "application/x-www-form-urlencoded", text: new URLSearchParams(values).toString() };
}

function call(
  hosts: GraphHosts,
  account: GraphAccount,
  method: GraphCall["method"],
  path: readonly [id: string, edge?: string],
  query: Record<string, string> = {},
  body: GraphCall["body"] = null,
): Result<GraphCall, BadId> {
  const [id, edge] = path;
  if (id !== "me" && !ID.test(id)) return err({ reason: "bad_id", id });
  const host = account.login === "instagram" ? hosts.instagramUrl : hosts.facebookUrl;
  const base = `${host}/${hosts.version}/${id}${edge === undefined ? "" : `/${edge}`}`;
  const search = new URLSearchParams(query).toString();
  return ok({ method, url: search === "" ? base : `${base}?${search}`, body });
}
