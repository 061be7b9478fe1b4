/** One automation: the form, the JSON beside it, the reply as it will read, and what it would have done. */
import type { Automation } from "../../core/automation/automation.ts";
import { formFields } from "./automation-form.ts";
import { automationFrom } from "./automation-from-form.ts";
import { idOf } from "./automation-id.ts";
import { problemsOf } from "./automation-problems.ts";
import { readAutomation } from "./automation-from-json.ts";
import { BacktestPanel } from "./backtest.ts";
import { button, fill, h } from "./dom.ts";
import { limits, PreviewPanel } from "./preview.ts";

export interface EditorOptions {
  /** Null: a new one. */
  automation: Automation | null;
  /** Ids of the others. */
  taken: ReadonlySet<string>;
  close(): Promise<void>;
  done(automation: Automation): Promise<void>;
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
  readonly #before: string;
  #automation: Automation;
  /** The id follows the name until somebody writes one. */
  #ownId: boolean;
  #lastText: HTMLTextAreaElement | null = null;

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
    this.#json.addEventListener("input", () => this.#fromJson());
    this.#drawForm();
    this.#changed();
    this.#form.querySelector<HTMLInputElement>("[name=name]")?.focus();
  }

  /** Something would be lost. */
  changed(): boolean {
    return JSON.stringify(this.#automation) !== this.#before;
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
    fill(
      this.#form,
      formFields(this.#automation, (name) => this.#insert(name)),
    );
    this.#lastText = null;
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
    return problemsOf(this.#automation, this.#options.taken, limits());
  }

  async #done(): Promise<void> {
    const [first] = this.#check();
    if (first !== undefined) {
      this.#problems.scrollIntoView({ block: "nearest" });
      this.#problems.classList.add("asked");
      return;
    }
    await this.#options.done(this.#automation);
  }
}
