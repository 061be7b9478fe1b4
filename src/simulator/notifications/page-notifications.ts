/** Notifications that only Pages have: the feed, account linking, games and carts. */
import { change, type BuildContext, type Item } from "./delivery-body.ts";
import { inbound } from "./message-notifications.ts";
import type { WireValue } from "./wire-format.ts";

interface PageThread {
  accountId: string;
  personId: string;
}

const messaging = (thread: PageThread, now: number, rest: Record<string, WireValue>): Item =>
  inbound({ platform: "page", ...thread }, now, rest);

export interface FeedOptions {
  accountId: string;
  /** null: Meta does not say. */
  from: { id?: string; name: string } | null;
  /** In place of `from`, as the feed had it years ago. */
  sender?: { id: string; name: string };
  item: "comment" | "reaction" | "status" | "photo" | "post" | "share" | "like";
  verb: "add" | "edited" | "remove" | "hide";
  postId: string;
  commentId?: string;
  /** The post for a first-level comment, the parent comment for a reply. */
  parentId?: string;
  message?: string;
  reactionType?: string;
  photo?: { id: string; link: string };
  /** Meta adds details of the post to new comments. */
  post?: { permalinkUrl: string; statusType: string };
}

/** `feed` (documentation: Webhooks reference, Page). Times are in seconds, `published` is 0 or 1. */
export function feed(options: FeedOptions, { now }: BuildContext): Item {
  const createdAt = Math.floor(now / 1000);
  const { from, post, photo } = options;
  const value: WireValue = {
    from: from === null ? undefined : { id: from.id, name: from.name },
    sender_id: options.sender?.id,
    sender_name: options.sender?.name,
    post:
      post === undefined
        ? undefined
        : {
            status_type: post.statusType,
            is_published: true,
            updated_time: new Date(createdAt * 1000).toISOString().replace(".000Z", "+0000"),
            permalink_url: post.permalinkUrl,
            promotion_status: "inactive",
            id: options.postId,
          },
    link: photo?.link,
    message: options.message,
    item: options.item,
    photo_id: photo?.id,
    reaction_type: options.reactionType,
    verb: options.verb,
    post_id: options.postId,
    comment_id: options.commentId,
    parent_id: options.parentId,
    published: options.item === "status" || options.item === "photo" ? 1 : undefined,
    created_time: createdAt,
  };
  return change("page", options.accountId, now, "feed", value);
}

/** `mention`: a person mentioned the Page in a post. */
export function pageMention(
  options: { accountId: string; postId: string; message: string },
  { now }: BuildContext,
): Item {
  return change("page", options.accountId, now, "mention", {
    message: options.message,
    post_id: options.postId,
    created_time: Math.floor(now / 1000),
    item: "post",
    verb: "add",
  });
}

/** `messaging_account_linking`. Any response except 200 aborts the linking. */
export function accountLinking(options: PageThread & { authorizationCode?: string }, { now }: BuildContext): Item {
  const { authorizationCode } = options;
  return messaging(options, now, {
    account_linking:
      authorizationCode === undefined
        ? { status: "unlinked" }
        : { status: "linked", authorization_code: authorizationCode },
  });
}

/** `messaging_game_plays`. */
export function gamePlay(
  options: PageThread & { gameId: string; playerId: string; locale: string; score: number },
  { now }: BuildContext,
): Item {
  return messaging(options, now, {
    game_play: {
      game_id: options.gameId,
      player_id: options.playerId,
      locale: options.locale,
      context_type: "SOLO",
      score: options.score,
    },
  });
}

export interface Product {
  id: number;
  retailerId: string;
  name: string;
  unitPrice: number;
  currency: string;
  quantity: number;
}

/** `send_cart`: an order. */
export function order(
  options: PageThread & { products: readonly Product[]; note: string },
  { now }: BuildContext,
): Item {
  return messaging(options, now, {
    order: {
      products: options.products.map((product) => ({
        id: product.id,
        retailer_id: product.retailerId,
        name: product.name,
        unit_price: product.unitPrice,
        currency: product.currency,
        quantity: product.quantity,
      })),
      note: options.note,
    },
  });
}
