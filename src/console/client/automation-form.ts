/** The fields of the automation's form. */
import {
  type Automation,
  COMMENT_TRIGGERS,
  MATCHES,
  type MessageContent,
  type TriggerOn,
  TRIGGERS,
} from "../../core/automation/automation.ts";
import { TEMPLATE_FIELDS } from "../../core/automation/fields.ts";
import { plural } from "../format.ts";
import { BETWEEN_TEXTS } from "./automation-from-form.ts";
import { MATCH_LABELS, TRIGGER_LABELS } from "./automation-sentence.ts";
import { button, type Child, h } from "./dom.ts";
import type { FormProblem } from "./form-problems.ts";
import { keywordsText } from "./keywords.ts";

/** @param insert puts a template field where the cursor was last */
export function formFields(automation: Automation, insert: (field: string) => void): Child[] {
  const { id, name, trigger, actions, deferSeconds } = automation;
  const { on } = trigger;
  const onComment = COMMENT_TRIGGERS.includes(on);
  return [
    field(
      "Name",
      h("input", { name: "name", id: "f-name", value: name, maxlength: 200, required: true, autocomplete: "off" }),
      "f-name",
    ),
    field(
      "Id",
      h("input", { name: "id", id: "f-id", value: id, maxlength: 64, class: "mono", autocomplete: "off" }),
      "f-id",
      "Letters, digits, dots, dashes and underscores. Replies refer to their automation by this id, so keep it once the automation is in use.",
    ),
    h(
      "div",
      { class: "field-row" },
      field("Trigger", select("on", on, TRIGGERS, TRIGGER_LABELS), "f-on"),
      field("Keyword match", select("match", trigger.match, MATCHES, MATCH_LABELS), "f-match"),
    ),
    trigger.match !== "any" &&
      field(
        "Keywords",
        h("textarea", { name: "keywords", id: "f-keywords", rows: 3 }, keywordsText(trigger.keywords)),
        "f-keywords",
        'One per line, or separated by commas. Put a keyword that contains a comma in quotes: "yes, please". Case, accents and emoji skin tone are ignored.',
      ),
    onComment &&
      field(
        "Limit to these posts",
        h("textarea", { name: "mediaIds", id: "f-mediaIds", rows: 2, class: "mono" }, trigger.mediaIds.join("\n")),
        "f-mediaIds",
        "Ids of posts, reels or live videos, one per line or separated by commas. Leave empty for all posts.",
      ),
    onComment
      ? [
          content("privateReply", "Private reply", actions.privateReply, "Meta allows one private reply per comment."),
          on !== "live_comment" && publicReply(actions.publicReply?.texts ?? []),
        ]
      : content("message", "Message", actions.message, null),
    templateFields(on, insert),
    replyDelay(deferSeconds),
  ];
}

function publicReply(texts: readonly string[]): HTMLElement {
  return field(
    "Public reply",
    h(
      "textarea",
      { name: "publicReply", id: "f-publicReply", rows: 3, "data-template": true },
      texts.join(`\n${BETWEEN_TEXTS}\n`),
    ),
    "f-publicReply",
    `Posted below the comment, visible to everyone. To vary the text, separate several texts with a line ${BETWEEN_TEXTS}: each reply uses one of them. Leave empty for no public reply.`,
  );
}

function replyDelay(deferSeconds: number | undefined): HTMLElement {
  const input = h("input", {
    name: "deferSeconds",
    id: "f-deferSeconds",
    type: "number",
    min: 0,
    max: 86_400,
    step: 1,
    value: deferSeconds ?? "",
    placeholder: document.body.dataset["replyDelay"] ?? "10",
  });
  return field(
    "Reply delay",
    h("span", { class: "with-unit" }, input, h("span", { class: "muted" }, "seconds")),
    "f-deferSeconds",
    "Leave empty to use the account's setting.",
  );
}

/** What a text may name, for this trigger. */
function templateFields(on: TriggerOn, insert: (field: string) => void): HTMLElement {
  const chips = TEMPLATE_FIELDS.filter((one) => one.on.includes(on)).map(({ name, meaning }) =>
    button(
      `{{${name}}}`,
      // Meta does not give a name for every person.
      () => insert(name === "username" ? "{{username|there}}" : `{{${name}}}`),
      { class: "chip mono", title: meaning },
    ),
  );
  return h(
    "div",
    { class: "chips", role: "group", "aria-label": "Template fields" },
    h("span", { class: "hint" }, "Insert a template field:"),
    chips,
  );
}

/** A text; what is sent as it stands (an attachment) is edited in the JSON. */
function content(name: string, label: string, given: MessageContent | undefined, hint: string | null): Child {
  if (given?.attachment !== undefined) {
    return h(
      "div",
      { class: "field" },
      h("b", {}, label),
      h("p", { class: "hint" }, `Sends an attachment (${given.attachment.type}). Edit it in the JSON.`),
    );
  }
  const more =
    given?.quick_replies === undefined
      ? ""
      : ` Includes ${plural(given.quick_replies.length, "quick reply", "quick replies")}. Edit them in the JSON.`;
  return field(
    label,
    h("textarea", { name, id: `f-${name}`, rows: 4, "data-template": true }, given?.text ?? ""),
    `f-${name}`,
    `${hint ?? ""}${more}`,
  );
}

function select<T extends string>(
  name: string,
  value: T,
  options: readonly T[],
  labels: Readonly<Record<T, string>>,
): HTMLElement {
  return h(
    "select",
    { name, id: `f-${name}` },
    options.map((option) => h("option", { value: option, selected: option === value }, labels[option])),
  );
}

/** @param id of the control: `f-` and its name */
function field(label: string, control: HTMLElement, id: string, hint = ""): HTMLElement {
  const described = control.matches("input, textarea, select") ? control : control.querySelector("input");
  described?.setAttribute("aria-describedby", hint === "" ? problemId(id) : `${id}-hint ${problemId(id)}`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    control,
    hint !== "" && h("p", { class: "hint", id: `${id}-hint` }, hint),
    h("p", { class: "field-problem", id: problemId(id) }),
  );
}

const problemId = (id: string): string => `${id}-problem`;

/** Shows at each field what is wrong with it. @returns what has no field here to be shown at */
export function showAtFields(form: HTMLElement, problems: readonly FormProblem[]): FormProblem[] {
  for (const control of form.querySelectorAll("[aria-describedby]")) control.removeAttribute("aria-invalid");
  for (const place of form.querySelectorAll(".field-problem")) place.textContent = "";
  return problems.filter(({ field: name, text }) => {
    const control = name === null ? null : form.querySelector(`#f-${name}`);
    const place = name === null ? null : form.querySelector(`#${problemId(`f-${name}`)}`);
    if (control === null || place === null) return true;
    control.setAttribute("aria-invalid", "true");
    place.textContent = place.textContent === "" ? text : `${place.textContent} ${text}`;
    return false;
  });
}
