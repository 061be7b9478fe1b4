/** What the account answers: the list, its order and its switches, and the ways into the editor and the past. */
import type { Automation } from "../../core/automation/automation.ts";
import { plural } from "../format.ts";
import { accountApi, api, ApiError, get } from "./api.ts";
import { AutomationEditor } from "./automation-editor.ts";
import { inWords } from "./automation-words.ts";
import { ask } from "./dialog.ts";
import { button, empty, failure, fill, h, part } from "./dom.ts";
import type { AutomationList } from "./model.ts";
import { toast, toastError } from "./toast.ts";
import { showVersions } from "./versions.ts";

export function startAutomations(): void {
  new Automations().start();
}

class Automations {
  readonly #host = part("automations");
  #saved: AutomationList = { items: [], version: 0, updatedAt: null };
  #items: Automation[] = [];

  start(): void {
    addEventListener("beforeunload", (event) => {
      if (this.#changed()) event.preventDefault();
    });
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.#saved = await get<AutomationList>(accountApi("/automations"));
      this.#items = structuredClone(this.#saved.items);
      this.#list();
    } catch (error) {
      fill(
        this.#host,
        failure(error, () => this.#load()),
      );
    }
  }

  #changed(): boolean {
    return JSON.stringify(this.#items) !== JSON.stringify(this.#saved.items);
  }

  #list(focus?: string): void {
    const head = h(
      "div",
      { class: "head" },
      h(
        "p",
        { class: "muted lead" },
        "The first that fires takes a comment's one private reply; the order is yours. ",
        this.#saved.version > 0 && `Version ${this.#saved.version}.`,
      ),
      h(
        "span",
        { class: "head-end" },
        this.#saved.version > 0 && button("Versions", () => this.#versions(), { class: "quiet" }),
        button("New automation", () => this.#edit(null), { class: "primary" }),
      ),
    );
    const rows = this.#items.map((automation, index) => this.#row(automation, index));
    fill(
      this.#host,
      head,
      rows.length === 0
        ? empty(
            "This account answers nothing yet",
            "An automation says what is answered: on which words, under which posts, with what.",
            button("Make the first one", () => this.#edit(null), { class: "primary" }),
          )
        : h("ol", { class: "automation-list" }, rows),
      this.#changed() && this.#saveBar(),
    );
    if (focus !== undefined) this.#host.querySelector<HTMLElement>(focus)?.focus();
  }

  #row(automation: Automation, index: number): HTMLElement {
    const { id, name, enabled } = automation;
    const move = (by: -1 | 1, sign: string, label: string): HTMLButtonElement =>
      button(
        sign,
        () => {
          const [moved] = this.#items.splice(index, 1);
          if (moved !== undefined) this.#items.splice(index + by, 0, moved);
          const to = index + by;
          this.#list(
            `[data-row="${to}"] [data-move="${by === -1 ? (to > 0 ? -1 : 1) : to < this.#items.length - 1 ? 1 : -1}"]`,
          );
        },
        { class: "icon", "aria-label": `Move ${name} ${label}`, "data-move": by },
      );
    const flip = h("input", {
      type: "checkbox",
      role: "switch",
      "aria-label": `${name} is on`,
      checked: enabled,
      "data-switch": id,
      on: {
        change: () => {
          automation.enabled = flip.checked;
          this.#list(`[data-switch="${CSS.escape(id)}"]`);
        },
      },
    });
    return h(
      "li",
      { class: `automation${enabled ? "" : " off"}`, "data-row": index },
      h(
        "span",
        { class: "moves" },
        disableWhenEdge(move(-1, "↑", "up"), index === 0),
        disableWhenEdge(move(1, "↓", "down"), index === this.#items.length - 1),
      ),
      h("label", { class: "switch" }, flip, h("i")),
      h("div", { class: "automation-words" }, h("b", {}, name), h("span", { class: "muted" }, inWords(automation))),
      h(
        "span",
        { class: "head-end" },
        button("Edit", () => this.#edit(index), { class: "small", "aria-label": `Edit ${name}` }),
        button("Remove", () => this.#remove(index), { class: "small quiet danger", "aria-label": `Remove ${name}` }),
      ),
    );
  }

  async #remove(index: number): Promise<void> {
    const name = this.#items[index]?.name ?? "";
    const sure = await ask({
      title: `Remove “${name}”?`,
      text: "It answers nothing from the next save on. Every version before stays in the list of versions.",
      action: "Remove",
      danger: true,
    });
    if (sure === null) return;
    this.#items.splice(index, 1);
    this.#list();
  }

  #saveBar(): HTMLElement {
    return h(
      "div",
      { class: "save-bar", role: "status" },
      h("b", {}, "Not saved yet"),
      h(
        "span",
        { class: "head-end" },
        button("Discard", () => this.#discard(), { class: "quiet" }),
        button("Save", () => this.#save(), { class: "primary", "data-act": "save" }),
      ),
    );
  }

  #discard(): void {
    this.#items = structuredClone(this.#saved.items);
    this.#list();
  }

  async #save(): Promise<void> {
    try {
      this.#saved = await api<AutomationList>("PUT", accountApi("/automations"), {
        items: this.#items,
        version: this.#saved.version,
      });
      this.#items = structuredClone(this.#saved.items);
      toast(`Saved as version ${this.#saved.version}. It holds for every event from now on.`);
      this.#list();
    } catch (error) {
      if (error instanceof ApiError && error.code === "version_conflict") await this.#conflict();
      else toastError(error);
    }
  }

  async #conflict(): Promise<void> {
    const over = await ask({
      title: "Somebody else has saved meanwhile",
      text: "Saving now replaces their version with yours. Theirs stays in the list of versions.",
      action: "Save mine",
      danger: true,
    });
    if (over === null) return;
    const { version } = await get<AutomationList>(accountApi("/automations"));
    this.#saved = { ...this.#saved, version };
    await this.#save();
  }

  #edit(index: number | null): void {
    const editor = new AutomationEditor({
      automation: index === null ? null : (this.#items[index] ?? null),
      taken: new Set(this.#items.filter((_, at) => at !== index).map(({ id }) => id)),
      close: () => this.#list(),
      done: (automation) => {
        if (index === null) this.#items.push(automation);
        else this.#items[index] = automation;
        void this.#save();
      },
    });
    fill(this.#host, editor.element);
    editor.start();
  }

  async #versions(): Promise<void> {
    try {
      await showVersions(this.#host, this.#saved.version, {
        close: () => this.#list(),
        take: (items, version) => {
          this.#items = structuredClone([...items]);
          toast(
            `Version ${version} with ${plural(items.length, "automation")} is laid out. Save it to put it in force.`,
          );
          this.#list();
        },
      });
    } catch (error) {
      toastError(error);
    }
  }
}

function disableWhenEdge(control: HTMLButtonElement, edge: boolean): HTMLButtonElement {
  control.disabled = edge;
  return control;
}
