/**
 * Reads the body of `POST /<id>/messages` and applies Meta's limits on content (documentation: Instagram Platform,
 * Messaging API with its pages on quick replies and templates; Messenger Platform, Send messages).
 */
import { CONTENT_LIMITS } from "../../core/automation/attachment-templates.ts";
import { byteLength } from "../../core/automation/text.ts";
import { MESSAGE_TEXT_LIMITS, QUICK_REPLY_LIMIT } from "../../meta/limits.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { attachmentProblem, characters, textOf } from "./outgoing-attachment.ts";
import { objectOf, type JsonObject } from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS, type GraphError } from "./graph-error.ts";
import type { Platform } from "./graph-state.ts";

const MAX_IMAGES = 10;

/** UTILITY is for Pages only, since 2025. */
const MESSAGING_TYPES: Readonly<Record<Platform, readonly string[]>> = {
  instagram: ["RESPONSE", "UPDATE", "MESSAGE_TAG"],
  page: ["RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"],
};
/** Instagram turned off the other two on 2026-10-05 (documentation: Instagram Platform, Changelog). */
const QUICK_REPLY_TYPES: Readonly<Record<Platform, readonly string[]>> = {
  instagram: ["text"],
  page: ["text", "user_phone_number", "user_email"],
};
const SENDER_ACTIONS = ["typing_on", "typing_off", "mark_seen", "react", "unreact"];

export type Recipient = { personId: string } | { commentId: string };

export type SendRequest = {
  to: Recipient;
  humanAgent: boolean;
} & (
  | {
      does: "message";
      rateLimit: "message" | "media";
      text: string | null;
      metadata: string | null;
      content: JsonObject;
    }
  | { does: "sender_action"; action: string }
);

/** @returns the request in the body, or the error that Meta would return */
export function readSend(body: JsonObject, platform: Platform): Result<SendRequest, GraphError> {
  const recipient = objectOf(body["recipient"]);
  if (recipient === null) return err(badParameter("The parameter recipient is required"));
  const commentId = textOf(recipient["comment_id"]) ?? (platform === "page" ? textOf(recipient["post_id"]) : null);
  const personId = textOf(recipient["id"]);
  if (commentId === null && personId === null) {
    return err(badParameter("param recipient must be non-empty."));
  }
  const to: Recipient = commentId === null ? { personId: personId ?? "" } : { commentId };

  const messagingType = textOf(body["messaging_type"]);
  const types = MESSAGING_TYPES[platform];
  if (messagingType !== null && !types.includes(messagingType)) {
    return err(badParameter(`Param messaging_type must be one of {${types.join(", ")}} - got "${messagingType}"`));
  }
  const tag = textOf(body["tag"]);
  if (messagingType === "MESSAGE_TAG" && tag === null) return err(badParameter("MESSAGE_TAG needs the parameter tag"));
  if (tag !== null && tag !== "HUMAN_AGENT") {
    return err(badParameter(`The message tag ${tag} was retired on 2026-04-27`));
  }
  const humanAgent = tag === "HUMAN_AGENT";

  const action = textOf(body["sender_action"]);
  if (action !== null) {
    if (!SENDER_ACTIONS.includes(action))
      return err(badParameter(`Param sender_action must be one of {${SENDER_ACTIONS.join(", ")}}`));
    if (body["message"] !== undefined) return err(badParameter("sender_action carries no message"));
    const reactsTo = textOf(objectOf(body["payload"])?.["message_id"]);
    if ((action === "react" || action === "unreact") && reactsTo === null) {
      return err(badParameter("payload.message_id is required"));
    }
    if ("commentId" in to) return err(GRAPH_ERRORS.messageInvalid);
    return ok({ to, humanAgent, does: "sender_action", action });
  }

  const message = objectOf(body["message"]);
  if (message === null) return err(badParameter("The parameter message is required"));
  const checked = checkMessage(message, platform, body["filedata"] !== undefined);
  if (!checked.ok) return checked;
  return ok({
    to,
    humanAgent,
    does: "message",
    rateLimit: checked.value,
    text: textOf(message["text"]),
    metadata: textOf(message["metadata"]),
    content: message,
  });
}

/** `uploads`: the body contains a file (multipart) instead of a URL. */
function checkMessage(
  message: JsonObject,
  platform: Platform,
  uploads: boolean,
): Result<"message" | "media", GraphError> {
  const text = textOf(message["text"]);
  const attachments = attachmentsOf(message);
  // Stickers are for Pages only (Messenger Platform, Sticker API, 2026-06-01).
  const sticker = platform === "page" ? textOf(message["sticker_id"]) : null;
  if (sticker !== null && text === null && attachments.length === 0) return ok("message");
  if (text === null && attachments.length === 0) return err(GRAPH_ERRORS.messageInvalid);
  if (text !== null && attachments.length > 0) {
    return err(badParameter("Param message takes a text or an attachment, not both"));
  }
  if (text !== null && textTooLong(text, platform)) {
    const { max, unit } = MESSAGE_TEXT_LIMITS[platform];
    return err(badParameter(`Length of param message[text] must be less than or equal to ${max} ${unit}`));
  }
  const quickReplies = message["quick_replies"];
  if (quickReplies !== undefined) {
    if (!Array.isArray(quickReplies) || quickReplies.length === 0 || quickReplies.length > QUICK_REPLY_LIMIT) {
      return err(badParameter(`message[quick_replies] takes 1 to ${QUICK_REPLY_LIMIT} items`));
    }
    const problem = quickReplies.map((item) => quickReplyProblem(item, platform)).find((found) => found !== null);
    if (problem !== undefined) return err(badParameter(problem));
  }
  if (attachments.length > 1) {
    const images = attachments.every((attachment) => attachment["type"] === "image");
    if (!images || attachments.length > MAX_IMAGES) {
      return err(badParameter(`Several attachments must be images, at most ${MAX_IMAGES}`));
    }
  }
  for (const attachment of attachments) {
    const problem = attachmentProblem(attachment, platform, uploads);
    if (problem !== null) return err(problem);
  }
  const heavy = attachments.some((attachment) => attachment["type"] === "audio" || attachment["type"] === "video");
  return ok(heavy ? "media" : "message");
}

function textTooLong(text: string, platform: Platform): boolean {
  const { max, unit } = MESSAGE_TEXT_LIMITS[platform];
  return (unit === "bytes" ? byteLength(text) : characters(text)) > max;
}

/** `attachment`, or `attachments` as an array or, as Instagram's page shows it, as an object. */
function attachmentsOf(message: JsonObject): JsonObject[] {
  const given = message["attachments"] ?? message["attachment"];
  const list = Array.isArray(given) ? given : given === undefined ? [] : [given];
  return list.map((item) => objectOf(item) ?? {});
}

function quickReplyProblem(item: unknown, platform: Platform): string | null {
  const reply = objectOf(item);
  const type = textOf(reply?.["content_type"]);
  const types = QUICK_REPLY_TYPES[platform];
  if (type === null || !types.includes(type)) {
    return `A quick reply's content_type must be one of {${types.join(", ")}}`;
  }
  // A longer title is cut, not refused.
  if (byteLength(textOf(reply?.["payload"]) ?? "") > CONTENT_LIMITS.payloadBytes) {
    return `A quick reply's payload takes at most ${CONTENT_LIMITS.payloadBytes} bytes`;
  }
  const complete = textOf(reply?.["title"]) !== null && textOf(reply?.["payload"]) !== null;
  return type === "text" && !complete ? "A quick reply of type text needs a title and a payload" : null;
}
