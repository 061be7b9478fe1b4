/** Notifications about Instagram comments, mentions and stories, which Meta sends as `changes`. */
import { instagramObjectId } from "./meta-ids.ts";
import { change, type BuildContext, type Item } from "./delivery-body.ts";
import type { WireValue } from "./wire-format.ts";

export interface CommentOptions {
  accountId: string;
  text: string;
  id?: string;
  /** The commenter; the account itself for an own comment. */
  from: { id: string; username: string };
  mediaId: string;
  mediaProductType?: "FEED" | "REELS" | "LIVE" | "AD" | "STORY";
  parentId?: string;
  /** The ad with a copy of the media. Meta may send the comment twice then. */
  ad?: { id: string; title: string; originalMediaId: string };
  /** For an own comment: the account's Instagram-scoped id, which Meta adds since 2025. */
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
    from: { id: from.id, username: from.username, self_ig_scoped_id: selfScopedId },
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
