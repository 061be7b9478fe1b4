/** One event in full: what it is, how it was delivered, the decisions, the replies, and the original data. */
import { BLOCK_LABELS, EVENT_LABELS, MISS_LABELS } from "../labels.ts";
import { onFacts, waiting } from "./account-watch.ts";
import { accountApi, api, get } from "./api.ts";
import { button, type Child, failure, fill, h } from "./dom.ts";
import { howItCame, saidBy } from "./event-facts.ts";
import type { EventItem } from "../../api/event.ts";
import type { FeedRow } from "../../api/feed.ts";
import type { ReplyItem } from "../../api/reply.ts";
import { automationNames } from "./automation-names.ts";
import { update } from "./patch.ts";
import { prettyJson } from "./raw-json.ts";
import { foundTag } from "./feed-row.ts";
import { learnReasons } from "./reasons.ts";
import { replyCard } from "./reply-card.ts";
import { toast } from "./toast.ts";

export class EventDetail {
  readonly #host: HTMLElement;
  readonly #closed: () => void;
  readonly #rowOf: (eventId: string) => FeedRow | undefined;
  #eventId: string | null = null;
  #raw: "pretty" | "received" = "pretty";
  #why: string | null = null;

  /** @param rowOf the event's row, where the feed has it: who, and what they wrote */
  constructor(host: HTMLElement, closed: () => void, rowOf: (eventId: string) => FeedRow | undefined) {
    this.#host = host;
    this.#closed = closed;
    this.#rowOf = rowOf;
    host.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.close();
    });
    // Its replies say what they wait for, and when they leave once they no longer wait.
    onFacts(() => {
      if (this.#why !== waiting()) void this.#show(true);
    });
  }

  async open(eventId: string): Promise<void> {
    const again = this.#eventId === eventId;
    this.#eventId = eventId;
    this.#host.hidden = false;
    if (!again) fill(this.#host, h("div", { class: "skeleton" }, h("i"), h("i"), h("i")));
    await this.#show(again);
  }

  close(): void {
    if (this.#eventId === null) return;
    this.#eventId = null;
    this.#host.hidden = true;
    fill(this.#host);
    this.#closed();
  }

  /** Reads the event again when something of it has changed. */
  changed(eventIds: readonly string[], replies: readonly ReplyItem[]): void {
    const own = this.#eventId;
    if (own === null) return;
    if (eventIds.includes(own) || replies.some(({ eventId }) => eventId === own)) void this.#show(true);
  }

  async #show(again: boolean): Promise<void> {
    const eventId = this.#eventId;
    if (eventId === null) return;
    try {
      const encoded = encodeURIComponent(eventId);
      const [event, replies, nameOf] = await Promise.all([
        get<EventItem>(accountApi(`/events/${encoded}`)),
        get<{ items: ReplyItem[] }>(accountApi(`/replies?eventId=${encoded}`)),
        automationNames(),
      ]);
      await learnReasons(replies.items.map(({ reason }) => reason));
      if (this.#eventId !== eventId) return;
      this.#why = waiting();
      update(this.#host, this.#content(event, replies.items, nameOf));
      if (!again) this.#host.focus({ preventScroll: true });
    } catch (error) {
      // What is there stays: the live indicator shows that the page is disconnected.
      if (this.#eventId === eventId && !again)
        fill(
          this.#host,
          this.#closeButton(),
          failure(error, () => this.#show(false)),
        );
    }
  }

  #content(event: EventItem, replies: readonly ReplyItem[], nameOf: (id: string) => string): Child[] {
    return [
      h(
        "header",
        { class: "detail-head", "data-key": "head" },
        h(
          "h2",
          {},
          EVENT_LABELS[event.kind],
          event.test && h("b", { class: "tag" }, "TEST"),
          event.found && foundTag(),
        ),
        this.#closeButton(),
      ),
      saidBy(event, this.#rowOf(event.id)),
      this.#decided(event, nameOf),
      replies.length > 0 &&
        h(
          "section",
          { "data-key": "replies" },
          h("h3", {}, replies.length === 1 ? "Reply" : "Replies"),
          replies.map((reply) => replyCard(reply, nameOf, () => this.#show(true))),
        ),
      h("section", { "data-key": "came" }, h("h3", {}, "Delivery"), howItCame(event)),
      this.#rawSection(event),
      h(
        "div",
        { class: "detail-end", "data-key": "end" },
        button("Replay event", () => this.#replay(event.id), {
          title: "Evaluates the event again with the current automations. It does not repeat replies that exist.",
        }),
      ),
    ];
  }

  #closeButton(): HTMLElement {
    return button("✕", () => this.close(), { class: "icon", "aria-label": "Close" });
  }

  #decided(event: EventItem, nameOf: (id: string) => string): HTMLElement {
    const rows = event.decisions.map((decision) =>
      h(
        "li",
        { class: decision.fired ? "triggered" : "not-triggered" },
        h("b", {}, nameOf(decision.automationId)),
        " ",
        decision.fired ? "was triggered" : (MISS_LABELS[decision.reason] ?? decision.reason),
      ),
    );
    const why =
      event.blocked === null
        ? rows.length === 0
          ? h(
              "p",
              { class: "muted" },
              "No automation was evaluated: the account has none, or events of this kind are only recorded.",
            )
          : null
        : h("p", {}, BLOCK_LABELS[event.blocked] ?? `Not evaluated: ${event.blocked.replaceAll("_", " ")}.`);
    return h(
      "section",
      { "data-key": "decided" },
      h("h3", {}, "Automations"),
      why,
      rows.length > 0 && h("ul", { class: "decisions" }, rows),
    );
  }

  #rawSection(event: EventItem): HTMLElement {
    const shown = h("pre", { class: "raw", tabindex: 0, "aria-label": "Original event from Meta" });
    const draw = (): void => {
      shown.textContent = this.#raw === "pretty" ? prettyJson(event.raw) : event.raw;
      for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset["raw"] === this.#raw));
    };
    const choose = (raw: "pretty" | "received", name: string): HTMLButtonElement =>
      button(
        name,
        () => {
          this.#raw = raw;
          draw();
        },
        { class: "small", "data-raw": raw },
      );
    const tabs = [choose("pretty", "Formatted"), choose("received", "As received")];
    draw();
    const copy = button(
      "Copy",
      async () => {
        await navigator.clipboard.writeText(shown.textContent ?? "");
        toast("Copied.");
      },
      { class: "small quiet" },
    );
    return h(
      "section",
      { "data-key": "raw" },
      h("div", { class: "raw-head" }, h("h3", {}, "Original data from Meta"), h("span", { class: "pair" }, tabs), copy),
      shown,
    );
  }

  async #replay(eventId: string): Promise<void> {
    await api("POST", accountApi(`/events/${encodeURIComponent(eventId)}/replay`));
    toast("Event replayed with the current automations.");
    await this.#show(true);
  }
}
