/** The replies by state, kept up to date by the live feed. */
import { REPLY_STATES, type ReplyState } from "../../core/reply/reply.ts";
import { count, plural } from "../format.ts";
import { factsChanged, onFacts, waiting } from "./account-watch.ts";
import { accountApi, get, type Page, query } from "./api.ts";
import { button, empty, failure, fill, h, part } from "./dom.ts";
import { UserActivity } from "./user-activity.ts";
import { Live } from "./live.ts";
import type { LiveMessage } from "../../api/feed.ts";
import type { ReplyItem } from "../../api/reply.ts";
import { automationNames } from "./automation-names.ts";
import { update } from "./patch.ts";
import { learnReasons } from "./reasons.ts";
import { replyCard } from "./reply-card.ts";
import { ReplyRows } from "./reply-rows.ts";
import { startTabs } from "./tabs.ts";

const PAGE = 40;
/** The most that the API gives at once. */
const MAX_PAGE = 200;

const NOTHING: Readonly<Record<ReplyState, readonly [title: string, text: string]>> = {
  pending: ["No pending replies", "A scheduled reply appears here with a countdown."],
  sending: ["No reply is being sent", "A reply stays here for a second or two."],
  sent: ["No replies sent yet", "The first reply appears here automatically."],
  refused: ["No refused replies", ""],
  uncertain: ["No uncertain replies", ""],
  cancelled: ["No cancelled replies", ""],
  expired: ["No expired replies", ""],
};

export function startReplies(): void {
  new Replies().start();
}

class Replies {
  readonly #host = part("replies");
  readonly #tabs = part("tabs");
  readonly #lead = h("p", { class: "muted lead" });
  readonly #waiting = h("button", { type: "button", class: "primary small", on: { click: () => this.#release() } });
  readonly #head = h("div", { class: "replies-head", "data-key": "head" }, this.#lead, this.#waiting);
  readonly #cards = h("div", { class: "cards", "data-key": "cards" });
  readonly #activity = new UserActivity(this.#cards, () => this.#settle());
  readonly #drawn = new Map<string, { reply: ReplyItem | null; element: HTMLElement }>();
  #state: ReplyState = "pending";
  /** Null: they are being read, or could not be. */
  #rows: ReplyRows | null = null;
  #cursor: string | null = null;
  /** What they wait for, as the cards say it. */
  #why: string | null = null;
  #nameOf: (id: string) => string = (id) => id;
  #generation = 0;
  /** Changes that arrive while the list is being read: newer than what it returns. */
  readonly #listeners = new Set<ReplyItem[]>();

  start(): void {
    const wanted = location.hash.slice(1);
    this.#state = REPLY_STATES.find((state) => state === wanted) ?? "pending";
    startTabs(this.#tabs, `#tab-${this.#state}`, (tab) => {
      this.#state = (tab.dataset["state"] ?? "pending") as ReplyState;
      history.replaceState(null, "", `#${this.#state}`);
      void this.#open();
    });
    onFacts(({ replies }) => {
      for (const state of REPLY_STATES) this.#setCount(state, replies[state]);
      if (this.#why === waiting()) return;
      // At once in words; when each of them leaves is read.
      this.#draw();
      void this.#catchUp();
    });
    new Live<LiveMessage>({
      message: (message) => this.#changes(message),
      connected: () => {
        factsChanged();
        void this.#catchUp();
      },
    }).start();
  }

  /** The tab from its beginning. */
  async #open(): Promise<void> {
    const generation = ++this.#generation;
    this.#rows = null;
    this.#host.setAttribute("aria-busy", "true");
    try {
      const { page, told } = await this.#listen(() => this.#read(PAGE, null));
      if (generation !== this.#generation) return;
      this.#rows = new ReplyRows(this.#state);
      this.#rows.append(page.items, page.nextCursor !== null);
      this.#rows.take(told, false);
      this.#cursor = page.nextCursor;
      this.#draw();
    } catch (error) {
      if (generation !== this.#generation) return;
      fill(
        this.#host,
        failure(error, () => this.#open()),
      );
    }
  }

  /** Reads again what is listed. */
  async #catchUp(): Promise<void> {
    if (this.#rows === null) {
      await this.#open();
      return;
    }
    const generation = this.#generation;
    try {
      const limit = Math.min(Math.max(PAGE, this.#rows.shown.length), MAX_PAGE);
      const { page, told } = await this.#listen(() => this.#read(limit, null));
      if (generation !== this.#generation) return;
      this.#rows.read(page.items, page.nextCursor === null, this.#activity.is());
      this.#rows.take(told, this.#activity.is());
      this.#cursor = page.nextCursor;
      this.#draw();
    } catch {
      // What is there stays; the next connection tries again.
    }
  }

  async #listen(read: () => Promise<Page<ReplyItem>>): Promise<{ page: Page<ReplyItem>; told: ReplyItem[] }> {
    const told: ReplyItem[] = [];
    this.#listeners.add(told);
    try {
      return { page: await read(), told };
    } finally {
      this.#listeners.delete(told);
    }
  }

  async #read(limit: number, cursor: string | null): Promise<Page<ReplyItem>> {
    const [page, nameOf] = await Promise.all([
      get<Page<ReplyItem>>(accountApi(`/replies${query({ state: this.#state, order: this.#order, limit, cursor })}`)),
      automationNames(),
    ]);
    await learnReasons(page.items.map(({ reason }) => reason));
    this.#nameOf = nameOf;
    return page;
  }

  /** Pending replies are sorted by due time: to stop one, look for what is sent next. */
  get #order(): "due" | null {
    return this.#state === "pending" ? "due" : null;
  }

  async #more(): Promise<void> {
    const generation = this.#generation;
    const page = await this.#read(PAGE, this.#cursor);
    if (generation !== this.#generation) return;
    this.#rows?.append(page.items, page.nextCursor !== null);
    this.#cursor = page.nextCursor;
    this.#draw();
  }

  #changes({ replies, truncated }: LiveMessage): void {
    factsChanged();
    if (truncated) void this.#catchUp();
    else if (replies.length > 0) void this.#take(replies);
  }

  async #take(replies: readonly ReplyItem[]): Promise<void> {
    for (const told of this.#listeners) told.push(...replies);
    await learnReasons(replies.map(({ reason }) => reason));
    this.#rows?.take(replies, this.#activity.is());
    this.#draw();
  }

  #settle(): void {
    this.#rows?.settle();
    this.#draw();
  }

  /** The keyboard goes on at the first of those that have waited. */
  #release(): void {
    const first = this.#rows?.held[0]?.id ?? "";
    this.#settle();
    const card = this.#drawn.get(first)?.element;
    card?.scrollIntoView({ block: "center" });
    card?.focus({ preventScroll: true });
  }

  #draw(): void {
    if (this.#rows === null) return;
    const { shown, held, state } = this.#rows;
    if (this.#why !== waiting()) for (const drawn of this.#drawn.values()) drawn.reply = null;
    this.#why = waiting();
    this.#lead.textContent = this.#tabs.querySelector<HTMLElement>(`#tab-${state}`)?.dataset["meaning"] ?? "";
    // Its room is kept: nothing moves when it comes.
    this.#waiting.classList.toggle("unseen", held.length === 0);
    this.#waiting.textContent = `Show ${plural(held.length, "new reply", "new replies")}`;
    update(this.#cards, this.#elements(shown));
    update(
      this.#host,
      this.#head,
      shown.length === 0 && empty(...NOTHING[state]),
      this.#cards,
      this.#cursor !== null && button(this.#order === "due" ? "Load more" : "Load older replies", () => this.#more()),
    );
  }

  /** A card whose reply has not changed is not even drawn again. */
  #elements(replies: readonly ReplyItem[]): HTMLElement[] {
    const shown = new Set(replies.map(({ id }) => id));
    for (const id of this.#drawn.keys()) if (!shown.has(id)) this.#drawn.delete(id);
    return replies.map((reply) => {
      const known = this.#drawn.get(reply.id);
      if (known?.reply === reply) return known.element;
      const element = replyCard(reply, this.#nameOf, (answer) =>
        answer === null ? this.#catchUp() : this.#take([answer]),
      );
      // What is in the page already is brought in line with this one, and stays.
      this.#drawn.set(reply.id, { reply, element: known?.element ?? element });
      return element;
    });
  }

  #setCount(state: ReplyState, value: number): void {
    const element = this.#tabs.querySelector(`#tab-${state} .count`);
    if (element !== null) element.textContent = count(value);
  }
}
