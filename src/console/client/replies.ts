/** The ledger by state, kept true by the live feed. */
import { REPLY_STATES, type ReplyState } from "../../core/reply/reply.ts";
import { count } from "../format.ts";
import { factsChanged, onFacts } from "./account-facts.ts";
import { accountApi, get, type Page, query } from "./api.ts";
import { button, empty, failure, fill, h, part } from "./dom.ts";
import { Live } from "./live.ts";
import type { LiveMessage, ReplyItem } from "./model.ts";
import { automationNames } from "./names.ts";
import { learnReasons } from "./reasons.ts";
import { replyCard } from "./reply-card.ts";
import { startTabs } from "./tabs.ts";

const PAGE = 40;
/** Cards in the page; beyond that they are turned page by page, so that it stays light. */
const MAX_CARDS = 400;

const NOTHING: Readonly<Record<ReplyState, readonly [title: string, text: string]>> = {
  pending: ["Nothing waits", "What an automation schedules appears here and counts down."],
  sending: ["Nothing is on its way", "A reply stays here for a second or two."],
  sent: ["Nothing has been sent yet", "The first reply that leaves appears here by itself."],
  refused: ["Meta has refused nothing", ""],
  uncertain: ["Nothing is in doubt", ""],
  cancelled: ["Nothing was cancelled", ""],
  expired: ["No window has closed on a reply", ""],
};

export function startReplies(): void {
  new Replies().start();
}

class Replies {
  readonly #host = part("replies");
  readonly #tabs = part("tabs");
  #state: ReplyState = "pending";
  #items: ReplyItem[] = [];
  #cursor: string | null = null;
  #nameOf: (id: string) => string = (id) => id;
  #generation = 0;

  start(): void {
    const wanted = location.hash.slice(1);
    this.#state = REPLY_STATES.find((state) => state === wanted) ?? "pending";
    startTabs(this.#tabs, `#tab-${this.#state}`, (tab) => {
      this.#state = (tab.dataset["state"] ?? "pending") as ReplyState;
      history.replaceState(null, "", `#${this.#state}`);
      void this.#load();
    });
    onFacts(({ replies }) => {
      for (const state of REPLY_STATES) this.#setCount(state, replies[state]);
    });
    new Live<LiveMessage>({
      message: (message) => this.#changes(message),
      connected: () => {
        factsChanged();
        void this.#load(true);
      },
    }).start();
  }

  async #load(quiet = false): Promise<void> {
    const generation = ++this.#generation;
    if (!quiet) this.#host.setAttribute("aria-busy", "true");
    try {
      const [page, nameOf] = await Promise.all([this.#read(null), automationNames()]);
      await learnReasons(page.items.map(({ reason }) => reason));
      if (generation !== this.#generation) return;
      this.#nameOf = nameOf;
      this.#items = page.items;
      this.#cursor = page.nextCursor;
      this.#draw();
    } catch (error) {
      if (generation === this.#generation)
        fill(
          this.#host,
          failure(error, () => this.#load()),
        );
    }
  }

  #read(cursor: string | null): Promise<Page<ReplyItem>> {
    return get(accountApi(`/replies${query({ state: this.#state, limit: PAGE, cursor })}`));
  }

  async #more(): Promise<void> {
    const generation = this.#generation;
    const page = await this.#read(this.#cursor);
    await learnReasons(page.items.map(({ reason }) => reason));
    if (generation !== this.#generation) return;
    this.#items = [...this.#items, ...page.items].slice(-MAX_CARDS);
    this.#cursor = page.nextCursor;
    this.#draw();
  }

  #changes({ replies, truncated }: LiveMessage): void {
    factsChanged();
    if (truncated) {
      void this.#load(true);
      return;
    }
    if (replies.length === 0) return;
    void learnReasons(replies.map(({ reason }) => reason)).then(() => this.#take(replies));
  }

  /** What has this tab's state belongs here; what has left it, leaves. */
  #take(replies: readonly ReplyItem[]): void {
    const changed = new Map(replies.map((reply) => [reply.id, reply]));
    const known = new Set(this.#items.map(({ id }) => id));
    const fresh = replies.filter(({ id, state }) => !known.has(id) && state === this.#state);
    this.#items = [
      ...fresh.toReversed(),
      ...this.#items.map((reply) => changed.get(reply.id) ?? reply).filter(({ state }) => state === this.#state),
    ].slice(0, MAX_CARDS);
    this.#draw();
  }

  readonly #cards = new Map<string, { reply: ReplyItem; element: HTMLElement }>();

  #draw(): void {
    const tab = this.#tabs.querySelector<HTMLElement>(`#tab-${this.#state}`);
    const meaning = h("p", { class: "muted lead" }, tab?.dataset["meaning"] ?? "");
    if (this.#items.length === 0) {
      fill(this.#host, meaning, empty(...NOTHING[this.#state]));
      return;
    }
    // A card that has not changed keeps its element: a button under the mouse stays where it is.
    const cards = this.#items.map((reply) => {
      const known = this.#cards.get(reply.id);
      if (known?.reply === reply) return known.element;
      const element = replyCard(reply, this.#nameOf, () => void this.#load(true));
      this.#cards.set(reply.id, { reply, element });
      return element;
    });
    const shown = new Set(this.#items.map(({ id }) => id));
    for (const id of this.#cards.keys()) if (!shown.has(id)) this.#cards.delete(id);
    fill(
      this.#host,
      meaning,
      h("div", { class: "cards" }, cards),
      this.#cursor !== null && button("Older ones", () => this.#more()),
    );
  }

  #setCount(state: ReplyState, value: number): void {
    const element = this.#tabs.querySelector(`#tab-${state} .count`);
    if (element !== null) element.textContent = count(value);
  }
}
