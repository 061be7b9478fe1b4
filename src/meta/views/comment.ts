/** A comment on Instagram: on a post, a reel, an ad or a live broadcast. */
import { idAt, type JsonObject, objectAt, textAt } from "../json.ts";
import { type Author, readAuthor } from "./parts.ts";

export interface CommentView {
  kind: "comment" | "live_comment";
  commentId: string | null;
  /** The parent comment, if this is a reply. */
  parentId: string | null;
  text: string | null;
  from: Author | null;
  media: {
    id: string | null;
    /** `FEED`, `REELS`, `STORY`, `LIVE`, `AD` … */
    productType: string | null;
    adId: string | null;
    adTitle: string | null;
    /** For a comment on an ad: the media that the ad was made from. */
    originalMediaId: string | null;
  } | null;
  /** Meta names the account as the author. The account's records may know better (`ingest/own-comments.ts`). */
  own: boolean;
}

export function readComment(kind: CommentView["kind"], value: JsonObject | null, accountId: string): CommentView {
  const from = readAuthor(value);
  const media = objectAt(value, "media");
  return {
    kind,
    // Meta's reference uses `id`, its example for Facebook Login uses `comment_id`.
    commentId: idAt(value, "id") ?? idAt(value, "comment_id"),
    parentId: idAt(value, "parent_id"),
    text: textAt(value, "text"),
    from,
    media:
      media === null
        ? null
        : {
            id: idAt(media, "id"),
            productType: textAt(media, "media_product_type"),
            adId: idAt(media, "ad_id"),
            adTitle: textAt(media, "ad_title"),
            originalMediaId: idAt(media, "original_media_id"),
          },
    own: from?.id === accountId,
  };
}
