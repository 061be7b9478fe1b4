/** What a draft would have done with the recorded events. */
import type { Automation } from "../../core/automation/automation.ts";
import { plural } from "../format.ts";
import { EVENT_LABELS, MISS_LABELS } from "../labels.ts";
import { accountApi, api } from "./api.ts";
import { agoElement } from "./clock.ts";
import { button, type Child, fill, h } from "./dom.ts";
import type { Backtest } from "../../api/automation.ts";

const EVENTS = 1_000;
const ROWS = 60;

export class BacktestPanel {
  readonly element: HTMLElement;
  readonly #draft: () => Automation;
  readonly #result = h("div", { class: "backtest", "aria-live": "polite" });

  constructor(draft: () => Automation) {
    this.#draft = draft;
    this.element = h(
      "section",
      { class: "card", "aria-label": "Backtest" },
      h(
        "div",
        { class: "head" },
        h("h3", {}, "Backtest"),
        button("Test with recorded events", () => this.#run(), { class: "small", "data-act": "backtest" }),
      ),
      this.#result,
    );
  }

  /** The draft has changed: what is shown is of another one. */
  stale(): void {
    this.#result.classList.add("stale");
  }

  async #run(): Promise<void> {
    const { id, name, ...draft } = this.#draft();
    try {
      const body = { ...draft, id: id || "draft", name: name || "Draft" };
      const result = await api<Backtest>("POST", accountApi(`/automations/backtest?limit=${EVENTS}`), body);
      this.#result.classList.remove("stale");
      fill(this.#result, content(result));
    } catch (error) {
      fill(
        this.#result,
        h(
          "p",
          { class: "field-problem", role: "alert" },
          error instanceof Error ? error.message : "Something went wrong.",
        ),
      );
    }
  }
}

function content({ events, fired, missed, rows }: Backtest): Child {
  if (events === 0) return h("p", { class: "muted" }, "No events recorded yet.");
  const misses = Object.entries(missed)
    .filter(([reason]) => reason !== "other_trigger")
    .sort(([, a], [, b]) => b - a);
  const shown = rows.toSorted((a, b) => Number(b.decision.fired) - Number(a.decision.fired)).slice(0, ROWS);
  return [
    h(
      "p",
      {},
      h("b", {}, `It would have been triggered ${plural(fired, "time")}`),
      ` by the newest ${plural(events, "event")}.`,
    ),
    misses.length > 0 &&
      h(
        "ul",
        { class: "misses" },
        misses.map(([reason, times]) =>
          h("li", {}, h("b", {}, String(times)), ` × it ${MISS_LABELS[reason as keyof typeof MISS_LABELS] ?? reason}`),
        ),
      ),
    h(
      "ul",
      { class: "backtest-rows" },
      shown.map((row) =>
        h(
          "li",
          { class: row.decision.fired ? "triggered" : "not-triggered" },
          h("span", { class: "muted" }, EVENT_LABELS[row.kind], ", ", agoElement(row.occurredAt)),
          h("span", {}, row.text ?? "—"),
          row.decision.fired
            ? h("span", { class: "bubble" }, row.preview ?? "")
            : h("span", { class: "muted" }, MISS_LABELS[row.decision.reason]),
        ),
      ),
    ),
  ];
}
