/** The automation as JSON, next to the form. */
import type { Automation } from "../../core/automation/automation.ts";
import { readAutomation } from "./automation-from-json.ts";
import { button, h } from "./dom.ts";

interface Turns {
  /** The JSON is right, and says this. */
  read(automation: Automation): void;
  /** There is a mistake in it now, or there is none any more. */
  broken(is: boolean): void;
}

export class JsonField {
  readonly element: HTMLDetailsElement;
  readonly #turns: Turns;
  readonly #json = h("textarea", {
    class: "mono",
    spellcheck: "false",
    rows: 18,
    "aria-label": "The automation as JSON",
    "aria-describedby": "json-problem",
  });
  readonly #problem = h("p", { class: "field-problem", id: "json-problem", role: "status" });
  readonly #drop = button("Discard the JSON and use the form", () => this.#fromForm(), {
    class: "small",
    hidden: true,
  });
  #form = "";

  constructor(turns: Turns) {
    this.#turns = turns;
    this.#json.addEventListener("input", () => this.#read());
    this.element = h(
      "details",
      { class: "card" },
      h("summary", {}, "Edit as JSON"),
      // Above the text, where it is seen however long that is.
      h("div", { class: "json-problem" }, this.#problem, this.#drop),
      this.#json,
    );
  }

  /** A mistake: what is in the field is not what the form shows. */
  get isBroken(): boolean {
    return !this.#drop.hidden;
  }

  /** What the form says now. Never replaces a text that is being edited. */
  show(automation: Automation): void {
    this.#form = JSON.stringify(automation, null, 2);
    if (this.#json !== document.activeElement) this.#json.value = this.#form;
  }

  focus(): void {
    this.element.open = true;
    this.#json.focus();
  }

  #read(): void {
    const read = readAutomation(this.#json.value);
    this.#say(typeof read === "string" ? read : "");
    if (typeof read !== "string") this.#turns.read(read);
  }

  #fromForm(): void {
    this.#say("");
    this.#json.value = this.#form;
    this.#json.focus();
  }

  #say(problem: string): void {
    const broken = problem !== "";
    this.#problem.textContent = broken
      ? `${problem.replace(/\.?$/, ".")} The form is locked until the JSON is valid. Nothing is saved.`
      : "";
    this.#json.setAttribute("aria-invalid", String(broken));
    this.#drop.hidden = !broken;
    this.#turns.broken(broken);
  }
}
