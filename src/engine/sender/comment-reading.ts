import type { GraphClient } from "../../meta/graph/client.ts";
import type { CommentReading, ReadOrder } from "../account/ports.ts";

/** The comment as it is now, with what the reply's template asks for beside it. */
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
