/**
 * Calls to the Graph API, as data. Typed, because a path with `undefined` in it is refused by Meta without a word about
 * why; and without a token, so that no URL ever holds one.
 */
import type { MessageContent } from "../../core/automation/automation.ts";
import type { ReplyKind, ReplyTarget } from "../../core/reply/reply.ts";
import { err, ok, type Result } from "../../core/result.ts";

export type Platform = "instagram" | "page";
/** Which login the token is from: it decides the host. */
export type Login = "instagram" | "facebook";

export interface GraphAccount {
  /** `entry.id` of its webhooks: the Instagram professional account or the Page. */
  id: string;
  platform: Platform;
  login: Login;
  /** The id in the path where it is not the account's own: the linked Page of a Facebook Login. */
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

/** An id that cannot stand in a path: empty, or no id at all (`undefined`). */
export interface BadId {
  reason: "bad_id";
  id: string;
}

export interface OutgoingReply {
  /** The ledger's id; comes back in echoes where the platform has `metadata`. */
  id: string;
  kind: ReplyKind;
  to: ReplyTarget;
  message: MessageContent;
}

/**
 * Whether `message.metadata` comes back in the echo. Documented for Messenger (Webhooks, message_echoes). For Instagram
 * no page has it, and a parameter that Meta does not know may fail the send, so it is left out there.
 */
export const ECHOES_METADATA: Readonly<Record<Platform, boolean>> = { instagram: false, page: true };

/** Letters, digits, `_` and `-`, with a digit among them: which `undefined` and `null` have not. */
const ID = /^(?=.*\d)[A-Za-z0-9_-]{1,200}$/;

/** Fields of a comment, by platform. `media` and `parent_id` lead to the two reads that templates may ask for. */
const COMMENT_FIELDS: Readonly<Record<Platform, string>> = {
  // https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment
  instagram: "id,text,hidden,from,username,timestamp,media,parent_id",
  // https://developers.facebook.com/docs/graph-api/reference/comment
  page: "id,message,is_hidden,from,created_time,parent",
};

/** The id in paths of this account's own edges. */
export const nodeOf = (account: GraphAccount): string => account.sendAs ?? account.id;

/**
 * A reply of any kind. Private replies and messages:
 * https://developers.facebook.com/documentation/instagram-platform/private-replies and
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages.
 * Public replies: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies
 */
export function sendReply(hosts: GraphHosts, account: GraphAccount, reply: OutgoingReply): Result<GraphCall, BadId> {
  switch (reply.kind) {
    case "private_reply":
    case "message":
      return call(hosts, account, "POST", [nodeOf(account), "messages"], {}, sendBody(account, reply));
    case "public_reply": {
      const commentId = "commentId" in reply.to ? reply.to.commentId : "";
      // A comment on Facebook has its answers under `comments`. Never `fields` here: with it, Meta creates the reply
      // and answers 400 (code 20, subcode 1772107).
      const edge = account.platform === "page" ? "comments" : "replies";
      return call(hosts, account, "POST", [commentId, edge], {}, form({ message: reply.message.text ?? "" }));
    }
  }
}

/** Does the comment still exist, and what does it say? */
export const readComment = (hosts: GraphHosts, account: GraphAccount, commentId: string): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", [commentId], { fields: COMMENT_FIELDS[account.platform] });

/** The address of a post or reel. */
export const readMedia = (hosts: GraphHosts, account: GraphAccount, mediaId: string): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", [mediaId], { fields: account.platform === "page" ? "id,permalink_url" : "id,permalink" });

/** The newest media of the account, newest first. The path holds the account's own id: media are not a Page's. */
export function recentMedia(hosts: GraphHosts, account: GraphAccount, limit: number): Result<GraphCall, BadId> {
  const [edge, fields] =
    account.platform === "page" ? ["feed", "id,created_time"] : ["media", "id,timestamp,comments_count"];
  return call(hosts, account, "GET", [account.id, edge], { fields, limit: String(limit) });
}

/**
 * Comments of one media or post, newest first where Meta offers an order.
 * @param after cursor of the page before; null: the first page
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

/** The app's own subscription to this account: which webhook fields arrive. */
export const listSubscriptions = (hosts: GraphHosts, account: GraphAccount): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", [nodeOf(account), "subscribed_apps"]);

/** @param fields all that are wanted, by the names of Meta's table (`fields.ts`) */
export const subscribe = (
  hosts: GraphHosts,
  account: GraphAccount,
  fields: readonly string[],
): Result<GraphCall, BadId> =>
  call(hosts, account, "POST", [nodeOf(account), "subscribed_apps"], {}, form({ subscribed_fields: fields.join(",") }));

/** Takes this app, and no other, away from the account. */
export const unsubscribe = (hosts: GraphHosts, account: GraphAccount): Result<GraphCall, BadId> =>
  call(hosts, account, "DELETE", [nodeOf(account), "subscribed_apps"]);

/** Whose token is this? `user_id` is the account's `entry.id`; the `id` beside it belongs to the app alone. */
export const readMe = (hosts: GraphHosts, account: GraphAccount): Result<GraphCall, BadId> =>
  call(hosts, account, "GET", ["me"], {
    fields: account.login === "instagram" ? "user_id,username" : "id,name,instagram_business_account",
  });

function sendBody(account: GraphAccount, reply: OutgoingReply): GraphCall["body"] {
  const recipient = "commentId" in reply.to ? { comment_id: reply.to.commentId } : { id: reply.to.recipientId };
  const metadata = ECHOES_METADATA[account.platform] ? { metadata: reply.id } : {};
  // Messenger wants to be told what kind of message it is; a private reply is none of its kinds.
  const type = account.platform === "page" && reply.kind === "message" ? { messaging_type: "RESPONSE" } : {};
  const body = { recipient, ...type, message: { ...reply.message, ...metadata } };
  return { contentType: "application/json", text: JSON.stringify(body) };
}

/** As a form and not in the query: texts do not belong in URLs, which end up in logs. */
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
