/** Times that go on: one timer for all of them. Only what is in the page is touched. */
import { ago, countdown, localStamp, span, stamp } from "../format.ts";
import { now } from "./server-time.ts";
import { h } from "./dom.ts";

export function agoElement(at: number): HTMLElement {
  return h("time", { datetime: new Date(at).toISOString(), title: exactly(at), "data-ago": at }, ago(at, now()));
}

/** `in 0:07`, counting down to a time; `now` when it has come. */
export function countdownElement(at: number): HTMLElement {
  const element = h("time", {
    class: "countdown",
    datetime: new Date(at).toISOString(),
    title: exactly(at),
    "data-due": at,
  });
  tickDue(element);
  return element;
}

/** `10 s`: how long something has lasted. */
export function lengthElement(since: number): HTMLElement {
  return h(
    "time",
    { datetime: new Date(since).toISOString(), title: exactly(since), "data-since": since },
    span(now() - since),
  );
}

/** A point in time in the reader's time zone; the title has it in UTC, to compare it with a log. */
export function stampElement(at: number): HTMLElement {
  return h("time", { datetime: new Date(at).toISOString(), title: stamp(at), "data-at": at }, localStamp(at));
}

/** For a title, where relative words are shown. */
export const exactly = (at: number): string => {
  const local = localStamp(at);
  return local.endsWith("UTC") ? local : `${local}, ${stamp(at)}`;
};

export function startClock(): void {
  localize();
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll<HTMLElement>("[data-ago]")) {
      setText(element, ago(Number(element.dataset["ago"]), now()));
    }
    for (const element of document.querySelectorAll<HTMLElement>("[data-since]")) {
      setText(element, span(now() - Number(element.dataset["since"])));
    }
    for (const element of document.querySelectorAll<HTMLElement>("[data-due]")) tickDue(element);
  }, 1_000);
}

/** The server does not know where the reader is: what it has drawn is put into their zone. */
function localize(): void {
  for (const element of document.querySelectorAll<HTMLElement>("time[datetime]")) {
    const { at, ago: since } = element.dataset;
    if (at !== undefined) setText(element, localStamp(Number(at)));
    if (since !== undefined) element.title = exactly(Number(since));
  }
  for (const title of document.querySelectorAll<SVGTitleElement>("title[data-at]")) {
    const local = localStamp(Number(title.dataset["at"]));
    if (!local.endsWith("UTC")) title.textContent = `${local.slice(11, 16)}, ${title.textContent}`;
  }
}

function tickDue(element: HTMLElement): void {
  const left = Number(element.dataset["due"]) - now();
  setText(element, left > 0 ? `in ${countdown(left)}` : "now");
}

/** Into the text that is there: no node goes or comes. */
function setText(element: HTMLElement, text: string): void {
  const { firstChild } = element;
  if (firstChild === null) element.textContent = text;
  else if (firstChild.nodeValue !== text) firstChild.nodeValue = text;
}
