/** Events on a Page: comments, posts, reactions. */
import { idAt, type JsonObject, objectAt, textAt, timeAt } from "../json.ts";
import { type Author, readAuthor } from "./parts.ts";

export interface FeedView {
  kind: "feed";
  /** `comment`, `post`, `status`, `photo`, `reaction` … */
  item: string | null;
  /** `add`, `edited`, `remove`, `hide` … */
  verb: string | null;
  commentId: string | null;
  postId: string | null;
  /** The parent comment; null for a top-level comment, where Meta sets `parent_id` to the post. */
  parentId: string | null;
  from: Author | null;
  message: string | null;
  createdAt: number | null;
  own: boolean;
}

/**
 * The `value` of a `feed` change (Webhooks Reference, Page). `createdAt` is ms since the epoch; Meta writes seconds.
 */
export function readFeed(value: JsonObject | null, accountId: string): FeedView {
  const from = readAuthor(value);
  const postId = idAt(value, "post_id") ?? idAt(objectAt(value, "post"), "id");
  const parentId = idAt(value, "parent_id");
  return {
    kind: "feed",
    item: textAt(value, "item"),
    verb: textAt(value, "verb"),
    commentId: idAt(value, "comment_id"),
    postId,
    parentId: parentId === postId ? null : parentId,
    from,
    message: textAt(value, "message"),
    createdAt: timeAt(value, "created_time"),
    own: from?.id === accountId,
  };
}
