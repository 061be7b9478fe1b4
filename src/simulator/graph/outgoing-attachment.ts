/** Checks the attachments and templates of a message that the receiver sends. */
import { objectOf, type JsonObject } from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS, type GraphError } from "./graph-error.ts";
import type { Platform } from "./graph-state.ts";

const BUTTON_TEMPLATE_TEXT = 640;
const MAX_ELEMENTS = 10;
const MAX_ELEMENT_TEXT = 80;
const MAX_BUTTONS = 3;
const ATTACHMENT_TYPES = ["image", "video", "audio", "file", "like_heart", "MEDIA_SHARE", "template", "sticker"];
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
  if (type === "MEDIA_SHARE" || type === "sticker") return null;
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
    if (text === null || text.length > BUTTON_TEMPLATE_TEXT) {
      return badParameter(`A button template needs a text of at most ${BUTTON_TEMPLATE_TEXT} characters`);
    }
    return buttonsProblem(payload["buttons"], 1);
  }
  if (type !== "generic") return null;
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
      ((button["type"] === "web_url" && isWebAddress(button["url"])) ||
        (button["type"] === "postback" && textOf(button["payload"]) !== null));
    if (!complete) return badParameter("A button is a web_url with url or a postback with payload, and has a title");
  }
  return null;
}
