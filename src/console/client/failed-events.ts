/** Quarantine and dead letters: what, why, the bytes, and what a person may do about it. */
import { accountPath } from "../paths.ts";
import { EVENT_LABELS } from "../labels.ts";
import { api, get, type Page, query } from "./api.ts";
import { agoElement } from "./clock.ts";
import { ask } from "./dialog.ts";
import { button, type Child, empty, failure, fill, h, part } from "./dom.ts";
import type { DeadLetter, Quarantined } from "./model.ts";
import { prettyJson } from "./raw-json.ts";
import { startTabs } from "./tabs.ts";
import { toast, toastError } from "./toast.ts";

const PAGE = 25;

type FailedEvent = { list: "quarantine"; item: Quarantined } | { list: "dead-letters"; item: DeadLetter };

const WHY: Readonly<Record<string, string>> = {
  not_json: "The body is no JSON.",
  not_utf8: "The bytes are no UTF-8.",
  not_an_object: "It is JSON, but not built as Meta's deliveries are.",
  account_id: "Its account id cannot be one.",
  too_deep: "It is nested deeper than anything Meta sends.",
  unreadable: "Nothing in it says which account it is for.",
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
        ? empty(list === "quarantine" ? "Everything could be read" : "Everything was delivered", "")
        : h(
            "div",
            { class: "cards" },
            items.map((event) => card(event, () => load(null))),
          ),
      cursor !== null && button("Older ones", () => load(cursor)),
    );
  };
  const load = async (from: string | null): Promise<void> => {
    const own = ++generation;
    try {
      const page = await get<Page<FailedEvent["item"]>>(`/${list}${query({ limit: PAGE, cursor: from })}`);
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
  const path = `/${list}/${encodeURIComponent(item.id)}`;
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
      title: "Throw it away?",
      text: "It is removed for good; nobody can bring it back.",
      action: "Throw away",
      danger: true,
    });
    if (sure === null) return;
    try {
      await api("DELETE", path);
      toast("Thrown away.");
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
    h("details", {}, h("summary", {}, "What Meta wrote"), raw(event)),
    h(
      "footer",
      {},
      button(item.replayedAt === null ? "Replay" : "Replay again", replay, { class: "small primary" }),
      button("Throw away", discard, { class: "small quiet danger" }),
    ),
  );
}

function title(event: FailedEvent): string {
  if (event.list === "quarantine") return WHY[event.item.reason] ?? event.item.reason.replaceAll("_", " ");
  const { kind, attempts } = event.item;
  return `${EVENT_LABELS[kind as keyof typeof EVENT_LABELS] ?? kind} not delivered after ${attempts} tries`;
}

function facts(event: FailedEvent): HTMLElement {
  const rows: [string, Child][] = [
    [
      "Account",
      event.item.accountId === null
        ? "not named in it"
        : h("a", { href: accountPath(event.item.accountId) }, event.item.accountId),
    ],
  ];
  if (event.list === "quarantine") rows.push(["Delivery", h("code", {}, event.item.deliveryId)]);
  else rows.push(["Identity", h("code", {}, event.item.eventId)]);
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
    "All of it",
    async () => {
      const item = await get<Quarantined>(`/quarantine/${encodeURIComponent(id)}`);
      shown.textContent = item.body;
      all.remove();
    },
    { class: "small" },
  );
  return h(
    "div",
    {},
    encoding === "base64" && h("p", { class: "muted" }, "The bytes are no UTF-8; this is their base64."),
    shown,
    text.length >= 2_000 && all,
  );
}

function quarantineMessage({ events, stillUnreadable }: { events: number; stillUnreadable: number }): string {
  if (events === 0) return "It still cannot be read.";
  return stillUnreadable === 0
    ? `Read: ${events} handed to their accounts.`
    : `${events} handed to their accounts, ${stillUnreadable} still unreadable.`;
}

function deadLetterMessage({ result }: { result: "new" | "duplicate" }): string {
  return result === "new" ? "Delivered to its account." : "Its account had it already.";
}
