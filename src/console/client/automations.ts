/** What the account answers: the list, its order and its switches, and the ways into the editor and the past. */
import type { Automation } from "../../core/automation/automation.ts";
import { plural } from "../format.ts";
import { accountApi, api, ApiError, get } from "./api.ts";
import { AutomationEditor } from "./automation-editor.ts";
import { type Refused, refusalOf, refusedLine } from "./automation-problems.ts";
import { automationRow, moverOf } from "./automation-row.ts";
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
  #editor: AutomationEditor | null = null;

  start(): void {
    addEventListener("beforeunload", (event) => {
      if (this.#changed() || this.#editor?.changed() === true) event.preventDefault();
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
    this.#editor = null;
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
    return automationRow(automation, index, this.#items.length, {
      move: (by) => {
        const [moved] = this.#items.splice(index, 1);
        if (moved !== undefined) this.#items.splice(index + by, 0, moved);
        this.#list(moverOf(index + by, by, this.#items.length));
      },
      turn: (on) => {
        automation.enabled = on;
        this.#list(`[data-switch="${CSS.escape(automation.id)}"]`);
      },
      edit: () => this.#edit(index),
      remove: () => this.#remove(index),
    });
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
        button("Save", () => this.#saveList(), { class: "primary", "data-act": "save" }),
      ),
      h("ul", { class: "refused", role: "alert" }),
    );
  }

  #discard(): void {
    this.#items = structuredClone(this.#saved.items);
    this.#list();
  }

  async #saveList(): Promise<void> {
    const refused = await this.#save(this.#items);
    const host = this.#host.querySelector<HTMLElement>(".refused");
    if (host !== null)
      fill(
        host,
        refused.map((one) => h("li", {}, refusedLine(one))),
      );
  }

  /** @returns what the API did not like */
  async #save(items: readonly Automation[]): Promise<Refused[]> {
    try {
      this.#saved = await api<AutomationList>("PUT", accountApi("/automations"), {
        items,
        version: this.#saved.version,
      });
      this.#items = structuredClone(this.#saved.items);
      toast(`Saved as version ${this.#saved.version}. It holds for every event from now on.`);
      this.#list();
      return [];
    } catch (error) {
      if (error instanceof ApiError && error.code === "version_conflict") return await this.#conflict(items);
      if (error instanceof ApiError && error.fields.length > 0) return refusalOf(error.fields, items);
      toastError(error);
      return [];
    }
  }

  async #conflict(items: readonly Automation[]): Promise<Refused[]> {
    const over = await ask({
      title: "Somebody else has saved meanwhile",
      text: "Saving now replaces their version with yours. Theirs stays in the list of versions.",
      action: "Save mine",
      danger: true,
    });
    if (over === null) return [];
    const { version } = await get<AutomationList>(accountApi("/automations"));
    this.#saved = { ...this.#saved, version };
    return await this.#save(items);
  }

  #edit(index: number | null): void {
    const editor = new AutomationEditor({
      automation: index === null ? null : (this.#items[index] ?? null),
      taken: new Set(this.#items.filter((_, at) => at !== index).map(({ id }) => id)),
      close: () => this.#leave(editor),
      // What is in the list changes only when it has been saved: after a refusal the editor is still there.
      done: async (automation) => {
        const refused = await this.#save(this.#items.toSpliced(index ?? this.#items.length, 1, automation));
        return refused.map((one) => (one.id === automation.id ? one : { field: null, text: refusedLine(one) }));
      },
    });
    this.#editor = editor;
    fill(this.#host, editor.element);
    editor.start();
  }

  async #leave(editor: AutomationEditor): Promise<void> {
    if (editor.changed()) {
      const sure = await ask({
        title: "Leave without saving?",
        text: "What you have changed in this automation is lost.",
        action: "Leave",
        danger: true,
      });
      if (sure === null) return;
    }
    this.#list();
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
