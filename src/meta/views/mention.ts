/** A mention of the account in a comment, a caption or a post. */
import { idAt, type JsonObject, textAt } from "../json.ts";
import { type Author, readAuthor } from "./parts.ts";

export interface MentionView {
  kind: "mention";
  /** null if the mention is in a caption or post. */
  commentId: string | null;
  /** The media (Instagram) or post (Page). */
  mediaId: string | null;
  /** Instagram sends no text; it must be read from the Graph API. */
  text: string | null;
  /** Page only: `add`, `edit`, `remove`. */
  verb: string | null;
  from: Author | null;
  own: boolean;
}

/** Instagram sends only ids, a Page also the text (Webhooks Reference, Instagram and Page). */
export function readMention(value: JsonObject | null, accountId: string): MentionView {
  const from = readAuthor(value);
  return {
    kind: "mention",
    commentId: idAt(value, "comment_id"),
    mediaId: idAt(value, "media_id") ?? idAt(value, "post_id"),
    text: textAt(value, "message"),
    verb: textAt(value, "verb"),
    from,
    own: from?.id === accountId,
  };
}
