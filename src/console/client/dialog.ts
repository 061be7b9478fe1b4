/** Questions before what cannot be undone. */
import { h } from "./dom.ts";

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
  const dialog = h(
    "dialog",
    { "aria-labelledby": "dialog-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "dialog-title" }, title),
      h("p", {}, text),
      field !== null && input !== undefined && [h("label", { for: "dialog-input" }, input.label), field],
      h(
        "div",
        { class: "dialog-end" },
        h(
          "button",
          { value: "no", type: "button", class: "quiet", on: { click: () => dialog.close("no") } },
          "Not now",
        ),
        h("button", { value: "yes", type: "submit", class: danger ? "primary bad" : "primary" }, action),
      ),
    ),
  );
  document.body.appendChild(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? (field?.value.trim() ?? "") : null);
    });
  });
}
