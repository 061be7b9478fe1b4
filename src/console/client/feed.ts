/** The live feed: every event as it arrives, newest first. */
import type { ReplyState } from "../../core/reply/reply.ts";
import { plural } from "../format.ts";
import { EVENT_WORDS, MISS_WORDS, STATE_WORDS } from "../words.ts";
import { factsChanged } from "./account-facts.ts";
import { accountApi, get, query } from "./api.ts";
import { agoElement } from "./clock.ts";
import { button, empty, failure, fill, form, h, part } from "./dom.ts";
import { EventDetail } from "./event-detail.ts";
import { Live } from "./live.ts";
import type { FeedPage, FeedRow, LiveMessage, ReplyItem } from "./model.ts";
import { VirtualList } from "./virtual-list.ts";

const PAGE = 100;
/** Rows kept in memory; older ones are read again when somebody scrolls back to them. */
const MAX_ROWS = 3_000;
/** Missed more than this: the list is read anew instead of caught up. */
const MAX_CATCH_UP = 500;

interface Filter {
  kind: string;
  outcome: string;
  search: string;
}

export function startFeed(): void {
  new Feed().start();
}

class Feed {
  readonly #host = part("rows");
  readonly #waiting = part("waiting");
  readonly #spoken = part("spoken");
  readonly #form = form("filter");
  readonly #detail = new EventDetail(
    part("detail"),
    (eventId) => this.#mark(eventId),
    (eventId) => this.#rows.find(({ id }) => id === eventId),
  );
  readonly #list = new VirtualList<FeedRow>({
    host: this.#host,
    key: ({ id }) => id,
    render: (row) => this.#row(row),
    nearEnd: () => void this.#older(),
  });
  #rows: FeedRow[] = [];
  /** What arrived while the feed was paused. */
  #held: FeedRow[] = [];
  #newest = 0;
  #cursor: string | null = null;
  #complete = false;
  #loading = false;
  #paused = false;
  #generation = 0;
  #chosen: string | null = null;

  start(): void {
    this.#form.addEventListener("input", () => this.#filterChanged());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#filterChanged();
    });
    const pause = this.#form.querySelector<HTMLButtonElement>("[data-act=pause-feed]");
    pause?.addEventListener("click", () => this.#setPaused(!this.#paused, pause));
    this.#waiting.querySelector("button")?.addEventListener("click", () => this.#release());
    this.#host.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("hashchange", () => this.#openFromHash());
    new Live<LiveMessage>({
      message: (message) => this.#changes(message),
      connected: () => void this.#catchUp(),
    }).start();
    void this.#load().then(() => this.#openFromHash());
  }

  #filter(): Filter {
    const data = new FormData(this.#form);
    const value = (name: string): string => {
      const given = data.get(name);
      return typeof given === "string" ? given.trim() : "";
    };
    return { kind: value("kind"), outcome: value("outcome"), search: value("search") };
  }

  #typing: ReturnType<typeof setTimeout> | undefined;

  #filterChanged(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#load(), 200);
  }

  /** The first page. */
  async #load(): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = true;
    this.#host.setAttribute("aria-busy", "true");
    try {
      const page = await this.#read({});
      if (generation !== this.#generation) return;
      this.#rows = page.items;
      this.#held = [];
      this.#newest = page.newest;
      this.#cursor = page.nextCursor;
      this.#complete = page.nextCursor === null;
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
    if (this.#loading || this.#complete || this.#rows.length === 0) return;
    this.#loading = true;
    const generation = this.#generation;
    try {
      const last = this.#rows.at(-1);
      const page = await this.#read(this.#cursor === null ? { before: last?.seq ?? 0 } : { cursor: this.#cursor });
      if (generation !== this.#generation) return;
      const known = new Set(this.#rows.map(({ id }) => id));
      this.#rows = [...this.#rows, ...page.items.filter(({ id }) => !known.has(id))];
      this.#cursor = page.nextCursor;
      this.#complete = page.nextCursor === null;
      this.#show(0);
    } catch {
      // Asked again with the next scroll.
    } finally {
      if (generation === this.#generation) this.#loading = false;
    }
  }

  #read(place: { cursor?: string; before?: number; after?: number }): Promise<FeedPage> {
    return get<FeedPage>(accountApi(`/feed${query({ ...this.#filter(), ...place, limit: PAGE })}`));
  }

  /** The connection was away: what came meanwhile is read, and what is in sight is read again. */
  async #catchUp(): Promise<void> {
    if (this.#newest === 0 && this.#rows.length === 0) return;
    const generation = this.#generation;
    try {
      let missed: FeedRow[] = [];
      let after = this.#newest;
      for (;;) {
        const page = await this.#read({ after });
        if (generation !== this.#generation) return;
        missed = [...missed, ...page.items];
        this.#newest = Math.max(this.#newest, page.newest);
        const last = page.items.at(-1);
        if (page.nextCursor === null || last === undefined) break;
        after = last.seq;
        if (missed.length > MAX_CATCH_UP) {
          await this.#load();
          return;
        }
      }
      const top = await this.#read({});
      if (generation === this.#generation) this.#take([...missed, ...top.items]);
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
    this.#take(events.filter((row) => this.#wanted(row)));
    this.#patch(replies);
    this.#detail.changed(
      events.map(({ id }) => id),
      replies,
    );
  }

  /** A filter by outcome or text is the server's to judge; for what arrives, the next reading does. */
  #wanted(row: FeedRow): boolean {
    if (this.#rows.some(({ id }) => id === row.id)) return true;
    const { kind, outcome, search } = this.#filter();
    if (kind !== "" && row.kind !== kind) return false;
    if (search !== "") {
      const wanted = search.toLowerCase();
      if (![row.text, row.username, row.id, row.personId].some((text) => text?.toLowerCase().includes(wanted)))
        return false;
    }
    switch (outcome) {
      case "answered":
        return row.decisions.some(({ fired }) => fired);
      case "not_answered":
        return !row.decisions.some(({ fired }) => fired);
      case "failed":
        return row.replies.some(({ state }) => FAILED.has(state));
      case "duplicated":
        return row.duplicates > 0;
      case "test":
        return row.test;
      default:
        return true;
    }
  }

  /** Puts rows where they belong: those that are known are replaced, new ones come to the top or wait. */
  #take(incoming: readonly FeedRow[]): void {
    if (incoming.length === 0) return;
    const newer = new Map(incoming.map((row) => [row.id, row]));
    const known = new Set(this.#rows.map(({ id }) => id));
    const lowest = this.#complete ? 0 : (this.#rows.at(-1)?.seq ?? 0);
    const fresh = [...newer.values()].filter(({ id, seq }) => !known.has(id) && seq > lowest);
    this.#newest = Math.max(this.#newest, ...incoming.map(({ seq }) => seq));
    if (incoming.some(({ id }) => known.has(id))) this.#rows = this.#rows.map((row) => newer.get(row.id) ?? row);
    if (this.#paused) {
      const held = new Map([...this.#held, ...fresh].map((row) => [row.id, row]));
      this.#held = [...held.values()].slice(-MAX_ROWS);
      this.#showWaiting();
      this.#show(0);
      return;
    }
    this.#add(fresh);
  }

  #add(fresh: readonly FeedRow[]): void {
    this.#rows = [...fresh, ...this.#rows].sort((a, b) => b.seq - a.seq);
    if (this.#rows.length > MAX_ROWS) {
      this.#rows.length = MAX_ROWS;
      this.#cursor = null;
      this.#complete = false;
    }
    this.#show(fresh.length);
    if (fresh.length > 0) this.#speak(fresh);
  }

  #patch(replies: readonly ReplyItem[]): void {
    if (replies.length === 0) return;
    const byEvent = Map.groupBy(replies, ({ eventId }) => eventId ?? "");
    let changed = false;
    this.#rows = this.#rows.map((row) => {
      const own = byEvent.get(row.id);
      if (own === undefined) return row;
      changed = true;
      const states = new Map(row.replies.map((reply) => [reply.id, reply]));
      for (const { id, kind, state, reason } of own) states.set(id, { id, kind, state, reason });
      return { ...row, replies: [...states.values()] };
    });
    if (changed) this.#show(0);
  }

  #show(added: number): void {
    if (this.#rows.length === 0) {
      fill(this.#host, this.#nothing());
      return;
    }
    this.#host.removeAttribute("aria-busy");
    this.#list.set(this.#rows, added, this.#complete ? this.#rows.length : null);
  }

  #nothing(): HTMLElement {
    const { kind, outcome, search } = this.#filter();
    if (kind === "" && outcome === "" && search === "") {
      return empty(
        "Nothing has arrived yet",
        "The first event appears here by itself. If you expect one, the doctor says what is missing.",
        h("a", { class: "button", href: "/console/doctor" }, "Ask the doctor"),
      );
    }
    const more = this.#complete ? [] : [button("Look further back", () => this.#further())];
    return empty(
      "No event fits these filters",
      this.#complete ? "None of those that are kept does." : "None of the newest 10,000 does.",
      more,
      button("Show all", () => {
        this.#form.reset();
        return this.#load();
      }),
    );
  }

  async #further(): Promise<void> {
    if (this.#cursor === null) return;
    const page = await this.#read({ cursor: this.#cursor });
    this.#rows = page.items;
    this.#cursor = page.nextCursor;
    this.#complete = page.nextCursor === null;
    this.#show(0);
  }

  #row(row: FeedRow): HTMLElement {
    const outcome = outcomeOf(row);
    return h(
      "article",
      {
        class: `row${row.id === this.#chosen ? " chosen" : ""}`,
        // One stop for Tab, the list itself; the arrow keys go from row to row.
        tabindex: -1,
        "data-id": row.id,
        "aria-label": `${EVENT_WORDS[row.kind]} from ${row.username ?? row.personId ?? "nobody"}: ${row.text ?? ""}. ${outcome.words}`,
        on: { click: () => this.#open(row.id) },
      },
      h("span", { class: `kind ${row.kind}` }, EVENT_WORDS[row.kind]),
      h(
        "span",
        { class: "from", title: row.personId ?? "" },
        row.username === null ? (row.personId ?? "—") : `@${row.username}`,
      ),
      h("span", { class: "text" }, row.test && h("b", { class: "tag" }, "TEST"), row.text ?? h("em", {}, row.field)),
      row.duplicates > 0
        ? h(
            "span",
            { class: "twice", title: `${plural(row.duplicates, "duplicate")} of it arrived` },
            `+${row.duplicates}`,
          )
        : h("span", { class: "twice" }),
      h("span", { class: `outcome ${outcome.tone}` }, h("i", { class: `dot ${outcome.tone}` }), outcome.words),
      agoElement(row.receivedAt),
    );
  }

  #open(id: string): void {
    this.#mark(id);
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
    void this.#detail.open(id);
  }

  #mark(id: string | null): void {
    const before = this.#chosen;
    this.#chosen = id;
    for (const element of this.#host.querySelectorAll<HTMLElement>(".row")) {
      if (element.dataset["id"] === before) element.classList.remove("chosen");
      if (element.dataset["id"] === id) element.classList.add("chosen");
    }
    if (id === null && before !== null) {
      history.replaceState(null, "", location.pathname);
      const index = this.#rows.findIndex((row) => row.id === before);
      if (index >= 0) this.#list.focus(index);
    }
  }

  #openFromHash(): void {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id !== "" && id !== "main") this.#open(id);
  }

  #key(event: KeyboardEvent): void {
    const focused = document.activeElement?.closest<HTMLElement>(".row");
    const index = this.#rows.findIndex(({ id }) => id === focused?.dataset["id"]);
    const moves: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      this.#list.focus(Math.min(Math.max(0, index + move), this.#rows.length - 1));
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      this.#list.focus(event.key === "Home" ? 0 : this.#rows.length - 1);
    } else if ((event.key === "Enter" || event.key === " ") && focused?.dataset["id"] !== undefined) {
      event.preventDefault();
      this.#open(focused.dataset["id"]);
    }
  }

  #setPaused(paused: boolean, control: HTMLButtonElement): void {
    this.#paused = paused;
    control.setAttribute("aria-pressed", String(paused));
    control.textContent = paused ? "Go on" : "Pause";
    if (!paused) this.#release();
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#showWaiting();
    this.#host.scrollTop = 0;
    this.#add(held);
  }

  #showWaiting(): void {
    this.#waiting.hidden = this.#held.length === 0;
    const control = this.#waiting.querySelector("button");
    if (control !== null) control.textContent = `Show ${plural(this.#held.length, "new event")}`;
  }

  #sayAt = 0;

  /** A busy feed would never stop talking: at most a sentence every few seconds. */
  #speak(fresh: readonly FeedRow[]): void {
    if (Date.now() < this.#sayAt) return;
    this.#sayAt = Date.now() + 5_000;
    const [row] = fresh;
    if (row === undefined) return;
    this.#spoken.textContent =
      fresh.length === 1
        ? `${EVENT_WORDS[row.kind]} from ${row.username ?? "somebody"}: ${row.text ?? ""}`
        : `${plural(fresh.length, "new event")}.`;
  }
}

const FAILED: ReadonlySet<ReplyState> = new Set(["refused", "uncertain", "expired"]);

/** The most that is to be said of an event, in a word or two. */
function outcomeOf(row: FeedRow): { words: string; tone: string } {
  const states = row.replies.map(({ state }) => state);
  for (const state of ["uncertain", "refused", "expired", "sending", "pending", "sent", "cancelled"] as const) {
    const times = states.filter((one) => one === state).length;
    if (times > 0) return { words: times > 1 ? `${STATE_WORDS[state]} ×${times}` : STATE_WORDS[state], tone: state };
  }
  if (row.blocked !== null) return { words: row.blocked.replaceAll("_", " "), tone: "none" };
  const reasons = row.decisions.flatMap((decision) => (decision.fired ? [] : [decision.reason]));
  const reason = reasons.find((one) => one !== "other_trigger" && one !== "disabled") ?? reasons[0];
  if (reason !== undefined) return { words: reason in MISS_WORDS ? reason.replaceAll("_", " ") : reason, tone: "none" };
  return { words: row.decisions.length === 0 ? "captured" : "answered", tone: "none" };
}
