/**
 * Brings what is in the page in line with what it should be, and touches nothing that is right already: the focus and a
 * half-finished click survive. Children are told apart by `data-id` or `data-key`; the
 * others by their place.
 */
import type { Child } from "./dom.ts";
import { keepingFocus } from "./focus.ts";

/**
 * Shows these children, and only these. One that is in the page already stays as it is; one that its maker goes on using
 * has a key, or it might only lend its looks to what stands there.
 */
export function update(host: HTMLElement, ...children: Child[]): void {
  keepingFocus(host, () => patchChildren(host, nodesOf(children)));
  host.removeAttribute("aria-busy");
}

function nodesOf(children: readonly Child[]): Node[] {
  return children.flatMap((child): Node[] => {
    if (child === null || child === false) return [];
    if (child instanceof Node) return [child];
    if (typeof child === "object") return nodesOf(child);
    return [document.createTextNode(`${child}`)];
  });
}

function patchChildren(parent: Element, wanted: readonly Node[]): void {
  const keyed = new Map([...parent.children].map((child) => [keyOf(child), child]));
  const staying = new Set(wanted.map(keyOf));
  // First of all what goes: then nothing of the rest has to be moved.
  for (const [key, child] of keyed) if (key !== null && !staying.has(key)) child.remove();
  let next: Node | null = parent.firstChild;
  for (const node of wanted) {
    const live = node.parentNode === parent ? node : counterpart(node, keyed, next);
    if (live === null) {
      parent.insertBefore(node, next);
      continue;
    }
    if (live !== next) parent.insertBefore(live, next);
    if (live !== node) patch(live, node);
    next = live.nextSibling;
  }
  while (next !== null) {
    const rest: Node = next;
    next = rest.nextSibling;
    parent.removeChild(rest);
  }
}

/** What stands for this node in the page; null: nothing does. */
function counterpart(node: Node, keyed: ReadonlyMap<string | null, Element>, next: Node | null): Node | null {
  const key = keyOf(node);
  if (key !== null) {
    const known = keyed.get(key);
    return known?.nodeName === node.nodeName ? known : null;
  }
  if (next === null || next.nodeName !== node.nodeName || keyOf(next) !== null) return null;
  // A button does what it was made for: another word on it is another button.
  return node instanceof HTMLButtonElement && node.textContent !== next.textContent ? null : next;
}

function patch(live: Node, wanted: Node): void {
  if (live.isEqualNode(wanted)) return;
  if (live instanceof Element && wanted instanceof Element) {
    patchAttributes(live, wanted);
    patchChildren(live, [...wanted.childNodes]);
  } else live.nodeValue = wanted.nodeValue;
}

/** What a person has opened stays open, and a button that is waiting for its answer goes on waiting. */
const OWN: ReadonlySet<string> = new Set(["open", "aria-disabled"]);

function patchAttributes(live: Element, wanted: Element): void {
  for (const name of live.getAttributeNames()) {
    if (!wanted.hasAttribute(name) && !OWN.has(name)) live.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}

const keyOf = (node: Node): string | null =>
  node instanceof HTMLElement ? (node.dataset["id"] ?? node.dataset["key"] ?? null) : null;
