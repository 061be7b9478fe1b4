/** The live feed: every event as it arrives, newest first. */
import { plural } from "../format.ts";
import { factsChanged } from "./account-watch.ts";
import { accountApi, get, query } from "./api.ts";
import { button, empty, failure, fill, form, h, part } from "./dom.ts";
import { FeedSelection } from "./feed-selection.ts";
import { type FeedFilter, filterFrom, fits, showsAll } from "./feed-filter.ts";
import { feedRow, inOneSentence } from "./feed-row.ts";
import { FeedRows } from "./feed-rows.ts";
import { Live } from "./live.ts";
import type { FeedPage, FeedRow, LiveMessage } from "../../api/feed.ts";
import { VirtualList } from "./virtual-list.ts";

const PAGE = 100;
/** With more missed events than this, the whole list is read again. */
const MAX_CATCH_UP = 500;
/** At most one announcement in this time: a screen reader would never finish reading a busy feed. */
const SPEAK_EVERY_MS = 5_000;

export function startFeed(): void {
  new Feed().start();
}

class Feed {
  readonly #host = part("rows");
  readonly #waiting = part("waiting");
  readonly #spoken = part("spoken");
  readonly #form = form("filter");
  readonly #rows = new FeedRows();
  readonly #list = new VirtualList<FeedRow>({
    host: this.#host,
    key: ({ id }) => id,
    render: (row) => feedRow(row, this.#selection.is(row.id), () => this.#selection.open(row.id)),
    nearEnd: () => void this.#older(),
  });
  readonly #selection = new FeedSelection({
    host: this.#host,
    rows: () => this.#rows.items,
    focus: (index) => this.#list.focus(index),
  });
  #loading = false;
  #paused = false;
  /** Counts up with each first page: an answer to an older question is dropped. */
  #generation = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #speakAt = 0;

  start(): void {
    this.#form.addEventListener("input", () => this.#filterChanged());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#filterChanged();
    });
    const pause = this.#form.querySelector<HTMLButtonElement>("[data-act=pause-feed]");
    pause?.addEventListener("click", () => this.#setPaused(!this.#paused, pause));
    this.#waiting.querySelector("button")?.addEventListener("click", () => this.#release());
    this.#selection.start();
    const first = this.#load();
    void first.then(() => this.#selection.openFromAddress());
    new Live<LiveMessage>({
      message: (message) => this.#changes(message),
      // What happens between the reading and the connection is in neither of them.
      connected: () => void first.then(() => this.#catchUp()),
    }).start();
  }

  #filterChanged(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#load(), 200);
  }

  #filter(): FeedFilter {
    return filterFrom(new FormData(this.#form));
  }

  #read(place: { cursor?: string; before?: number; after?: number }): Promise<FeedPage> {
    return get<FeedPage>(accountApi(`/feed${query({ ...this.#filter(), ...place, limit: PAGE })}`));
  }

  /** The first page. */
  async #load(): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = true;
    this.#host.setAttribute("aria-busy", "true");
    try {
      const page = await this.#read({});
      if (generation !== this.#generation) return;
      this.#rows.start(page);
      this.#showWaiting();
      this.#host.scrollTop = 0;
      this.#show(0);
    } catch (error) {
      if (generation !== this.#generation) return;
      fill(
        this.#host,
        failure(error, () => this.#load()),
      );
    } finally {
      if (generation === this.#generation) this.#loading = false;
    }
  }

  async #older(): Promise<void> {
    const { items, cursor, complete } = this.#rows;
    const last = items.at(-1);
    if (this.#loading || complete || last === undefined) return;
    this.#loading = true;
    const generation = this.#generation;
    try {
      const page = await this.#read(cursor === null ? { before: last.seq } : { cursor });
      if (generation !== this.#generation) return;
      this.#rows.append(page);
      this.#show(0);
    } catch {
      // Asked again with the next scroll.
    } finally {
      if (generation === this.#generation) this.#loading = false;
    }
  }

  /** The connection was away: what was missed is read, and what is in view is read again. */
  async #catchUp(): Promise<void> {
    const generation = this.#generation;
    try {
      let missed: FeedRow[] = [];
      let { newest } = this.#rows;
      let after = newest;
      for (;;) {
        const page = await this.#read({ after });
        if (generation !== this.#generation) return;
        missed = [...missed, ...page.items];
        newest = Math.max(newest, page.newest);
        const last = page.items.at(-1);
        if (page.nextCursor === null || last === undefined) break;
        after = last.seq;
        if (missed.length > MAX_CATCH_UP) {
          await this.#load();
          return;
        }
      }
      const top = await this.#read({});
      if (generation !== this.#generation) return;
      this.#take([...missed, ...top.items]);
      // Only now: set earlier, a failed read would leave a gap that is never filled.
      this.#rows.newest = Math.max(newest, this.#rows.newest);
    } catch {
      // The next connection tries again.
    }
  }

  #changes({ events, replies, truncated }: LiveMessage): void {
    factsChanged();
    if (truncated) {
      void this.#catchUp();
      return;
    }
    const filter = this.#filter();
    this.#take(events.filter((row) => this.#rows.has(row.id) || fits(row, filter)));
    if (this.#rows.patch(replies)) this.#show(0);
    this.#selection.changed(events, replies);
  }

  /** Puts rows where they belong: those that are known are replaced, new ones come to the top or wait. */
  #take(incoming: readonly FeedRow[]): void {
    if (incoming.length === 0) return;
    const fresh = this.#rows.take(incoming);
    if (!this.#paused) {
      this.#add(fresh);
      return;
    }
    this.#rows.hold(fresh);
    this.#showWaiting();
    this.#show(0);
  }

  #add(fresh: readonly FeedRow[]): void {
    this.#rows.add(fresh);
    this.#show(fresh.length);
    this.#speak(fresh);
  }

  #show(added: number): void {
    const { items, complete } = this.#rows;
    if (items.length === 0) {
      fill(this.#host, this.#nothing());
      return;
    }
    this.#host.removeAttribute("aria-busy");
    this.#list.set(items, added, complete ? items.length : null);
  }

  #nothing(): HTMLElement {
    if (showsAll(this.#filter())) {
      return empty(
        "No events yet",
        "The first event appears here automatically. If you expect one, the doctor shows what is missing in your setup.",
        h("a", { class: "button", href: "/console/doctor" }, "Open the doctor"),
      );
    }
    const { complete, cursor } = this.#rows;
    return empty(
      "No event matches these filters",
      complete ? "All stored events were searched." : "The newest 10,000 events were searched.",
      cursor !== null && button("Search older events", () => this.#further(cursor)),
      button("Clear filters", () => {
        this.#form.reset();
        return this.#load();
      }),
    );
  }

  async #further(cursor: string): Promise<void> {
    this.#rows.append(await this.#read({ cursor }));
    this.#show(0);
  }

  #setPaused(paused: boolean, control: HTMLButtonElement): void {
    this.#paused = paused;
    control.setAttribute("aria-pressed", String(paused));
    control.textContent = paused ? "Resume" : "Pause";
    if (!paused) this.#release();
  }

  #release(): void {
    const held = this.#rows.release();
    this.#showWaiting();
    this.#host.scrollTop = 0;
    this.#add(held);
  }

  #showWaiting(): void {
    const { length } = this.#rows.held;
    this.#waiting.hidden = length === 0;
    const control = this.#waiting.querySelector("button");
    if (control !== null) control.textContent = `Show ${plural(length, "new event")}`;
  }

  #speak(fresh: readonly FeedRow[]): void {
    const [row] = fresh;
    if (row === undefined || Date.now() < this.#speakAt) return;
    this.#speakAt = Date.now() + SPEAK_EVERY_MS;
    this.#spoken.textContent = fresh.length === 1 ? inOneSentence(row) : `${plural(fresh.length, "new event")}.`;
  }
}
