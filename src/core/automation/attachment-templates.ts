/**
 * The templates of the Send API (`attachment.type` is `template`): what Meta refuses in every send. Saving an automation,
 * a reply requested by the API and the simulator use the same rules (documentation: Messenger Platform, Button template
 * and Generic template; Instagram Platform, the pages of the same names). Other template types are not checked.
 */
import { byteLength } from "./text.ts";
import { isObject, isText, type PartProblem } from "./part-problem.ts";

/** Lengths in characters (code points), payloads in bytes of UTF-8, all others are numbers of items. */
export const CONTENT_LIMITS = {
  buttonTemplateText: 640,
  buttons: 3,
  buttonTitle: 20,
  elements: 10,
  elementText: 80,
  /** Of a quick reply and of a postback button. */
  payloadBytes: 1000,
} as const;

/** Problems in the payload of a template. Its `template_type` has been checked. */
export function templateProblems(payload: Record<string, unknown>): PartProblem[] {
  switch (payload["template_type"]) {
    case "button":
      return [
        ...textProblems(payload, "text", CONTENT_LIMITS.buttonTemplateText, true),
        ...buttonsProblems(payload["buttons"]),
      ];
    case "generic":
      return elementsProblems(payload["elements"]);
    default:
      return [];
  }
}

/** A payload that comes back with the tap. Empty if it is short enough. */
export function payloadProblems(payload: string): PartProblem[] {
  const bytes = byteLength(payload);
  const { payloadBytes } = CONTENT_LIMITS;
  return bytes <= payloadBytes
    ? []
    : [{ path: ["payload"], message: `must have at most ${payloadBytes} bytes, but has ${bytes}` }];
}

function elementsProblems(elements: unknown): PartProblem[] {
  const most = CONTENT_LIMITS.elements;
  if (!Array.isArray(elements) || elements.length === 0 || elements.length > most) {
    return [{ path: ["elements"], message: `must be a list of 1 to ${most} cards` }];
  }
  return elements.flatMap((element: unknown, index) => within(["elements", index], elementProblems(element)));
}

function elementProblems(element: unknown): PartProblem[] {
  if (!isObject(element)) return [{ path: [], message: "must be an object with a title" }];
  return [
    ...textProblems(element, "title", CONTENT_LIMITS.elementText, true),
    ...textProblems(element, "subtitle", CONTENT_LIMITS.elementText, false),
    ...(element["buttons"] === undefined ? [] : buttonsProblems(element["buttons"])),
  ];
}

function buttonsProblems(buttons: unknown): PartProblem[] {
  const most = CONTENT_LIMITS.buttons;
  if (!Array.isArray(buttons) || buttons.length === 0 || buttons.length > most) {
    return [{ path: ["buttons"], message: `must be a list of 1 to ${most} buttons` }];
  }
  return buttons.flatMap((button: unknown, index) => within(["buttons", index], buttonProblems(button)));
}

function buttonProblems(button: unknown): PartProblem[] {
  if (!isObject(button)) return [{ path: [], message: "must be an object with type and title" }];
  const { type, url, payload } = button;
  if (!isText(type)) return [{ path: ["type"], message: "is required, such as web_url or postback" }];
  // Log in and log out buttons have a label of Meta's.
  const labelled = type !== "account_link" && type !== "account_unlink";
  const problems = textProblems(button, "title", CONTENT_LIMITS.buttonTitle, labelled);
  if (type === "web_url" && !(typeof url === "string" && /^https?:\/\/\S+$/i.test(url))) {
    problems.push({ path: ["url"], message: "must be a URL that begins with https://" });
  }
  if (type === "postback" && !isText(payload)) {
    problems.push({ path: ["payload"], message: "is required for the type postback" });
  }
  return typeof payload === "string" ? [...problems, ...payloadProblems(payload)] : problems;
}

function textProblems(of: Record<string, unknown>, name: string, most: number, required: boolean): PartProblem[] {
  const text = of[name];
  if (text === undefined && !required) return [];
  if (typeof text !== "string" || (required && text.trim() === "")) {
    return [{ path: [name], message: `must be a string of ${required ? "1" : "0"} to ${most} characters` }];
  }
  const { length } = Array.from(text);
  if (length <= most) return [];
  return [{ path: [name], message: `must have at most ${most} characters, but has ${length}` }];
}

const within = (path: PartProblem["path"], problems: PartProblem[]): PartProblem[] =>
  problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
