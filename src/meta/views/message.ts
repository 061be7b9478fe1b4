/** A message from a person, its edits, and its deletion. */
import { flagAt, idAt, type JsonObject, numberAt, objectAt, textAt } from "../json.ts";
import {
  type Attachment,
  isSelf,
  otherThan,
  readAttachments,
  readReferral,
  readReplyTo,
  recipientId,
  type Referral,
  type ReplyTo,
  senderId,
  type StoryRef,
} from "./parts.ts";

type Item = JsonObject | null;

export interface MessageView {
  kind: "message";
  mid: string | null;
  text: string | null;
  /** The sender: an Instagram- or Page-scoped id. */
  personId: string | null;
  recipientId: string | null;
  attachments: Attachment[];
  quickReplyPayload: string | null;
  replyTo: ReplyTo | null;
  /** The story that the message replies to. */
  story: StoryRef | null;
  referral: Referral | null;
  /** Sent from the account to itself, or with the account as sender. */
  self: boolean;
  /** Meta does not provide the content of this message. */
  unsupported: boolean;
}

export interface DeletedView {
  kind: "message_deleted";
  mid: string | null;
  personId: string | null;
  /** The unsent message was the account's own. */
  own: boolean;
}

export interface EditView {
  kind: "message_edit";
  mid: string | null;
  personId: string | null;
  text: string | null;
  /** 0 is sent together with a new message on Instagram and is not an edit. */
  numEdit: number | null;
}

/** The item of a `messages` event that is not an echo and was not unsent. */
export function readMessage(item: Item, accountId: string): MessageView {
  const message = objectAt(item, "message");
  const replyTo = readReplyTo(message);
  return {
    kind: "message",
    mid: idAt(message, "mid"),
    text: textAt(message, "text"),
    personId: senderId(item),
    recipientId: recipientId(item),
    attachments: readAttachments(message),
    quickReplyPayload: textAt(objectAt(message, "quick_reply"), "payload"),
    replyTo,
    story: replyTo?.story ?? null,
    referral: readReferral(message),
    self: isSelf(item, "message", accountId),
    unsupported: flagAt(message, "is_unsupported"),
  };
}

/** The account or the person may have unsent the message. `personId` is always the person. */
export function readDeleted(item: Item, accountId: string): DeletedView {
  const message = objectAt(item, "message");
  const own = senderId(item) === accountId || flagAt(message, "is_echo");
  return {
    kind: "message_deleted",
    mid: idAt(message, "mid"),
    personId: own ? recipientId(item) : senderId(item),
    own,
  };
}

/** `text` is the new text; Meta does not send the old text (Webhooks Reference, Instagram, `message_edit`). */
export function readEdit(item: Item, accountId: string): EditView {
  const edit = objectAt(item, "message_edit");
  return {
    kind: "message_edit",
    mid: idAt(edit, "mid"),
    personId: otherThan(accountId, item),
    text: textAt(edit, "text"),
    numEdit: numberAt(edit, "num_edit"),
  };
}
