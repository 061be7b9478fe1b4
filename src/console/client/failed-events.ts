/** Quarantine and dead letters: the event, the reason, the original data, and the possible actions. */
import { apiPath } from "../../api/paths.ts";
import { accountPath } from "../paths.ts";
import { plural } from "../format.ts";
import { EVENT_LABELS } from "../labels.ts";
import { api, get, type Page, query } from "./api.ts";
import { agoElement } from "./clock.ts";
import { ask } from "./dialog.ts";
import { button, type Child, empty, failure, fill, h, part } from "./dom.ts";
import type { DeadLetter, QuarantineItem } from "../../api/failed-events.ts";
import { prettyJson } from "./raw-json.ts";
import { startTabs } from "./tabs.ts";
import { toast, toastError } from "./toast.ts";

const PAGE = 25;

type FailedEvent = { list: "quarantine"; item: QuarantineItem } | { list: "dead-letters"; item: DeadLetter };

const WHY: Readonly<Record<string, string>> = {
  not_json: "The body is not valid JSON.",
  not_utf8: "The body is not valid UTF-8.",
  not_an_object: "The body is JSON, but not in the format of a Meta delivery.",
  account_id: "The account id is not valid.",
  too_deep: "The JSON is nested too deeply.",
  too_many: "One delivery has too many updates. Replay reads the next ones.",
  unreadable: "The account cannot be determined.",
};

export function startFailedEvents(): void {
  const host = part("failed-events");
  let list: FailedEvent["list"] = "quarantine";
  let items: FailedEvent[] = [];
  let cursor: string | null = null;
  let generation = 0;

  const draw = (): void => {
    fill(
      host,
      items.length === 0
        ? empty(list === "quarantine" ? "No events in quarantine" : "No dead letters", "")
        : h(
            "div",
            { class: "cards" },
            items.map((event) => card(event, () => load(null))),
          ),
      cursor !== null && button("Load older events", () => load(cursor)),
    );
  };
  const load = async (from: string | null): Promise<void> => {
    const own = ++generation;
    try {
      const page = await get<Page<FailedEvent["item"]>>(`${apiPath(list)}${query({ limit: PAGE, cursor: from })}`);
      if (own !== generation) return;
      const read = page.items.map((item) => ({ list, item }) as FailedEvent);
      items = from === null ? read : [...items, ...read];
      cursor = page.nextCursor;
      draw();
    } catch (error) {
      if (own !== generation) return;
      // What is there stays; that there is no more for now is said by the button.
      if (from !== null) throw error;
      fill(
        host,
        failure(error, () => load(null)),
      );
    }
  };
  startTabs(
    part("tabs"),
    `[data-list="${location.hash.slice(1) === "dead-letters" ? "dead-letters" : "quarantine"}"]`,
    (tab) => {
      list = tab.dataset["list"] === "dead-letters" ? "dead-letters" : "quarantine";
      history.replaceState(null, "", `#${list}`);
      host.setAttribute("aria-busy", "true");
      void load(null);
    },
  );
}

function card(event: FailedEvent, changed: () => Promise<void>): HTMLElement {
  const { list, item } = event;
  const path = apiPath(list, item.id);
  const replay = async (): Promise<void> => {
    try {
      toast(
        list === "quarantine"
          ? quarantineMessage(await api("POST", `${path}/replay`))
          : deadLetterMessage(await api("POST", `${path}/replay`)),
      );
    } catch (error) {
      toastError(error);
    }
    await changed();
  };
  const discard = async (): Promise<void> => {
    const sure = await ask({
      title: "Delete this event?",
      text: "It is deleted permanently and cannot be restored.",
      action: "Delete",
      danger: true,
    });
    if (sure === null) return;
    try {
      await api("DELETE", path);
      toast("Deleted.");
    } catch (error) {
      toastError(error);
    }
    await changed();
  };
  return h(
    "article",
    { class: "card", "data-id": item.id, "aria-label": title(event) },
    h(
      "header",
      {},
      h("h2", {}, h("i", { class: item.replayedAt === null ? "dot warn" : "dot ok" }), title(event)),
      h(
        "span",
        { class: "when" },
        item.replayedAt !== null && ["replayed ", agoElement(item.replayedAt), " · "],
        agoElement(list === "quarantine" ? item.receivedAt : item.diedAt),
      ),
    ),
    facts(event),
    h("details", {}, h("summary", {}, "Original data from Meta"), raw(event)),
    h(
      "footer",
      {},
      button(item.replayedAt === null ? "Replay" : "Replay again", replay, { class: "small primary" }),
      button("Delete", discard, { class: "small quiet danger" }),
    ),
  );
}

function title(event: FailedEvent): string {
  if (event.list === "quarantine") return WHY[event.item.reason] ?? event.item.reason.replaceAll("_", " ");
  const { kind, attempts } = event.item;
  return `${EVENT_LABELS[kind as keyof typeof EVENT_LABELS] ?? kind} not delivered after ${attempts} attempts`;
}

function facts(event: FailedEvent): HTMLElement {
  const rows: [string, Child][] = [
    [
      "Account",
      event.item.accountId === null
        ? "unknown"
        : h("a", { href: accountPath(event.item.accountId) }, event.item.accountId),
    ],
  ];
  if (event.list === "quarantine") rows.push(["Delivery id", h("code", {}, event.item.deliveryId)]);
  else rows.push(["Event id", h("code", {}, event.item.eventId)]);
  return h(
    "dl",
    { class: "detail-facts" },
    rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
}

/** A list shows the beginning of a long body; opened, all of it is asked for. */
function raw(event: FailedEvent): HTMLElement {
  const text = event.list === "quarantine" ? event.item.body : event.item.raw;
  const shown = h("pre", { class: "raw", tabindex: 0 }, event.list === "quarantine" ? text : prettyJson(text));
  if (event.list === "dead-letters") return shown;
  const { id, encoding } = event.item;
  const all = button(
    "Load all of it",
    async () => {
      const item = await get<QuarantineItem>(apiPath("quarantine", id));
      shown.textContent = item.body;
      all.remove();
    },
    { class: "small" },
  );
  return h(
    "div",
    {},
    encoding === "base64" && h("p", { class: "muted" }, "Not valid UTF-8. Shown as base64."),
    shown,
    text.length >= 2_000 && all,
  );
}

function quarantineMessage({ events, stillUnreadable }: { events: number; stillUnreadable: number }): string {
  if (events === 0) return "The event still cannot be parsed.";
  return stillUnreadable === 0
    ? `${plural(events, "event")} delivered.`
    : `${plural(events, "event")} delivered, ${stillUnreadable} still not parsed.`;
}

function deadLetterMessage({ result }: { result: "new" | "duplicate" }): string {
  return result === "new" ? "Event delivered." : "The account already had this event.";
}
