/** Checks the attachments and templates of a message that the receiver sends. */
import { CONTENT_LIMITS } from "../../core/automation/attachment-templates.ts";
import { byteLength } from "../../core/automation/text.ts";
import { objectOf, type JsonObject } from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS, type GraphError } from "./graph-error.ts";
import type { Platform } from "./graph-state.ts";

const ATTACHMENT_TYPES = ["image", "video", "audio", "file", "like_heart", "MEDIA_SHARE", "template"];
const TEMPLATE_TYPES: Readonly<Record<Platform, readonly string[]>> = {
  instagram: ["generic", "button", "product"],
  page: [
    "generic",
    "button",
    "media",
    "product",
    "receipt",
    "coupon",
    "customer_feedback",
    "customer_information",
    "notification_messages",
    "one_time_notif_req",
    "airline_boardingpass",
    "airline_checkin",
    "airline_itinerary",
    "airline_update",
  ],
};

export const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** The number of code points; the simulator counts Meta's "characters" like this. */
export const characters = (text: string): number => Array.from(text).length;

/** `uploads`: the body contains a file (multipart) instead of a URL. */
export function attachmentProblem(attachment: JsonObject, platform: Platform, uploads: boolean): GraphError | null {
  const type = textOf(attachment["type"]);
  if (type === null || !ATTACHMENT_TYPES.includes(type)) {
    return badParameter(`Param message[attachment][type] must be one of {${ATTACHMENT_TYPES.join(", ")}}`);
  }
  if (type === "like_heart") return null;
  const payload = objectOf(attachment["payload"]);
  if (payload === null) return GRAPH_ERRORS.messageInvalid;
  if (type === "MEDIA_SHARE") return null;
  if (type === "template") return templateProblem(payload, platform);
  const found = uploads || isWebAddress(payload["url"]) || textOf(payload["attachment_id"]) !== null;
  return found ? null : GRAPH_ERRORS.messageInvalid;
}

const isWebAddress = (value: unknown): boolean =>
  typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

function templateProblem(payload: JsonObject, platform: Platform): GraphError | null {
  const type = textOf(payload["template_type"]);
  const types = TEMPLATE_TYPES[platform];
  if (type === null || !types.includes(type)) {
    return badParameter(`Param template_type must be one of {${types.join(", ")}} - got "${type ?? ""}"`);
  }
  if (type === "button") {
    const text = textOf(payload["text"]);
    if (text === null || characters(text) > CONTENT_LIMITS.buttonTemplateText) {
      return badParameter(`A button template needs a text of at most ${CONTENT_LIMITS.buttonTemplateText} characters`);
    }
    return buttonsProblem(payload["buttons"]);
  }
  if (type !== "generic") return null;
  const elements = payload["elements"];
  if (!Array.isArray(elements) || elements.length === 0 || elements.length > CONTENT_LIMITS.elements) {
    return badParameter(`A generic template takes 1 to ${CONTENT_LIMITS.elements} elements`);
  }
  for (const item of elements) {
    const element = objectOf(item) ?? {};
    const title = textOf(element["title"]);
    if (title === null) return badParameter("An element needs a title");
    const subtitle = textOf(element["subtitle"]) ?? "";
    if (characters(title) > CONTENT_LIMITS.elementText || characters(subtitle) > CONTENT_LIMITS.elementText) {
      return badParameter(`Title and subtitle take at most ${CONTENT_LIMITS.elementText} characters`);
    }
    const problem = element["buttons"] === undefined ? null : buttonsProblem(element["buttons"]);
    if (problem !== null) return problem;
  }
  return null;
}

function buttonsProblem(buttons: unknown): GraphError | null {
  if (!Array.isArray(buttons) || buttons.length === 0 || buttons.length > CONTENT_LIMITS.buttons) {
    return badParameter(`Param buttons takes 1 to ${CONTENT_LIMITS.buttons} items`);
  }
  for (const item of buttons) {
    const button = objectOf(item) ?? {};
    const [title, payload] = [textOf(button["title"]), textOf(button["payload"])];
    const complete =
      title !== null &&
      ((button["type"] === "web_url" && isWebAddress(button["url"])) ||
        (button["type"] === "postback" && payload !== null));
    if (!complete) return badParameter("A button is a web_url with url or a postback with payload, and has a title");
    if (characters(title) > CONTENT_LIMITS.buttonTitle) {
      return badParameter(`A button's title takes at most ${CONTENT_LIMITS.buttonTitle} characters`);
    }
    if (byteLength(payload ?? "") > CONTENT_LIMITS.payloadBytes) {
      return badParameter(`A button's payload takes at most ${CONTENT_LIMITS.payloadBytes} bytes`);
    }
  }
  return null;
}
