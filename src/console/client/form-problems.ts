/** Problems of an automation in the terms of the form, not of the JSON that it becomes. */
import { type Automation, COMMENT_TRIGGERS, type TriggerOn } from "../../core/automation/automation.ts";
import type { Problem } from "../../core/automation/validate.ts";
import { MATCH_LABELS, TRIGGER_LABELS } from "./automation-sentence.ts";

/** Fields of the form, by their names. */
export type FormField =
  | "name"
  | "id"
  | "keywords"
  | "mediaIds"
  | "privateReply"
  | "publicReply"
  | "message"
  | "deferSeconds";

export interface FormProblem {
  /** The field to correct; null: only in the JSON. */
  field: FormField | null;
  /** Understandable on its own. */
  text: string;
}

/** What the core has found. */
export function formProblemOf({ path, code, message }: Problem, automation: Automation): FormProblem {
  const { on } = automation.trigger;
  const { field, subject } = placeOf(path, automation);
  switch (code) {
    case "keywords_missing":
      return { field, text: `Enter at least one keyword, or select “${MATCH_LABELS.any}”.` };
    case "keyword_blank":
      return { field, text: `${capital(subject)} contains no searchable text.` };
    case "action_missing":
      return { field: COMMENT_TRIGGERS.includes(on) ? "privateReply" : "message", text: missing(on) };
    case "action_not_for_trigger":
      return { field: null, text: `In the JSON: ${subject} is not possible for this trigger (${TRIGGER_LABELS[on]}).` };
    case "content_missing":
      return { field, text: `${capital(subject)} is empty.` };
    case "text_too_long":
      return { field, text: `${capital(subject)} is too long: ${message}` };
    case "field_unknown":
    case "field_not_for_trigger":
    case "braces_unmatched":
      return { field, text: `In ${subject}: ${withTriggerLabel(message)}` };
    case "content_ambiguous":
    case "too_many_quick_replies":
    case "part_wrong":
      return { field: null, text: `${capital(subject)}, in the JSON: ${message}` };
    case "defer_out_of_range":
      return { field, text: "The reply delay must be from 0 to 86,400 seconds." };
    case "media_not_for_trigger":
      return { field: null, text: "Posts can be selected for comment triggers only. Remove them from the JSON." };
    case "id_repeated":
      return { field, text: message };
  }
}

/** What the API has said of a field: `must have at most 100 characters`. */
export function formProblemOfField(path: string, message: string, automation: Automation): FormProblem {
  const { field, subject } = placeOf(path, automation);
  if (field === null) return { field, text: `In the JSON, ${path} ${message}.` };
  // Its longer answers are sentences already.
  return {
    field,
    text: /^[a-z]/.test(message) ? `${capital(subject)} ${message}.` : `${capital(subject)}: ${message}`,
  };
}

/** The field of the form that shows something, and its name there. */
function placeOf(path: string, { trigger, actions }: Automation): { field: FormField | null; subject: string } {
  const [, list = "", number = ""] = /^([\w.]+)\[(\d+)\]/.exec(path) ?? [];
  const index = Number(number);
  switch (list || path) {
    case "name":
      return { field: "name", subject: "the name" };
    case "id":
      return { field: "id", subject: "the id" };
    case "deferSeconds":
      return { field: "deferSeconds", subject: "the reply delay" };
    case "trigger.keywords": {
      const keyword = shortened(trigger.keywords[index] ?? "");
      return { field: "keywords", subject: list === "" ? "the keywords" : `keyword ${index + 1}${keyword}` };
    }
    case "trigger.mediaIds": {
      const id = shortened(trigger.mediaIds[index] ?? "");
      return { field: "mediaIds", subject: list === "" ? "the posts" : `post ${index + 1}${id}` };
    }
    case "actions.publicReply.texts":
      return { field: "publicReply", subject: textOf(index, actions.publicReply?.texts.length ?? 0) };
    case "actions.publicReply":
      return { field: "publicReply", subject: "a public reply" };
  }
  const action = /^actions\.(privateReply|message)(\.text)?/.exec(path);
  if (action === null) return { field: null, subject: "the JSON" };
  const [whole, name, text] = action;
  const subject = name === "message" ? "the message" : "the private reply";
  const shown = actions[name as "privateReply" | "message"]?.attachment === undefined;
  return { field: shown && (text !== undefined || whole === path) ? (name as FormField) : null, subject };
}

const textOf = (index: number, count: number): string =>
  count > 1 ? `text ${index + 1} of the public reply` : "the public reply";

const shortened = (text: string): string =>
  text.trim() === "" ? "" : ` (“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”)`;

function missing(on: TriggerOn): string {
  if (!COMMENT_TRIGGERS.includes(on)) return "Write the message.";
  return on === "live_comment" ? "Write the private reply." : "Write a private reply or a public one.";
}

/** `"comment" has no field …` of the API, as the form calls a comment. */
const withTriggerLabel = (message: string): string =>
  message.replace(/^"(\w+)"/, (all, on: string) =>
    on in TRIGGER_LABELS ? capital(TRIGGER_LABELS[on as TriggerOn]) : all,
  );

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
