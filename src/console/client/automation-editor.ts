/** One automation: the form, its JSON, a preview of the reply, and a backtest. */
import type { Automation } from "../../core/automation/automation.ts";
import { formFields, showAtFields } from "./automation-form.ts";
import { automationFrom } from "./automation-from-form.ts";
import { idOf } from "./automation-id.ts";
import { problemsOf } from "./automation-problems.ts";
import { BacktestPanel } from "./backtest.ts";
import { button, fill, h } from "./dom.ts";
import type { FormProblem } from "./form-problems.ts";
import { JsonField } from "./json-field.ts";
import { limits, PreviewPanel } from "./preview.ts";

export interface EditorOptions {
  /** Null: a new one. */
  automation: Automation | null;
  /** Ids of the others. */
  taken: ReadonlySet<string>;
  close(): Promise<void>;
  /** @returns what the API did not like; nothing where it is saved, or where the reason has been said already */
  done(automation: Automation): Promise<readonly FormProblem[]>;
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
  readonly #fields = h("fieldset", { class: "editor-fields" });
  readonly #form = h("form", { class: "editor-form", novalidate: true, "aria-label": "The automation" }, this.#fields);
  readonly #json = new JsonField({
    read: (automation) => this.#fromJson(automation),
    // It shows what was there before the mistake, and waits: neither of the two is written over by the other.
    broken: (is) => {
      this.#fields.disabled = is;
    },
  });
  readonly #problems = h("ul", { class: "problems", role: "status", tabindex: -1 });
  readonly #preview = new PreviewPanel();
  readonly #backtest = new BacktestPanel(() => this.#automation);
  readonly #before: string;
  #automation: Automation;
  /** The id follows the name until the reader enters one. */
  #ownId: boolean;
  #lastText: HTMLTextAreaElement | null = null;
  /** Saving has been tried: from then on what is missing stands at its field, not only in the list below. */
  #asked = false;
  /** What the API said of the automation as it was then. */
  #refused: readonly FormProblem[] = [];

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#automation = structuredClone(options.automation ?? NEW);
    this.#before = JSON.stringify(this.#automation);
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
    this.#drawForm();
    this.#changed();
    this.#form.querySelector<HTMLInputElement>("[name=name]")?.focus();
  }

  /** Something would be lost. */
  changed(): boolean {
    return this.#json.isBroken || JSON.stringify(this.#automation) !== this.#before;
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
        h("div", { class: "editor-side" }, this.#preview.element, this.#backtest.element, this.#json.element),
      ),
    );
  }

  #drawForm(focus?: string): void {
    fill(
      this.#fields,
      formFields(this.#automation, (name) => this.#insert(name)),
    );
    this.#lastText = null;
    this.#showProblems();
    if (focus !== undefined) this.#form.querySelector<HTMLElement>(`[name="${focus}"]`)?.focus();
  }

  #insert(templateField: string): void {
    const target = this.#lastText ?? this.#form.querySelector<HTMLTextAreaElement>("textarea[data-template]");
    if (target === null) return;
    target.setRangeText(templateField, target.selectionStart, target.selectionEnd, "end");
    target.focus();
    this.#fromForm();
  }

  #fromForm(): void {
    const data = new FormData(this.#form);
    const value = (name: string): string | null => {
      const given = data.get(name);
      return typeof given === "string" ? given : null;
    };
    const idField = this.#form.querySelector<HTMLInputElement>("[name=id]");
    if (idField === document.activeElement) this.#ownId = idField?.value !== "";
    const id = this.#ownId ? (value("id") ?? "") : idOf(value("name") ?? "", this.#options.taken);
    if (idField !== null && idField.value !== id) idField.value = id;
    this.#automation = automationFrom(value, this.#automation, id);
    this.#changed();
  }

  #fromJson(automation: Automation): void {
    this.#automation = automation;
    this.#ownId = true;
    this.#drawForm();
    this.#changed();
  }

  #changed(): void {
    this.#json.show(this.#automation);
    this.#refused = [];
    this.#showProblems();
    this.#preview.show(this.#automation);
    this.#backtest.stale();
  }

  #showProblems(): void {
    const problems = [...problemsOf(this.#automation, this.#options.taken, limits()), ...this.#refused];
    const elsewhere = showAtFields(this.#form, this.#asked ? problems : []);
    const listed = this.#asked ? elsewhere : problems;
    fill(
      this.#problems,
      listed.map(({ text }) => h("li", {}, text)),
    );
    this.#problems.classList.toggle("asked", this.#asked);
  }

  /** @returns whether there is anything to correct; if so, the focus is there */
  #pointAtProblems(): boolean {
    this.#asked = true;
    this.#showProblems();
    const first = this.#form.querySelector<HTMLElement>("[aria-invalid=true]");
    if (first === null && this.#problems.childElementCount === 0) return false;
    (first ?? this.#problems).focus();
    return true;
  }

  async #done(): Promise<void> {
    if (this.#json.isBroken) return this.#json.focus();
    if (this.#pointAtProblems()) return;
    this.#refused = await this.#options.done(this.#automation);
    this.#pointAtProblems();
  }
}
