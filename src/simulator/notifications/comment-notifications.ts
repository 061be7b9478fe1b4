/** Notifications about Instagram comments, mentions and stories, which Meta sends as `changes`. */
import { instagramObjectId } from "./meta-ids.ts";
import { change, type BuildContext, type Item } from "./delivery-body.ts";
import type { NamedAuthor } from "./own-comment.ts";
import type { WireValue } from "./wire-format.ts";

export interface CommentOptions {
  accountId: string;
  text: string;
  id?: string;
  /** The commenter; the account itself for an own comment. null: Meta does not say. */
  from: { id?: string; username: string } | null;
  mediaId: string;
  mediaProductType?: "FEED" | "REELS" | "LIVE" | "AD" | "STORY";
  parentId?: string;
  /** The ad with a copy of the media. Meta may send the comment twice then. */
  ad?: { id: string; title: string; originalMediaId: string };
  /** The author's Instagram-scoped id, which Meta adds to own comments since 2025; its sample has it for others. */
  selfScopedId?: string;
  live?: boolean;
  /** `comment_id` instead of `id`, as the Facebook Login section of the examples page shows it. */
  idKey?: "id" | "comment_id";
  /** Directly on the entry instead of in `changes`, as the examples page shows it. */
  flat?: boolean;
}

/** `comments` or `live_comments` (documentation: Webhooks reference, Instagram). */
export function comment(options: CommentOptions, { now, random }: BuildContext): Item {
  const { from, ad, parentId, selfScopedId, live = false } = options;
  const value: WireValue = {
    from: from === null ? undefined : { id: from.id, username: from.username, self_ig_scoped_id: selfScopedId },
    media: {
      id: options.mediaId,
      ad_id: ad?.id,
      ad_title: ad?.title,
      original_media_id: ad?.originalMediaId,
      media_product_type: options.mediaProductType ?? (live ? "LIVE" : ad === undefined ? "REELS" : "AD"),
    },
    [options.idKey ?? "id"]: options.id ?? instagramObjectId(random),
    parent_id: parentId,
    text: options.text,
  };
  const item = change("instagram", options.accountId, now, live ? "live_comments" : "comments", value);
  return options.flat === true ? { ...item, container: "flat" } : item;
}

/** The author of an own comment, in the words of `comments`. */
export const commentAuthor = ({ from, selfScopedId }: NamedAuthor): Pick<CommentOptions, "from" | "selfScopedId"> => ({
  from: from === null ? null : { username: from.name, ...(from.id === undefined ? {} : { id: from.id }) },
  ...(selfScopedId === undefined ? {} : { selfScopedId }),
});

/** `mentions`: of the account in a caption (no comment id) or in a comment. Facebook Login only. */
export function mention(
  options: { accountId: string; mediaId: string; commentId?: string },
  { now }: BuildContext,
): Item {
  return change("instagram", options.accountId, now, "mentions", {
    media_id: options.mediaId,
    comment_id: options.commentId,
  });
}

/** `story_insights`: sent when a story expires; counts below five come as -1. Facebook Login only. */
export function storyInsights(
  options: { accountId: string; mediaId: string; impressions: number; reach: number; replies: number },
  { now }: BuildContext,
): Item {
  const shown = (count: number): number => (count < 5 ? -1 : count);
  return change("instagram", options.accountId, now, "story_insights", {
    media_id: options.mediaId,
    impressions: shown(options.impressions),
    reach: shown(options.reach),
    taps_forward: shown(Math.floor(options.impressions * 0.4)),
    taps_back: shown(Math.floor(options.impressions * 0.07)),
    exits: shown(Math.floor(options.impressions * 0.1)),
    replies: shown(options.replies),
  });
}
