/** Parts that are shared by several kinds of event. Missing values are null. */
import { flagAt, idAt, type JsonObject, listAt, objectAt, textAt } from "../json.ts";

export interface Author {
  /** Null where Meta leaves it out and gives only a name. */
  id: string | null;
  /** Instagram's `username`, or the `name` of a Page comment's author. */
  username: string | null;
  /**
   * How the account appears among Instagram-scoped ids. On real deliveries only its own comments have it; Meta's sample
   * and the dashboard's Test button have it on a stranger's.
   */
  selfScopedId: string | null;
}

export interface Attachment {
  /** `image`, `video`, `audio`, `file`, `share`, `ig_post`, `story_mention`, `template` …; null when unnamed. */
  type: string | null;
  /** A signed URL of Meta's CDN that expires. */
  url: string | null;
  title: string | null;
  payload: JsonObject | null;
}

export interface StoryRef {
  id: string | null;
  url: string | null;
}

export interface ReplyTo {
  /** The message that this message replies to. */
  mid: string | null;
  /** The account's story that this message replies to. */
  story: StoryRef | null;
}

/** How the person opened the conversation: the `ref` of a link, or an ad. */
export interface Referral {
  ref: string | null;
  adId: string | null;
  adTitle: string | null;
  source: string | null;
  type: string | null;
  productId: string | null;
  /** The flow of the ad's message template. */
  flowId: string | null;
  /** The story, where the source is a mention in a story. */
  story: StoryRef | null;
}

/** Null where Meta names no author. Old Page deliveries have `sender_id` and `sender_name` instead of `from`. */
export function readAuthor(value: JsonObject | null): Author | null {
  const from = objectAt(value, "from");
  const id = idAt(from, "id") ?? idAt(value, "sender_id");
  const username = textAt(from, "username") ?? textAt(from, "name") ?? textAt(value, "sender_name");
  return id === null && username === null ? null : { id, username, selfScopedId: idAt(from, "self_ig_scoped_id") };
}

/** `url` and `title` are in the payload or next to it. */
export function readAttachments(message: JsonObject | null): Attachment[] {
  return listAt(message, "attachments").map((attachment) => {
    const payload = objectAt(attachment, "payload");
    return {
      type: textAt(attachment, "type"),
      url: textAt(payload, "url") ?? textAt(attachment, "url"),
      title: textAt(payload, "title") ?? textAt(attachment, "title"),
      payload,
    };
  });
}

/** null: the message does not reply to another message or a story. */
export function readReplyTo(message: JsonObject | null): ReplyTo | null {
  const replyTo = objectAt(message, "reply_to");
  if (replyTo === null) return null;
  return { mid: idAt(replyTo, "mid"), story: readStory(replyTo) };
}

function readStory(of: JsonObject | null): StoryRef | null {
  const story = objectAt(of, "story");
  return story === null ? null : { id: idAt(story, "id"), url: textAt(story, "url") };
}

/** @param of the message, postback or item that contains the `referral` */
export function readReferral(of: JsonObject | null): Referral | null {
  const referral = objectAt(of, "referral");
  if (referral === null) return null;
  return {
    ref: idAt(referral, "ref"),
    adId: idAt(referral, "ad_id"),
    adTitle: textAt(objectAt(referral, "ads_context_data"), "ad_title"),
    source: textAt(referral, "source"),
    type: textAt(referral, "type"),
    productId: idAt(objectAt(referral, "product"), "id"),
    flowId: idAt(referral, "flow_id"),
    story: readStory(referral),
  };
}

/** Sender and recipient of a messaging item; policy and app-role items have no sender. */
export const senderId = (item: JsonObject | null): string | null => idAt(objectAt(item, "sender"), "id");
export const recipientId = (item: JsonObject | null): string | null => idAt(objectAt(item, "recipient"), "id");

/** Whether the account itself is the sender: from a flag in or next to the event, or from the sender id. */
export const isSelf = (item: JsonObject | null, key: string, accountId: string): boolean =>
  flagAt(item, "is_self") || flagAt(objectAt(item, key), "is_self") || senderId(item) === accountId;

/** The person in an item that the account or the person may have sent. */
export const otherThan = (accountId: string, item: JsonObject | null): string | null =>
  senderId(item) === accountId ? recipientId(item) : senderId(item);
