/** Elements. Text goes in as text only: there is no way in here to make markup of a string. */

import { toastError } from "./toast.ts";

export type Child = Node | string | number | null | false | readonly Child[];

type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Props {
  on?: Handlers;
  [attribute: string]: string | number | boolean | null | undefined | Handlers;
}

/** An element with attributes, handlers and children. `true` gives an empty attribute; `false` and null give none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on" || value === null || value === undefined || value === false || typeof value === "object")
      continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [type, handler] of Object.entries(props.on ?? {}))
    element.addEventListener(type, handler as EventListener);
  append(element, children);
  return element;
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === false) continue;
    if (Array.isArray(child)) append(parent, child as readonly Child[]);
    else if (child instanceof Node) parent.appendChild(child);
    else if (typeof child === "string" || typeof child === "number")
      parent.appendChild(document.createTextNode(`${child}`));
  }
}

/** The element with `data-part`. A page without it is a bug. */
export function part(name: string, within: ParentNode = document): HTMLElement {
  const found = within.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (found === null) throw new Error(`the page has no part ${name}`);
  return found;
}

export function form(name: string): HTMLFormElement {
  const found = document.querySelector<HTMLFormElement>(`form[data-form="${name}"]`);
  if (found === null) throw new Error(`the page has no form ${name}`);
  return found;
}

/** Shows these children, and only these. */
export function fill(element: HTMLElement, ...children: Child[]): void {
  const fragment = document.createDocumentFragment();
  append(fragment, children);
  element.replaceChildren(fragment);
  element.removeAttribute("aria-busy");
}

export function button(label: Child, run: () => void | Promise<void>, props: Props = {}): HTMLButtonElement {
  const element = h("button", { type: "button", ...props }, label);
  element.addEventListener("click", () => void busyWhile(element, run));
  return element;
}

/**
 * No second click while the first is being answered, and a word when it fails: nothing that a button does fails in
 * silence. Not `disabled`: that would take the focus from it.
 */
export async function busyWhile(element: HTMLButtonElement, run: () => void | Promise<void>): Promise<void> {
  if (element.getAttribute("aria-disabled") === "true") return;
  element.setAttribute("aria-disabled", "true");
  try {
    await run();
  } catch (error) {
    toastError(error);
  } finally {
    element.removeAttribute("aria-disabled");
  }
}

export function empty(title: string, text: Child, ...actions: Child[]): HTMLElement {
  return h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, text), actions);
}

/** A failure where the content would have been, with a way to try again. */
export function failure(error: unknown, retry: () => void | Promise<void>): HTMLElement {
  const text = error instanceof Error ? error.message : "Something went wrong.";
  return h(
    "div",
    { class: "empty failed", role: "alert" },
    h("h2", {}, "This could not be loaded"),
    h("p", {}, text),
    button("Try again", retry),
  );
}
