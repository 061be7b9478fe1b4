/** The reply as it will read, and its length against Meta's limit. */
import { type Automation, COMMENT_TRIGGERS } from "../../core/automation/automation.ts";
import { TEMPLATE_FIELDS } from "../../core/automation/fields.ts";
import { fieldsOf, render } from "../../core/automation/template.ts";
import { fitText, lengthIn, type TextLimit } from "../../core/automation/text.ts";
import { count } from "../format.ts";
import type { TextLimits } from "../model.ts";
import { automationSentence } from "./automation-sentence.ts";
import { fill, h } from "./dom.ts";

export const limits = (): TextLimits => JSON.parse(document.body.dataset["limits"] ?? "{}") as TextLimits;

/** An event as it might come; two of its values can be changed in the preview. */
const SAMPLE: Readonly<Record<string, string>> = {
  "comment.id": "17900000000000001",
  "parent.id": "17900000000000002",
  "parent.text": "Which one is it?",
  "media.id": "18054321970886143",
  "media.type": "REELS",
  "media.permalink": "https://www.instagram.com/p/Abc123/",
  "ad.id": "120210000000000001",
  "ad.title": "Spring sale",
  "story.id": "18000000000000003",
  "story.url": "https://www.instagram.com/stories/example/",
  payload: "GET_STARTED",
  title: "Get started",
  ref: "newsletter",
  source: "SHORTLINKS",
  reaction: "love",
  emoji: "❤",
};

export class PreviewPanel {
  readonly element: HTMLElement;
  /** Which keywords have been read from the form is seen here first. */
  readonly #sentence = h("p", { class: "muted sentence" });
  readonly #bubbles = h("div", { class: "bubbles", "aria-live": "polite" });
  readonly #username = h("input", {
    id: "p-username",
    value: "mara.k",
    "aria-label": "Name of the person",
    autocomplete: "off",
  });
  readonly #text = h("input", {
    id: "p-text",
    value: "Is there a guide?",
    "aria-label": "Text of the person",
    autocomplete: "off",
  });
  #automation: Automation | null = null;

  constructor() {
    for (const input of [this.#username, this.#text]) input.addEventListener("input", () => this.#draw());
    this.element = h(
      "section",
      { class: "card preview", "aria-label": "Preview" },
      h("h3", {}, "Preview"),
      this.#sentence,
      h("div", { class: "bubble from" }, this.#username, this.#text),
      this.#bubbles,
    );
  }

  show(automation: Automation): void {
    this.#automation = automation;
    this.#draw();
  }

  #draw(): void {
    if (this.#automation === null) return;
    const { trigger, actions } = this.#automation;
    const looks = trigger.match === "any" || trigger.keywords.length > 0;
    this.#sentence.textContent = looks ? automationSentence(this.#automation) : "";
    const { message, comment } = limits();
    const onComment = COMMENT_TRIGGERS.includes(trigger.on);
    const texts: [string, string | undefined, TextLimit][] = onComment
      ? [
          ["Private reply", actions.privateReply?.text, message],
          ...(actions.publicReply?.texts ?? []).map((text, index): [string, string, TextLimit] => [
            index === 0 ? "Public reply" : "or",
            text,
            comment,
          ]),
        ]
      : [["Message", actions.message?.text, message]];
    const bubbles = texts.flatMap(([name, text, limit]) =>
      text === undefined || text === "" ? [] : [this.#bubble(name, text, limit)],
    );
    fill(this.#bubbles, bubbles.length > 0 ? bubbles : h("p", { class: "muted" }, "Enter a text to see it here."));
  }

  #bubble(name: string, template: string, limit: TextLimit): HTMLElement {
    const rendered = render(template, this.#values());
    const length = lengthIn(rendered, limit.unit);
    const over = length > limit.max;
    const unknown = fieldsOf(template).filter((field) => !TEMPLATE_FIELDS.some((one) => one.name === field));
    return h(
      "div",
      { class: "bubble-block" },
      h(
        "p",
        { class: "bubble-head" },
        h("span", {}, name),
        h(
          "span",
          { class: over ? "bad" : "muted" },
          `${count(length)} of ${count(limit.max)} ${limit.unit}${over ? ", too long: it will be cut" : ""}`,
        ),
      ),
      h("p", { class: "bubble" }, fitText(rendered, limit) || "(empty: nothing is sent)"),
      unknown.length > 0 && h("p", { class: "field-problem" }, `Unknown template field: ${unknown.join(", ")}`),
    );
  }

  #values(): Record<string, string> {
    return { ...SAMPLE, username: this.#username.value, text: this.#text.value };
  }
}
