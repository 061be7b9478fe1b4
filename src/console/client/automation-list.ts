/** What stands around the rows of the list. */
import { button, empty, h } from "./dom.ts";

type Run = () => void | Promise<void>;

export function listHead(version: number, { versions, add }: { versions: Run; add: Run }): HTMLElement {
  return h(
    "div",
    { class: "head" },
    h(
      "p",
      { class: "muted lead" },
      "The first that fires takes a comment's one private reply; the order is yours. ",
      version > 0 && `Version ${version}.`,
    ),
    h(
      "span",
      { class: "head-end" },
      version > 0 && button("Versions", versions, { class: "quiet" }),
      button("New automation", add, { class: "primary" }),
    ),
  );
}

export const nothingYet = (add: Run): HTMLElement =>
  empty(
    "This account answers nothing yet",
    "An automation says what is answered: on which words, under which posts, with what.",
    button("Make the first one", add, { class: "primary" }),
  );

/** What has been changed in the list holds only once it is saved; what is refused is said here, and stays. */
export function saveBar({ discard, save }: { discard: Run; save: Run }): HTMLElement {
  return h(
    "div",
    { class: "save-bar", role: "status" },
    h("b", {}, "Not saved yet"),
    h(
      "span",
      { class: "head-end" },
      button("Discard", discard, { class: "quiet" }),
      button("Save", save, { class: "primary", "data-act": "save" }),
    ),
    h("ul", { class: "refused", role: "alert", "data-part": "refused" }),
  );
}
