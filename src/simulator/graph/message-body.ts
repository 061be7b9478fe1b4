/**
 * Reads the body of `POST /<id>/messages` and applies Meta's limits on content (documentation: Instagram Platform,
 * Messaging API with its pages on quick replies and templates; Messenger Platform, Send messages).
 */
import { err, ok } from "../../core/result.ts";
import type { Result } from "../../core/result.ts";
import { badParameter, GRAPH_ERRORS } from "./error.ts";
import type { GraphError } from "./error.ts";
import type { Platform } from "./state.ts";

/** Instagram counts UTF-8 bytes; Messenger counts characters. */
export const INSTAGRAM_TEXT_BYTES = 1000;
export const MESSENGER_TEXT_CHARACTERS = 2000;
const BUTTON_TEMPLATE_TEXT = 640;
const MAX_QUICK_REPLIES = 13;
const MAX_ELEMENTS = 10;
const MAX_ELEMENT_TEXT = 80;
const MAX_BUTTONS = 3;
const MAX_IMAGES = 10;

const SENDER_ACTIONS = ["typing_on", "typing_off", "mark_seen", "react", "unreact"];
const ATTACHMENT_TYPES = ["image", "video", "audio", "file", "like_heart", "MEDIA_SHARE", "template", "sticker"];

export type Recipient = { personId: string } | { commentId: string };

export type SendRequest = {
  to: Recipient;
  humanAgent: boolean;
} & (
  | { does: "message"; lane: "message" | "media"; text: string | null; metadata: string | null; content: JsonObject }
  | { does: "sender_action"; action: string }
);

export type JsonObject = Record<string, unknown>;

/** A JSON object, also where a form field carries it as text. */
function objectOf(value: unknown): JsonObject | null {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(value) as JsonObject;
  } catch {
    return null;
  }
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Takes the body as sent; gives what it asks for, or the error that Meta would answer. */
export function readSend(body: JsonObject, platform: Platform): Result<SendRequest, GraphError> {
  const recipient = objectOf(body["recipient"]);
  if (recipient === null) return err(badParameter("The parameter recipient is required"));
  const commentId = textOf(recipient["comment_id"]) ?? (platform === "page" ? textOf(recipient["post_id"]) : null);
  const personId = textOf(recipient["id"]);
  if (commentId === null && personId === null) {
    return err(badParameter("param recipient must be non-empty."));
  }
  const to: Recipient = commentId === null ? { personId: personId ?? "" } : { commentId };

  const tag = textOf(body["tag"]);
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
  const checked = checkMessage(message, platform);
  if (!checked.ok) return checked;
  return ok({
    to,
    humanAgent,
    does: "message",
    lane: checked.value,
    text: textOf(message["text"]),
    metadata: textOf(message["metadata"]),
    content: message,
  });
}

function checkMessage(message: JsonObject, platform: Platform): Result<"message" | "media", GraphError> {
  const text = textOf(message["text"]);
  const attachments = attachmentsOf(message);
  if (text === null && attachments.length === 0) return err(GRAPH_ERRORS.messageInvalid);
  if (text !== null && textTooLong(text, platform)) {
    const limit =
      platform === "instagram" ? `${INSTAGRAM_TEXT_BYTES} bytes` : `${MESSENGER_TEXT_CHARACTERS} characters`;
    return err(badParameter(`Length of param message[text] must be less than or equal to ${limit}`));
  }
  const quickReplies = message["quick_replies"];
  if (quickReplies !== undefined) {
    if (!Array.isArray(quickReplies) || quickReplies.length === 0 || quickReplies.length > MAX_QUICK_REPLIES) {
      return err(badParameter(`message[quick_replies] takes 1 to ${MAX_QUICK_REPLIES} items`));
    }
  }
  if (attachments.length > 1) {
    const images = attachments.every((attachment) => attachment["type"] === "image");
    if (!images || attachments.length > MAX_IMAGES) {
      return err(badParameter(`Several attachments must be images, at most ${MAX_IMAGES}`));
    }
  }
  for (const attachment of attachments) {
    const problem = attachmentProblem(attachment);
    if (problem !== null) return err(problem);
  }
  const heavy = attachments.some((attachment) => attachment["type"] === "audio" || attachment["type"] === "video");
  return ok(heavy ? "media" : "message");
}

/** Code points, as Meta's "characters" are counted here. */
const characters = (text: string): number => Array.from(text).length;

const textTooLong = (text: string, platform: Platform): boolean =>
  platform === "instagram"
    ? new TextEncoder().encode(text).length > INSTAGRAM_TEXT_BYTES
    : characters(text) > MESSENGER_TEXT_CHARACTERS;

/** `attachment`, or `attachments` as a list or (as Instagram's page prints it) as an object. */
function attachmentsOf(message: JsonObject): JsonObject[] {
  const given = message["attachments"] ?? message["attachment"];
  const list = Array.isArray(given) ? given : given === undefined ? [] : [given];
  return list.map((item) => objectOf(item) ?? {});
}

function attachmentProblem(attachment: JsonObject): GraphError | null {
  const type = textOf(attachment["type"]);
  if (type === null || !ATTACHMENT_TYPES.includes(type)) {
    return badParameter(`Param message[attachment][type] must be one of {${ATTACHMENT_TYPES.join(", ")}}`);
  }
  if (type === "like_heart") return null;
  const payload = objectOf(attachment["payload"]);
  if (payload === null) return GRAPH_ERRORS.messageInvalid;
  if (type === "MEDIA_SHARE" || type === "sticker") return null;
  if (type !== "template") {
    const reachable = textOf(payload["url"])?.startsWith("http") ?? false;
    return reachable || textOf(payload["attachment_id"]) !== null ? null : GRAPH_ERRORS.messageInvalid;
  }
  return templateProblem(payload);
}

function templateProblem(payload: JsonObject): GraphError | null {
  if (payload["template_type"] === "button") {
    const text = textOf(payload["text"]);
    if (text === null || text.length > BUTTON_TEMPLATE_TEXT) {
      return badParameter(`A button template needs a text of at most ${BUTTON_TEMPLATE_TEXT} characters`);
    }
    return buttonsProblem(payload["buttons"], 1);
  }
  if (payload["template_type"] !== "generic") return null;
  const elements = payload["elements"];
  if (!Array.isArray(elements) || elements.length === 0 || elements.length > MAX_ELEMENTS) {
    return badParameter(`A generic template takes 1 to ${MAX_ELEMENTS} elements`);
  }
  for (const item of elements) {
    const element = objectOf(item) ?? {};
    const title = textOf(element["title"]);
    if (title === null) return badParameter("An element needs a title");
    const subtitle = textOf(element["subtitle"]) ?? "";
    if (characters(title) > MAX_ELEMENT_TEXT || characters(subtitle) > MAX_ELEMENT_TEXT) {
      return badParameter(`Title and subtitle take at most ${MAX_ELEMENT_TEXT} characters`);
    }
    const problem = element["buttons"] === undefined ? null : buttonsProblem(element["buttons"], 1);
    if (problem !== null) return problem;
  }
  return null;
}

function buttonsProblem(buttons: unknown, least: number): GraphError | null {
  if (!Array.isArray(buttons) || buttons.length < least || buttons.length > MAX_BUTTONS) {
    return badParameter(`Param buttons takes ${least} to ${MAX_BUTTONS} items`);
  }
  for (const item of buttons) {
    const button = objectOf(item) ?? {};
    const complete =
      textOf(button["title"]) !== null &&
      ((button["type"] === "web_url" && textOf(button["url"]) !== null) ||
        (button["type"] === "postback" && textOf(button["payload"]) !== null));
    if (!complete) return badParameter("A button is a web_url with url or a postback with payload, and has a title");
  }
  return null;
}
