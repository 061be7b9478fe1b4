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
      "Meta allows one private reply per comment. The first automation that is triggered sends it, so the order matters. ",
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
    "No automations yet",
    "An automation sends a reply when a comment or message matches its trigger, keywords and posts.",
    button("Create the first automation", add, { class: "primary" }),
  );

/** What has been changed in the list holds only once it is saved; what is refused is said here, and stays. */
export function saveBar({ discard, save }: { discard: Run; save: Run }): HTMLElement {
  return h(
    "div",
    { class: "save-bar", role: "status" },
    h("b", {}, "Unsaved changes"),
    h(
      "span",
      { class: "head-end" },
      button("Discard", discard, { class: "quiet" }),
      button("Save", save, { class: "primary", "data-act": "save" }),
    ),
    h("ul", { class: "refused", role: "alert", "data-part": "refused" }),
  );
}
