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
  /** Every id in the event that names the post: as a post, and as the photo, video or reel that it shows. */
  postNames: string[];
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
  const post = objectAt(value, "post");
  const postId = idAt(value, "post_id") ?? idAt(post, "id");
  const parentId = idAt(value, "parent_id");
  return {
    kind: "feed",
    item: textAt(value, "item"),
    verb: textAt(value, "verb"),
    commentId: idAt(value, "comment_id"),
    postId,
    postNames: namesOf(
      [postId, idAt(post, "id"), idAt(value, "photo_id"), idAt(value, "video_id")],
      [textAt(post, "permalink_url"), textAt(value, "permalink_url"), textAt(value, "link")],
    ),
    parentId: parentId === postId ? null : parentId,
    from,
    message: textAt(value, "message"),
    createdAt: timeAt(value, "created_time"),
    own: from?.id === accountId,
  };
}

/** An id in a permalink: `/reel/<id>/`, `/<page>/videos/<id>`, `/<page>/posts/pfbid…`, `?story_fbid=<id>`, `?v=<id>`. */
const IN_PATH = /\/(?:reels?|videos|posts|photos(?:\/[^/?#]+)?)\/(\d{5,}|pfbid\w+)/;
const IN_QUERY = /[?&](?:story_fbid|fbid|v)=(\d{5,}|pfbid\w+)/;

function namesOf(ids: readonly (string | null)[], links: readonly (string | null)[]): string[] {
  const linked = links.flatMap((link) => [IN_PATH, IN_QUERY].map((form) => form.exec(link ?? "")?.[1] ?? null));
  return [...new Set([...ids, ...linked].filter((id) => id !== null))];
}
