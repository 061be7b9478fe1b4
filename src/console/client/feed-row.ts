/** One event in a line: what, who, the text, what became of it, and when. */
import { plural } from "../format.ts";
import { EVENT_LABELS, FOUND_SENTENCE, MISS_SHORT_LABELS, STATE_LABELS } from "../labels.ts";
import { agoElement } from "./clock.ts";
import { h } from "./dom.ts";
import type { FeedRow } from "../../api/feed.ts";

export function feedRow(row: FeedRow, chosen: boolean, open: () => void): HTMLElement {
  const outcome = outcomeOf(row);
  const twice = row.duplicates > 0;
  return h(
    "article",
    {
      class: chosen ? "row chosen" : "row",
      // One stop for Tab, the list itself; the arrow keys go from row to row.
      tabindex: -1,
      "data-id": row.id,
      "aria-label": `${inOneSentence(row)}. ${outcome.label}`,
      on: { click: open },
    },
    h("span", { class: `kind ${row.kind}` }, EVENT_LABELS[row.kind]),
    h(
      "span",
      { class: "from", title: row.personId ?? "" },
      row.username === null ? (row.personId ?? "—") : `@${row.username}`,
    ),
    h(
      "span",
      { class: "text" },
      row.test && h("b", { class: "tag" }, "TEST"),
      row.found && foundTag(),
      row.text ?? h("em", {}, row.field),
    ),
    h(
      "span",
      { class: "twice", title: twice ? `${plural(row.duplicates, "duplicate")} received` : null },
      twice && `+${row.duplicates}`,
    ),
    h("span", { class: `outcome ${outcome.tone}` }, h("i", { class: `dot ${outcome.tone}` }), outcome.label),
    agoElement(row.receivedAt),
  );
}

/** The label of an event that did not come by webhook. */
export const foundTag = (): HTMLElement => h("b", { class: "tag", title: FOUND_SENTENCE }, "found");

export const inOneSentence = (row: FeedRow): string =>
  `${EVENT_LABELS[row.kind]} from ${row.username ?? row.personId ?? "unknown person"}: ${row.text ?? ""}`;

/** The most that is to be said of an event, in a word or two: the state that asks most of a person comes first. */
export function outcomeOf(row: FeedRow): { label: string; tone: string } {
  const states = row.replies.map(({ state }) => state);
  for (const state of ["uncertain", "refused", "expired", "sending", "pending", "sent", "cancelled"] as const) {
    const times = states.filter((one) => one === state).length;
    if (times > 0) return { label: times > 1 ? `${STATE_LABELS[state]} ×${times}` : STATE_LABELS[state], tone: state };
  }
  if (row.blocked !== null) return { label: row.blocked.replaceAll("_", " "), tone: "none" };
  const reasons = row.decisions.flatMap((decision) => (decision.fired ? [] : [decision.reason]));
  const reason = reasons.find((one) => one !== "other_trigger" && one !== "disabled") ?? reasons[0];
  if (reason !== undefined) return { label: MISS_SHORT_LABELS[reason] ?? reason, tone: "none" };
  return { label: row.decisions.length === 0 ? "recorded" : "triggered", tone: "none" };
}
