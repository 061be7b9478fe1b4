import type { Caller, GraphClient } from "../../meta/graph/client.ts";
import type { CommentReading, ReadOrder } from "../account/ports.ts";

/** Reads the current comment, and what the reply's template needs in addition. */
export async function readCommentForReply(graph: GraphClient, order: ReadOrder): Promise<CommentReading> {
  const { commentId, reads, profile, token } = order;
  const caller = { account: profile, token };
  const comment = await graph.readComment(caller, commentId);
  if (!comment.ok) {
    const isGone = comment.error.reason === "not_found" && (await readsComments(graph, caller));
    return { kind: isGone ? "gone" : "unknown" };
  }
  const { text, hidden, parentId, mediaId } = comment.value;
  const wantsParent = reads.includes("parent.text") && parentId !== null;
  const wantsPermalink = reads.includes("media.permalink") && mediaId !== null;
  const [parent, permalink] = await Promise.all([
    wantsParent ? graph.readComment(caller, parentId) : null,
    wantsPermalink ? graph.readPermalink(caller, mediaId) : null,
  ]);
  return {
    kind: "found",
    text,
    hidden,
    parentText: parent?.ok === true ? parent.value.text : null,
    permalink: permalink?.ok === true ? permalink.value : null,
  };
}

/** Posts that are looked at for a comment. */
const PROOF_MEDIA = 5;
const PROOF_READS = 2;

/**
 * Whether this token can read comments at all. Meta answers 100/33 for a deleted comment and also without the permission
 * to read it, so "not found" alone would cancel every reply of an account that lost the permission. A post alone proves
 * nothing, because it needs another permission than its comments.
 */
async function readsComments(graph: GraphClient, caller: Caller): Promise<boolean> {
  const media = await graph.recentMedia(caller, PROOF_MEDIA);
  if (!media.ok) return false;
  // A Page's posts come without a count.
  const commented = media.value.filter(({ commentCount }) => commentCount !== 0).slice(0, PROOF_READS);
  const pages = await Promise.all(commented.map(({ id }) => graph.mediaComments(caller, id, 1, null)));
  return pages.some((page) => page.ok && page.value.comments.length > 0);
}
