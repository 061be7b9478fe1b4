/** How an event came: its identity, its delivery, its proof. And who wrote it, and what. */
import { conversationPath } from "../paths.ts";
import { accountId } from "./api.ts";
import { FOUND_SENTENCE } from "../labels.ts";
import { agoElement, stampElement } from "./clock.ts";
import { type Child, h } from "./dom.ts";
import type { EventItem } from "../../api/event.ts";
import type { FeedRow } from "../../api/feed.ts";

/** @param row of the feed, where it has one: it stands in for an event that does not say who it is from */
export function saidBy(event: EventItem, row: FeedRow | undefined): Child {
  const { personId = null, username = null, text = null } = event.personId === undefined ? (row ?? {}) : event;
  if (personId === null && text === null) return null;
  const name = username === null ? (personId ?? "unknown person") : `@${username}`;
  return h(
    "section",
    { "data-key": "said" },
    h(
      "div",
      { class: "detail-who" },
      h(
        "span",
        { class: "from" },
        personId === null ? name : h("a", { href: conversationPath(accountId(), personId) }, name),
      ),
      h("span", { class: "muted" }, agoElement(event.receivedAt)),
    ),
    text !== null && h("p", { class: "message-text" }, text),
  );
}

export function howItCame(event: EventItem): HTMLElement {
  const lagMs = event.receivedAt - event.occurredAt;
  const lag =
    lagMs < 0
      ? "before the time that Meta states"
      : lagMs < 10_000
        ? `${(lagMs / 1_000).toFixed(1)} s later`
        : `${Math.round(lagMs / 1_000)} s later`;
  const rows: [string, Child][] = [
    ["Event id", h("code", {}, event.id)],
    ["Happened", stampElement(event.occurredAt)],
    ["Received", [stampElement(event.receivedAt), `, ${lag}`]],
    ...deliveryOf(event),
    ["Field", `${event.object} · ${event.field}`],
    ["Duplicates", event.duplicates === 0 ? "none" : `${event.duplicates}, dropped`],
  ];
  return h(
    "dl",
    { class: "detail-facts" },
    rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
}

/** What was found has no delivery and no signature. */
function deliveryOf({ found, deliveryId, proof }: EventItem): [string, Child][] {
  if (found) return [["Delivery", FOUND_SENTENCE]];
  const form = proof.form === "raw" ? ", signature over the body as received" : ", signature over the escaped body";
  return [
    ["Delivery id", h("code", {}, deliveryId)],
    ["Signed with", [h("b", {}, proof.secret), form]],
  ];
}
