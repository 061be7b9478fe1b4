/** Parses Meta's list of conversations, each with its newest messages. */
import { idAt, listAt, numberAt, objectAt, textAt } from "../json.ts";
import { isoAt, nextCursor } from "./reading.ts";

/** A person, or the account. */
export interface GraphPerson {
  id: string;
  username: string | null;
}

/** A message as the Conversations API shows it. Times are ms since the epoch, exact to a second. */
export interface GraphMessage {
  /** Meta's id: the `mid` of its webhook. */
  id: string;
  createdAt: number | null;
  from: GraphPerson | null;
  to: GraphPerson[];
  text: string | null;
  attachments: { type: "image" | "video" | "audio" | "file"; url: string }[];
}

export interface GraphConversation {
  updatedAt: number | null;
  /** Newest first. */
  messages: GraphMessage[];
}

export interface ConversationPage {
  conversations: GraphConversation[];
  /** Cursor of the next page; null: this is the last page. */
  after: string | null;
}

/** Messages without an id are skipped. */
export function toConversationPage(body: unknown): ConversationPage {
  const conversations = listAt(body, "data").map((item) => ({
    updatedAt: timeAt(item, "updated_time"),
    messages: listAt(objectAt(item, "messages"), "data").flatMap((message) => toMessage(message) ?? []),
  }));
  return { conversations, after: nextCursor(body) };
}

function toMessage(item: unknown): GraphMessage | null {
  const id = idAt(item, "id");
  if (id === null) return null;
  const text = textAt(item, "message");
  return {
    id,
    createdAt: timeAt(item, "created_time"),
    from: toPerson(objectAt(item, "from")),
    to: listAt(objectAt(item, "to"), "data").flatMap((person) => toPerson(person) ?? []),
    // A message that has only an attachment has an empty text.
    text: text === "" ? null : text,
    attachments: listAt(objectAt(item, "attachments"), "data").flatMap((one) => toAttachment(one) ?? []),
  };
}

function toPerson(item: unknown): GraphPerson | null {
  const id = idAt(item, "id");
  return id === null ? null : { id, username: textAt(item, "username") };
}

function toAttachment(item: unknown): GraphMessage["attachments"][number] | null {
  const image = textAt(objectAt(item, "image_data"), "url");
  if (image !== null) return { type: "image", url: image };
  const video = textAt(objectAt(item, "video_data"), "url");
  if (video !== null) return { type: "video", url: video };
  const file = textAt(item, "file_url");
  if (file === null) return null;
  return { type: textAt(item, "mime_type")?.startsWith("audio/") === true ? "audio" : "file", url: file };
}

/** ISO 8601, as Meta sends it; or a Unix time in seconds, as its page describes it. */
function timeAt(of: unknown, key: string): number | null {
  const seconds = numberAt(of, key);
  return seconds === null ? isoAt(of, key) : seconds * 1_000;
}
