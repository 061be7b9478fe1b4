/** One automation in the list: its place, its switch, what it does in a sentence. */
import type { Automation } from "../../core/automation/automation.ts";
import { automationSentence } from "./automation-sentence.ts";
import { button, h } from "./dom.ts";

export interface RowActions {
  move(by: -1 | 1): void;
  turn(on: boolean): void;
  edit(): void;
  remove(): Promise<void>;
}

export function automationRow(automation: Automation, index: number, count: number, actions: RowActions): HTMLElement {
  const { id, name, enabled } = automation;
  const flip = h("input", {
    type: "checkbox",
    role: "switch",
    "aria-label": `${name} is on`,
    checked: enabled,
    "data-switch": id,
    on: { change: () => actions.turn(flip.checked) },
  });
  const move = (by: -1 | 1, sign: string, label: string, edge: boolean): HTMLButtonElement => {
    const control = button(sign, () => actions.move(by), {
      class: "icon",
      "aria-label": `Move ${name} ${label}`,
      "data-move": by,
    });
    control.disabled = edge;
    return control;
  };
  return h(
    "li",
    { class: enabled ? "automation" : "automation off", "data-row": index },
    h("span", { class: "moves" }, move(-1, "↑", "up", index === 0), move(1, "↓", "down", index === count - 1)),
    h("label", { class: "switch" }, flip, h("i")),
    h(
      "div",
      { class: "automation-text" },
      h("b", {}, name),
      h("span", { class: "muted" }, automationSentence(automation)),
    ),
    h(
      "span",
      { class: "head-end" },
      button("Edit", () => actions.edit(), { class: "small", "aria-label": `Edit ${name}` }),
      button("Remove", () => actions.remove(), { class: "small quiet danger", "aria-label": `Remove ${name}` }),
    ),
  );
}

/** Where the focus goes once a row has been moved: the same arrow, or the other one at an edge. */
export function moverOf(index: number, by: -1 | 1, count: number): string {
  const stuck = by === -1 ? index === 0 : index === count - 1;
  return `[data-row="${index}"] [data-move="${stuck ? -by : by}"]`;
}
