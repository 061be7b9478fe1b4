/** Where the keyboard is while the page changes around it. */

/** Runs it; if what had the focus is gone afterwards, the same control of its card has it, or what stands nearest. */
export function keepingFocus(host: HTMLElement, run: () => void): void {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === host || !host.contains(active)) {
    run();
    return;
  }
  const name = nameOf(active);
  const around = ancestors(active);
  const nearby = neighbors(active);
  run();
  if (document.activeElement === active) return;
  const target = active.isConnected ? active : (sameControl(around, name) ?? nearest([...around, ...nearby], host));
  target.focus({ preventScroll: true });
}

const nameOf = (element: HTMLElement): string => element.getAttribute("aria-label") ?? element.textContent ?? "";

/** From the inside out. */
function ancestors(element: HTMLElement): HTMLElement[] {
  const all: HTMLElement[] = [];
  for (let one = element.parentElement; one !== null; one = one.parentElement) all.push(one);
  return all;
}

/** The cards after the one that it is in, then those before it, the nearest first. */
function neighbors(element: HTMLElement): HTMLElement[] {
  const card = element.closest<HTMLElement>("[data-id]");
  const all = [...(card?.parentElement?.children ?? [])].filter((one) => one instanceof HTMLElement);
  const at = all.findIndex((one) => one === card);
  return [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0)).toReversed()];
}

/** Only within its own card or section: elsewhere, what has the same name does it to something else. */
function sameControl(around: readonly HTMLElement[], name: string): HTMLElement | undefined {
  const own = around.find(({ dataset }) => dataset["id"] !== undefined || dataset["key"] !== undefined);
  if (own?.isConnected !== true) return undefined;
  return [...own.querySelectorAll<HTMLElement>("a, button")].find((one) => nameOf(one) === name);
}

/** A neighbor as a whole, and none of its buttons: what is pressed next was not meant for it. */
function nearest(places: readonly HTMLElement[], host: HTMLElement): HTMLElement {
  const stops = places.filter((one) => one.isConnected && one.hasAttribute("tabindex"));
  return stops.find((one) => host.contains(one)) ?? stops[0] ?? host;
}
