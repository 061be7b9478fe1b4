/** Makes the events of comments that Graph shows, with the same identity as their webhooks. */
import type { MetaEvent } from "../../../core/event.ts";
import type { GraphComment } from "../../../meta/graph/reading.ts";
import type { Platform } from "../../../meta/graph/request.ts";
import { readDelivery } from "../../../meta/reader/delivery.ts";
import { RECONCILER } from "../tables/events.ts";

/** The events of a delivery in Meta's form that the reconciler has made from what Graph shows. */
export function eventsFound(delivery: unknown, now: number): MetaEvent[] {
  const proof = { secret: RECONCILER, form: "raw" as const };
  return readDelivery(JSON.stringify(delivery), { receivedAt: now, deliveryId: RECONCILER, proof }).events;
}

export interface Wanted {
  accountId: string;
  platform: Platform;
  mediaId: string;
  /** Older comments are ignored. ms since the epoch. */
  since: number;
}

/** @param until comments after this time are left for the next round */
export function missedEvents(
  comments: readonly GraphComment[],
  wanted: Wanted,
  now: number,
  until: number,
): MetaEvent[] {
  return comments
    .filter(({ createdAt }) => createdAt !== null && createdAt >= wanted.since && createdAt <= until)
    .flatMap((comment) => eventsFound(deliveryOf(comment, wanted), now));
}

function deliveryOf(comment: GraphComment, { accountId, platform, mediaId }: Wanted): unknown {
  const seconds = Math.floor((comment.createdAt ?? 0) / 1_000);
  const change = platform === "instagram" ? instagramChange(comment, mediaId) : pageChange(comment, mediaId, seconds);
  return { object: platform, entry: [{ id: accountId, time: seconds, changes: [change] }] };
}

function instagramChange(
  { id, text, authorId, username, parentId, mediaType }: GraphComment,
  mediaId: string,
): unknown {
  const parent = parentId === null ? {} : { parent_id: parentId };
  const value = {
    id,
    text: text ?? "",
    from: { id: authorId, username },
    media: { id: mediaId, media_product_type: mediaType ?? undefined },
    ...parent,
  };
  return { field: "comments", value };
}

function pageChange(
  { id, text, authorId, username, parentId }: GraphComment,
  postId: string,
  createdSeconds: number,
): unknown {
  const value = {
    item: "comment",
    verb: "add",
    comment_id: id,
    post_id: postId,
    parent_id: parentId ?? postId,
    created_time: createdSeconds,
    message: text ?? "",
    from: { id: authorId, name: username },
  };
  return { field: "feed", value };
}
