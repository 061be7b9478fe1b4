/** Questions before what cannot be undone. */
import { type Child, h } from "./dom.ts";

interface Question {
  title: string;
  text: string;
  action: string;
  danger?: boolean;
  /** Asks for a line of text as well. */
  input?: { label: string; placeholder?: string };
}

/** @returns the text that was asked for (`""` without one), or null: not wanted */
export function ask(question: Question): Promise<string | null> {
  const { title, text, action, danger = false, input } = question;
  const field =
    input === undefined
      ? null
      : h("input", { type: "text", maxlength: 300, placeholder: input.placeholder ?? "", id: "dialog-input" });
  const dialog = framed(
    { title, text },
    field !== null && input !== undefined && [h("label", { for: "dialog-input" }, input.label), field],
    [
      h("button", { value: "no", type: "button", class: "quiet", on: { click: () => dialog.close("no") } }, "Cancel"),
      h("button", { value: "yes", type: "submit", class: danger ? "primary bad" : "primary" }, action),
    ],
  );
  return shown(dialog).then((chosen) => (chosen === "yes" ? (field?.value.trim() ?? "") : null));
}

interface Choices {
  title: string;
  text: string;
  more: Child;
  /** The last one is what was asked for in the first place. */
  choices: { value: string; label: string; danger?: boolean }[];
}

/** @returns the value that was chosen, or null: none of them, not now */
export async function choose({ title, text, more, choices }: Choices): Promise<string | null> {
  const pick = (value: string) => ({ type: "button", on: { click: () => dialog.close(value) } });
  const dialog = framed({ title, text }, more, [
    h("button", { class: "quiet", autofocus: true, ...pick("") }, "Cancel"),
    choices.map(({ value, label, danger = false }) =>
      h("button", { class: danger ? "primary bad" : "", ...pick(value) }, label),
    ),
  ]);
  return (await shown(dialog)) || null;
}

function framed({ title, text }: { title: string; text: string }, more: Child, end: Child): HTMLDialogElement {
  return h(
    "dialog",
    { "aria-labelledby": "dialog-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "dialog-title" }, title),
      h("p", {}, text),
      more,
      h("div", { class: "dialog-end" }, end),
    ),
  );
}

/** @returns what it was closed with */
async function shown(dialog: HTMLDialogElement): Promise<string> {
  document.body.appendChild(dialog);
  dialog.showModal();
  return await new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}
