/** What the account answers: the list, its order and its switches, and the ways into the editor and the past. */
import type { Automation } from "../../core/automation/automation.ts";
import { plural } from "../format.ts";
import { accountApi, get } from "./api.ts";
import { AutomationEditor } from "./automation-editor.ts";
import { refusedLine } from "./automation-problems.ts";
import { listHead, nothingYet, saveBar } from "./automation-list.ts";
import { automationRow, moverOf } from "./automation-row.ts";
import { ask } from "./dialog.ts";
import { failure, fill, h, part } from "./dom.ts";
import type { FormProblem } from "./form-problems.ts";
import { merge } from "./merge-automations.ts";
import type { AutomationList } from "../../api/automation.ts";
import { saveAutomations, savedMessage } from "./save-automations.ts";
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
    const head = listHead(this.#saved.version, { versions: () => this.#versions(), add: () => this.#edit(null) });
    const rows = this.#items.map((automation, index) => this.#row(automation, index));
    fill(
      this.#host,
      head,
      rows.length === 0 ? nothingYet(() => this.#edit(null)) : h("ol", { class: "automation-list" }, rows),
      this.#changed() && saveBar({ discard: () => this.#discard(), save: () => this.#saveList() }),
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
      remove: () => this.#remove(automation),
    });
  }

  async #remove({ id, name }: Automation): Promise<void> {
    const sure = await ask({
      title: `Remove “${name}”?`,
      text: "It stops with your next save. Earlier versions stay in the list of versions.",
      action: "Remove",
      danger: true,
    });
    if (sure === null) return;
    // Where it stands by now: a save may have come between.
    this.#items = this.#items.filter((one) => one.id !== id);
    this.#list();
  }

  #discard(): void {
    this.#items = structuredClone(this.#saved.items);
    this.#list();
  }

  async #saveList(): Promise<void> {
    const saving = await this.#still(() => saveAutomations(this.#saved, this.#items));
    switch (saving.end) {
      case "saved":
        this.#take(saving.list);
        toast(savedMessage(saving));
        return this.#list();
      case "theirs":
        this.#take(saving.list);
        return this.#list();
      case "refused":
        return fill(
          part("refused", this.#host),
          saving.refused.map((one) => h("li", {}, refusedLine(one))),
        );
      case "nothing":
    }
  }

  /**
   * Saves what the editor has, and nothing else: what has been moved, switched and removed in the list waits for the
   * list's own Save.
   */
  async #saveOne(index: number | null, automation: Automation): Promise<readonly FormProblem[]> {
    const edited = this.#items.toSpliced(index ?? this.#items.length, 1, automation);
    const saving = await this.#still(() => saveAutomations(this.#saved, this.#onlyTheEdit(index, edited)));
    switch (saving.end) {
      case "saved":
        this.#goOnWith(saving.list, edited);
        toast(`${savedMessage(saving)}${this.#changed() ? " Your other changes in the list are not saved yet." : ""}`);
        this.#list();
        return [];
      case "theirs":
        this.#goOnWith(saving.list, this.#items);
        this.#list();
        return [];
      case "refused":
        return saving.refused.map((one) => (one.id === automation.id ? one : { field: null, text: refusedLine(one) }));
      case "nothing":
        return [];
    }
  }

  /** Nothing can be changed while it is being saved: it would be neither in what is saved nor in what is shown after it. */
  async #still<T>(save: () => Promise<T>): Promise<T> {
    const focused = document.activeElement;
    this.#host.inert = true;
    try {
      return await save();
    } finally {
      this.#host.inert = false;
      if (focused instanceof HTMLElement && document.activeElement === document.body) focused.focus();
    }
  }

  /** The list in force with the one automation as the editor has it, at its place. */
  #onlyTheEdit(index: number | null, edited: readonly Automation[]): Automation[] {
    const before = this.#items.flatMap((one, at) => {
      if (at !== index) return one;
      // What the editor was opened with may differ from what is in force by its switch, or be of an older version.
      const inForce = this.#saved.items.find(({ id }) => id === one.id);
      return inForce === undefined ? [] : { ...inForce, enabled: one.enabled };
    });
    return merge(before, edited, this.#saved.items).items;
  }

  #take(list: AutomationList): void {
    this.#saved = list;
    this.#items = structuredClone(list.items);
  }

  /** Another list is in force now; what has been changed here and is not saved is laid on top of it. */
  #goOnWith(list: AutomationList, items: readonly Automation[]): void {
    const merged = merge(this.#saved.items, items, list.items, "theirs");
    this.#saved = list;
    this.#items = structuredClone(merged.items);
    if (merged.clashes.length > 0) {
      toast(
        `Another person has changed ${merged.clashes.join(", ")}. Your unsaved changes there were discarded.`,
        "bad",
      );
    }
  }

  #edit(index: number | null): void {
    const editor = new AutomationEditor({
      automation: index === null ? null : (this.#items[index] ?? null),
      taken: new Set(this.#items.filter((_, at) => at !== index).map(({ id }) => id)),
      close: () => this.#leave(editor),
      // What is in the list changes only when it has been saved: after a refusal the editor is still there.
      done: (automation) => this.#saveOne(index, automation),
    });
    this.#editor = editor;
    fill(this.#host, editor.element);
    editor.start();
  }

  async #leave(editor: AutomationEditor): Promise<void> {
    if (editor.changed()) {
      const sure = await ask({
        title: "Leave without saving?",
        text: "Your changes to this automation will be lost.",
        action: "Leave",
        danger: true,
      });
      if (sure === null) return;
    }
    this.#list();
  }

  async #versions(): Promise<void> {
    try {
      await showVersions(this.#host, {
        newest: (list) => this.#goOnWith(list, this.#items),
        close: () => this.#list(),
        take: (items, version) => {
          this.#items = structuredClone([...items]);
          toast(`Version ${version} loaded (${plural(items.length, "automation")}). Save to activate it.`);
          this.#list();
        },
      });
    } catch (error) {
      toastError(error);
    }
  }
}
