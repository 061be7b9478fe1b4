/** Times that go on: one timer for all of them. Only what is in the page is touched. */
import { ago, countdown, stamp } from "../format.ts";
import { now } from "./api.ts";
import { h } from "./dom.ts";

export function agoElement(at: number): HTMLElement {
  return h("time", { datetime: new Date(at).toISOString(), title: stamp(at), "data-ago": at }, ago(at, now()));
}

/** Counts down to a time, and says so when it is over. */
export function countdownElement(at: number, over = "now"): HTMLElement {
  const element = h("time", {
    class: "countdown",
    datetime: new Date(at).toISOString(),
    title: stamp(at),
    "data-due": at,
    "data-over": over,
  });
  tickDue(element);
  return element;
}

export function startClock(): void {
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll<HTMLElement>("[data-ago]")) {
      setText(element, ago(Number(element.dataset["ago"]), now()));
    }
    for (const element of document.querySelectorAll<HTMLElement>("[data-due]")) tickDue(element);
  }, 1_000);
}

function tickDue(element: HTMLElement): void {
  const left = Number(element.dataset["due"]) - now();
  setText(element, left > 0 ? countdown(left) : (element.dataset["over"] ?? "now"));
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
