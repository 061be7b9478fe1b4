import type { GraphClient } from "../../meta/graph/client.ts";
import type { CommentReading, ReadOrder } from "../account/ports.ts";

/** Reads the current comment, and what the reply's template needs in addition. */
export async function readCommentForReply(graph: GraphClient, order: ReadOrder): Promise<CommentReading> {
  const { commentId, reads, profile, token } = order;
  const caller = { account: profile, token };
  const comment = await graph.readComment(caller, commentId);
  if (!comment.ok) return { kind: comment.error.reason === "not_found" ? "gone" : "unknown" };
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
