/** An echo: Meta's notification of a message that the account sent. */
import { flagAt, idAt, type JsonObject, objectAt, textAt } from "../json.ts";
import { type Attachment, readAttachments, recipientId } from "./parts.ts";

/** A message that the account sent: by this app, another app, a person in the inbox, or Meta's own AI. */
export interface EchoView {
  kind: "echo";
  mid: string | null;
  text: string | null;
  /** The person who received the message. */
  personId: string | null;
  /** The app that sent it; `26390203743090` means a person in the Page inbox. null on Instagram. */
  appId: string | null;
  /** The `metadata` that the sender set. Documented for Messenger only. */
  metadata: string | null;
  self: boolean;
  aiGenerated: boolean;
  attachments: Attachment[];
}

/** Sender and recipient are swapped in an echo (Messenger Platform, Webhooks, `message_echoes`). */
export function readEcho(item: JsonObject | null): EchoView {
  const message = objectAt(item, "message");
  return {
    kind: "echo",
    mid: idAt(message, "mid"),
    text: textAt(message, "text"),
    personId: recipientId(item),
    appId: idAt(message, "app_id"),
    metadata: textAt(message, "metadata"),
    self: flagAt(message, "is_self") || flagAt(item, "is_self"),
    aiGenerated: flagAt(message, "ai_generated"),
    attachments: readAttachments(message),
  };
}
