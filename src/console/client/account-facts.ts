/** The figures above an account's page. */
import { count } from "../format.ts";
import type { ReplyState } from "../../core/reply/reply.ts";
import { agoElement } from "./clock.ts";
import type { AccountDetail } from "../../api/account.ts";

export function drawFacts({ lastEventAt, lastReplyAt, state }: AccountDetail): void {
  setAgo("lastEventAt", lastEventAt);
  setAgo("lastReplyAt", lastReplyAt);
  set("events", count(state.events));
  set("open", count(sum(state.replies, "pending", "sending", "uncertain")));
  const lane = state.lanes.find((one) => one.lane === "private");
  if (lane !== undefined) {
    set("pace", `${count(lane.used)} of ${count(lane.limit)}`);
    const meter = document.querySelector<HTMLMeterElement>("[data-fact=paceMeter]");
    if (meter !== null) {
      meter.value = lane.used;
      meter.setAttribute("aria-label", `${lane.used} of ${lane.limit} used`);
    }
  }
}

const sum = (replies: Record<ReplyState, number>, ...states: ReplyState[]): number =>
  states.reduce((total, state) => total + replies[state], 0);

function setAgo(fact: string, at: number | null): void {
  const element = document.querySelector<HTMLElement>(`[data-fact="${fact}"]`);
  if (element === null || at === null || element.dataset["ago"] === String(at)) return;
  const next = agoElement(at);
  next.dataset["fact"] = fact;
  element.replaceWith(next);
}

function set(fact: string, text: string): void {
  const element = document.querySelector(`[data-fact="${fact}"]`);
  if (element !== null && element.textContent !== text) element.textContent = text;
}
