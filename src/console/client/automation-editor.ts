/** One automation: the form, the JSON beside it, the reply as it will read, and what it would have done. */
import {
  type Automation,
  COMMENT_TRIGGERS,
  MATCHES,
  type MessageContent,
  type TriggerOn,
  TRIGGERS,
} from "../../core/automation/automation.ts";
import { TEMPLATE_FIELDS } from "../../core/automation/fields.ts";
import { checkAutomation } from "../../core/automation/validate.ts";
import { readAutomation } from "./automation-reading.ts";
import { MATCH_WORDS, TRIGGER_WORDS } from "./automation-words.ts";
import { BacktestPanel } from "./backtest.ts";
import { button, type Child, fill, h } from "./dom.ts";
import { limits, PreviewPanel } from "./preview.ts";

export interface EditorOptions {
  /** Null: a new one. */
  automation: Automation | null;
  /** Ids of the others. */
  taken: ReadonlySet<string>;
  close(): void;
  done(automation: Automation): void;
}

const NEW: Automation = {
  id: "",
  name: "",
  enabled: true,
  trigger: { on: "comment", keywords: [], match: "word", mediaIds: [] },
  actions: { privateReply: { text: "" } },
};

export class AutomationEditor {
  readonly element: HTMLElement;
  readonly #options: EditorOptions;
  readonly #form = h("form", { class: "editor-form", novalidate: true, "aria-label": "The automation" });
  readonly #json = h("textarea", {
    class: "mono",
    spellcheck: "false",
    rows: 18,
    "aria-label": "The automation as JSON",
    "aria-describedby": "json-problem",
  });
  readonly #jsonProblem = h("p", { class: "field-problem", id: "json-problem", role: "status" });
  readonly #problems = h("ul", { class: "problems", role: "status" });
  readonly #preview = new PreviewPanel();
  readonly #backtest = new BacktestPanel(() => this.#automation);
  #automation: Automation;
  /** The id follows the name until somebody writes one. */
  #ownId: boolean;
  #lastText: HTMLTextAreaElement | null = null;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#automation = structuredClone(options.automation ?? NEW);
    this.#ownId = options.automation !== null;
    this.element = this.#frame();
  }

  start(): void {
    this.#form.addEventListener("input", () => this.#fromForm());
    this.#form.addEventListener("change", ({ target }) => {
      // Another trigger has other actions.
      if (target instanceof HTMLSelectElement) this.#drawForm(target.name);
    });
    this.#form.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLTextAreaElement && target.dataset["template"] !== undefined) this.#lastText = target;
    });
    this.#json.addEventListener("input", () => this.#fromJson());
    this.#drawForm();
    this.#changed();
    this.#form.querySelector<HTMLInputElement>("[name=name]")?.focus();
  }

  #frame(): HTMLElement {
    const isNew = this.#options.automation === null;
    return h(
      "div",
      { class: "editor" },
      h(
        "div",
        { class: "head" },
        h("h2", {}, isNew ? "New automation" : `Edit “${this.#automation.name}”`),
        h(
          "span",
          { class: "head-end" },
          button("Back to the list", () => this.#options.close(), { class: "quiet" }),
          button("Save", () => this.#done(), { class: "primary", "data-act": "save-automation" }),
        ),
      ),
      h(
        "div",
        { class: "editor-split" },
        h("div", { class: "editor-side" }, this.#form, this.#problems),
        h(
          "div",
          { class: "editor-side" },
          this.#preview.element,
          this.#backtest.element,
          h("details", { class: "card" }, h("summary", {}, "As JSON"), this.#json, this.#jsonProblem),
        ),
      ),
    );
  }

  #drawForm(focus?: string): void {
    const { id, name, trigger, actions, deferSeconds } = this.#automation;
    const { on } = trigger;
    const onComment = COMMENT_TRIGGERS.includes(on);
    fill(
      this.#form,
      field(
        "Name",
        h("input", { name: "name", id: "f-name", value: name, maxlength: 200, required: true, autocomplete: "off" }),
        "f-name",
      ),
      field(
        "Id",
        h("input", { name: "id", id: "f-id", value: id, maxlength: 64, class: "mono", autocomplete: "off" }),
        "f-id",
        "Letters, digits, dots, dashes. It marks the replies of this automation; better not changed later.",
      ),
      h(
        "div",
        { class: "field-row" },
        field("On", select("on", on, TRIGGERS, TRIGGER_WORDS), "f-on"),
        field("that", select("match", trigger.match, MATCHES, MATCH_WORDS), "f-match"),
      ),
      trigger.match !== "any" &&
        field(
          "Keywords",
          h("textarea", { name: "keywords", id: "f-keywords", rows: 3 }, trigger.keywords.join("\n")),
          "f-keywords",
          "One a line. Upper or lower case and the skin tone of an emoji do not matter; accents do.",
        ),
      onComment &&
        field(
          "Only under these posts",
          h("textarea", { name: "mediaIds", id: "f-mediaIds", rows: 2, class: "mono" }, trigger.mediaIds.join("\n")),
          "f-mediaIds",
          "Ids of posts, reels or live videos, one a line. Empty: all.",
        ),
      onComment
        ? [
            content("privateReply", "Private reply", actions.privateReply, "Meta takes one for each comment."),
            on !== "live_comment" &&
              field(
                "Public reply",
                h(
                  "textarea",
                  { name: "publicReply", id: "f-publicReply", rows: 3, "data-template": true },
                  (actions.publicReply?.texts ?? []).join("\n---\n"),
                ),
                "f-publicReply",
                "Under the comment, for everybody. Several texts with a line --- between them: one is chosen each time. Empty: none.",
              ),
          ]
        : content("message", "Message", actions.message, null),
      this.#fieldChips(on),
      field(
        "Wait before the reply",
        h(
          "span",
          { class: "with-unit" },
          h("input", {
            name: "deferSeconds",
            id: "f-deferSeconds",
            type: "number",
            min: 0,
            max: 86_400,
            step: 1,
            value: deferSeconds ?? "",
            placeholder: document.body.dataset["defer"] ?? "10",
          }),
          h("span", { class: "muted" }, "seconds"),
        ),
        "f-deferSeconds",
        "Empty: as the account's settings say.",
      ),
    );
    this.#lastText = null;
    if (focus !== undefined) this.#form.querySelector<HTMLElement>(`[name="${focus}"]`)?.focus();
  }

  /** What a text may name, for this trigger; a click puts it where the cursor was. */
  #fieldChips(on: TriggerOn): HTMLElement {
    const chips = TEMPLATE_FIELDS.filter((one) => one.on.includes(on)).map(({ name, meaning }) =>
      button(
        `{{${name}}}`,
        () => {
          const target = this.#lastText ?? this.#form.querySelector<HTMLTextAreaElement>("textarea[data-template]");
          if (target === null) return;
          target.setRangeText(
            name === "username" ? "{{username|there}}" : `{{${name}}}`,
            target.selectionStart,
            target.selectionEnd,
            "end",
          );
          target.focus();
          this.#fromForm();
        },
        { class: "chip mono", title: meaning },
      ),
    );
    return h("div", { class: "chips", role: "group", "aria-label": "Fields that a text may have" }, chips);
  }

  #fromForm(): void {
    const data = new FormData(this.#form);
    const value = (name: string): string | null => {
      const given = data.get(name);
      return typeof given === "string" ? given : null;
    };
    const { trigger, actions } = this.#automation;
    const on = (value("on") ?? trigger.on) as TriggerOn;
    const onComment = COMMENT_TRIGGERS.includes(on);
    const name = value("name") ?? "";
    const idField = this.#form.querySelector<HTMLInputElement>("[name=id]");
    if (idField === document.activeElement) this.#ownId = idField?.value !== "";
    const id = this.#ownId ? (value("id") ?? "") : idOf(name, this.#options.taken);
    if (idField !== null && idField.value !== id) idField.value = id;

    const next: Automation = {
      ...this.#automation,
      id,
      name,
      trigger: {
        on,
        match: (value("match") ?? trigger.match) as Automation["trigger"]["match"],
        keywords: lines(value("keywords")) ?? trigger.keywords,
        mediaIds: onComment ? (lines(value("mediaIds")) ?? trigger.mediaIds) : [],
      },
      actions: {},
    };
    if (onComment) {
      const privateReply = contentFrom(value("privateReply"), actions.privateReply);
      if (privateReply !== null) next.actions.privateReply = privateReply;
      const texts = (value("publicReply") ?? "")
        .split(/^---$/m)
        .map((text) => text.trim())
        .filter((text) => text !== "");
      if (texts.length > 0 && on !== "live_comment") next.actions.publicReply = { texts };
    } else {
      const message = contentFrom(value("message"), actions.message);
      if (message !== null) next.actions.message = message;
    }
    const defer = value("deferSeconds")?.trim() ?? "";
    if (defer === "") delete next.deferSeconds;
    else next.deferSeconds = Number(defer);
    this.#automation = next;
    this.#changed();
  }

  #fromJson(): void {
    const read = readAutomation(this.#json.value);
    this.#jsonProblem.textContent = typeof read === "string" ? read : "";
    if (typeof read === "string") return;
    this.#automation = read;
    this.#ownId = true;
    this.#drawForm();
    this.#changed();
  }

  #changed(): void {
    const automation = this.#automation;
    if (this.#json !== document.activeElement) {
      this.#json.value = JSON.stringify(automation, null, 2);
      this.#jsonProblem.textContent = "";
    }
    const problems = this.#check();
    fill(
      this.#problems,
      problems.map((text) => h("li", {}, text)),
    );
    this.#preview.show(automation);
    this.#backtest.stale();
  }

  #check(): string[] {
    const { id, name } = this.#automation;
    const { message, comment, quickReplies } = limits();
    const own: string[] = [];
    if (name.trim() === "") own.push("Give it a name.");
    if (name.trim() !== "" && !/^[A-Za-z0-9._-]{1,64}$/.test(id))
      own.push("The id must be 1 to 64 letters, digits, dots, dashes or underscores.");
    if (this.#options.taken.has(id)) own.push("Another automation has this id.");
    const found = checkAutomation(this.#automation, { messageText: message, commentText: comment, quickReplies });
    return [...own, ...found.map(({ message: text }) => text)];
  }

  #done(): void {
    const [first] = this.#check();
    if (first !== undefined) {
      this.#problems.scrollIntoView({ block: "nearest" });
      this.#problems.classList.add("asked");
      return;
    }
    this.#options.done(this.#automation);
  }
}

function field(label: string, control: HTMLElement, id: string, hint?: string | null): HTMLElement {
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    control,
    hint == null ? null : h("p", { class: "hint" }, hint),
  );
}

function select<T extends string>(
  name: string,
  value: T,
  options: readonly T[],
  words: Readonly<Record<T, string>>,
): HTMLElement {
  return h(
    "select",
    { name, id: `f-${name}` },
    options.map((option) => h("option", { value: option, selected: option === value }, words[option])),
  );
}

/** A text; what is sent as it stands (an attachment) is edited in the JSON. */
function content(name: string, label: string, given: MessageContent | undefined, hint: string | null): Child {
  if (given?.attachment !== undefined) {
    return h(
      "div",
      { class: "field" },
      h("b", {}, label),
      h("p", { class: "hint" }, `Sends a ${given.attachment.type}; edit it in the JSON.`),
    );
  }
  const more =
    given?.quick_replies === undefined
      ? ""
      : ` With ${given.quick_replies.length} quick replies, which are edited in the JSON.`;
  return field(
    label,
    h("textarea", { name, id: `f-${name}`, rows: 4, "data-template": true }, given?.text ?? ""),
    `f-${name}`,
    `${hint ?? ""}${more}`,
  );
}

function contentFrom(text: string | null, before: MessageContent | undefined): MessageContent | null {
  if (before?.attachment !== undefined) return before;
  if (text === null || text.trim() === "") return null;
  return { ...before, text };
}

function lines(text: string | null): string[] | null {
  return text === null
    ? null
    : text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
}

/** `Send the guide` becomes `send-the-guide`, or `send-the-guide-2` where that is taken. */
function idOf(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 56);
  const base = plain === "" && name.trim() !== "" ? "automation" : plain;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}
