/** Which event of the feed is opened: by the mouse, the keyboard or the page's address, which names it. */
import { part } from "./dom.ts";
import { EventDetail } from "./event-detail.ts";
import { isPlain, rowForKey } from "./feed-keys.ts";
import type { FeedRow } from "../../api/feed.ts";
import type { ReplyItem } from "../../api/reply.ts";

interface FeedSelectionOptions {
  /** The element that scrolls, and takes the keys. */
  host: HTMLElement;
  rows: () => readonly FeedRow[];
  /** Brings a row into sight and gives it the focus. */
  focus: (index: number) => void;
}

export class FeedSelection {
  readonly #options: FeedSelectionOptions;
  readonly #detail: EventDetail;
  #chosen: string | null = null;

  constructor(options: FeedSelectionOptions) {
    this.#options = options;
    const { rows } = options;
    this.#detail = new EventDetail(
      part("detail"),
      () => this.#closed(),
      (eventId) => rows().find(({ id }) => id === eventId),
    );
  }

  start(): void {
    this.#options.host.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("hashchange", () => this.openFromAddress());
  }

  is(id: string): boolean {
    return id === this.#chosen;
  }

  open(id: string): void {
    this.#mark(id);
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    void this.#detail.open(id);
  }

  /** `#main` is the link that skips to the content. */
  openFromAddress(): void {
    const id = namedInAddress();
    if (id !== "" && id !== "main") this.open(id);
  }

  /** What is opened may be among them: it is read again. */
  changed(events: readonly FeedRow[], replies: readonly ReplyItem[]): void {
    this.#detail.changed(
      events.map(({ id }) => id),
      replies,
    );
  }

  #mark(id: string | null): void {
    this.#chosen = id;
    for (const element of this.#options.host.querySelectorAll<HTMLElement>(".row")) {
      element.classList.toggle("chosen", element.dataset["id"] === id);
    }
  }

  #closed(): void {
    const before = this.#chosen;
    this.#mark(null);
    history.replaceState(null, "", location.pathname);
    const index = this.#options.rows().findIndex(({ id }) => id === before);
    if (index >= 0) this.#options.focus(index);
  }

  #key(event: KeyboardEvent): void {
    const rows = this.#options.rows();
    const focused = document.activeElement?.closest<HTMLElement>(".row")?.dataset["id"];
    const index = rows.findIndex(({ id }) => id === focused);
    const to = rowForKey(event, index, rows.length);
    const opens = isPlain(event) && (event.key === "Enter" || event.key === " ");
    if (to === null && (!opens || focused === undefined)) return;
    event.preventDefault();
    if (to !== null) this.#options.focus(to);
    else if (focused !== undefined) this.open(focused);
  }
}

/** Empty for an address that ends in the middle of an escape sequence. */
function namedInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}
