/** Parses Graph API responses to reads: comments, media, subscriptions, the account itself. */
import { flagAt, idAt, listAt, numberAt, objectAt, textAt } from "../json.ts";

/** The current version of a comment. Times are ms since the epoch. */
export interface GraphComment {
  id: string;
  text: string | null;
  hidden: boolean;
  authorId: string | null;
  /** Instagram: the username. Facebook: the name. */
  username: string | null;
  parentId: string | null;
  mediaId: string | null;
  /** `FEED`, `REELS`, `AD` … */
  mediaType: string | null;
  createdAt: number | null;
}

export interface GraphMedia {
  id: string;
  createdAt: number | null;
  commentCount: number | null;
}

export interface CommentPage {
  comments: GraphComment[];
  /** Cursor of the next page; null: this is the last page. */
  after: string | null;
}

export interface Subscription {
  appId: string | null;
  fields: string[];
}

export interface Me {
  /** The id in its webhooks: `user_id` on graph.instagram.com, `id` of a Page. */
  id: string;
  name: string | null;
  /** A Page's linked Instagram professional account. */
  instagramId: string | null;
}

/**
 * @param pageId the Page, for a Facebook comment. Such comments do not name their post. The id of the comment is
 *   `<post>_<comment>` and the id of the post is `<page>_<post>`, as in the `feed` webhook (`comment_id`, `post_id`)
 */
export function toComment(item: unknown, pageId: string | null): GraphComment | null {
  const id = idAt(item, "id");
  if (id === null) return null;
  const from = objectAt(item, "from");
  const media = objectAt(item, "media");
  return {
    id,
    text: textAt(item, "text") ?? textAt(item, "message"),
    hidden: flagAt(item, "hidden") || flagAt(item, "is_hidden"),
    authorId: idAt(from, "id"),
    username: textAt(from, "username") ?? textAt(item, "username") ?? textAt(from, "name"),
    parentId: idAt(item, "parent_id") ?? idAt(objectAt(item, "parent"), "id"),
    mediaId: idAt(media, "id") ?? postOf(id, pageId),
    mediaType: textAt(media, "media_product_type"),
    createdAt: isoAt(item, "timestamp") ?? isoAt(item, "created_time"),
  };
}

/** Meta's name of the media that a comment is under; null: the response names none. */
export const toCommentMedia = (body: unknown): string | null => idAt(objectAt(body, "media"), "id");

/** Comments, each followed by its replies. */
export function toCommentPage(body: unknown, pageId: string | null): CommentPage {
  const comments = listAt(body, "data").flatMap((item) => {
    const comment = toComment(item, pageId);
    if (comment === null) return [];
    const replies = listAt(objectAt(item, "replies"), "data").flatMap((reply) => toComment(reply, pageId) ?? []);
    return [comment, ...replies.map((reply) => ({ ...reply, parentId: reply.parentId ?? comment.id }))];
  });
  return { comments, after: nextCursor(body) };
}

/** `/<account>/media` or the posts of a Page; items without an id are skipped. */
export function toMediaList(body: unknown): GraphMedia[] {
  return listAt(body, "data").flatMap((item) => {
    const id = idAt(item, "id");
    const createdAt = isoAt(item, "timestamp") ?? isoAt(item, "created_time");
    return id === null ? [] : [{ id, createdAt, commentCount: numberAt(item, "comments_count") }];
  });
}

/** Instagram's `permalink`, a Page post's `permalink_url`. */
export const toPermalink = (body: unknown): string | null => textAt(body, "permalink") ?? textAt(body, "permalink_url");

/** `/<account>/subscribed_apps`: all apps of a Page; with Instagram Login only our own app. */
export function toSubscriptions(body: unknown): Subscription[] {
  return listAt(body, "data").map((item) => ({
    // The SDK's description of Instagram's edge has `app_id`.
    appId: idAt(item, "id") ?? idAt(item, "app_id"),
    fields: listAt(item, "subscribed_fields").filter((field) => typeof field === "string"),
  }));
}

/** null: the response contains no id. */
export function toMe(body: unknown): Me | null {
  const id = idAt(body, "user_id") ?? idAt(body, "id");
  if (id === null) return null;
  return {
    id,
    name: textAt(body, "username") ?? textAt(body, "name"),
    instagramId: idAt(objectAt(body, "instagram_business_account"), "id"),
  };
}

/** The post of a Page's comment, from its id; null: not a Page, or another form of id. */
export function postOf(commentId: string, pageId: string | null): string | null {
  const post = /^(\d+)_\d+$/.exec(commentId)?.[1];
  return pageId === null || post === undefined ? null : `${pageId}_${post}`;
}

/**
 * Meta sends `after` on the last page too; only `next` shows that there is another page. Some lists have `next` without
 * `cursors`: then the cursor is in its query.
 *
 * @returns null on the last page, and where `next` has no cursor
 */
export function nextCursor(body: unknown): string | null {
  const paging = objectAt(body, "paging");
  const next = textAt(paging, "next");
  if (next === null) return null;
  return textAt(objectAt(paging, "cursors"), "after") ?? (URL.parse(next)?.searchParams.get("after") || null);
}

/** ISO 8601 with an offset: `2026-11-22T07:39:23+0000`. */
export function isoAt(of: unknown, key: string): number | null {
  const time = Date.parse(textAt(of, key) ?? "");
  return Number.isNaN(time) ? null : time;
}
