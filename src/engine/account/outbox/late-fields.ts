/** Template fields that no event carries: read from the Graph just before the send. */
import type { MessageContent } from "../../../core/automation/automation.ts";
import { render } from "../../../core/automation/template.ts";
import { fitText } from "../../../core/automation/text.ts";
import type { Reply } from "../../../core/reply/reply.ts";
import type { Settings } from "../../../core/settings.ts";
import { textLimitOf } from "../../../meta/limits.ts";
import type { Platform } from "../../../meta/graph/request.ts";
import type { CommentReading } from "../ports.ts";

/** Does this send want a look at its comment first? */
export function needsRead(reply: Reply, settings: Settings): reply is Reply & { to: { commentId: string } } {
  if (!("commentId" in reply.to)) return false;
  return reply.reads.length > 0 || (settings.recheckComments && reply.kind === "private_reply");
}

/** The message with what was read filled in; what could not be read falls back to the field's default, or to nothing. */
export function fillReads(
  reply: Pick<Reply, "kind" | "message">,
  reading: CommentReading,
  platform: Platform,
): MessageContent {
  if (reply.message.text === undefined) return reply.message;
  const fields: Record<string, string> = {};
  if (reading.kind === "found") {
    if (reading.parentText !== null) fields["parent.text"] = reading.parentText;
    if (reading.permalink !== null) fields["media.permalink"] = reading.permalink;
  }
  return { ...reply.message, text: fitText(render(reply.message.text, fields), textLimitOf(reply.kind, platform)) };
}
