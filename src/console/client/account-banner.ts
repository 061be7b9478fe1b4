/** What stands above a page: the banner of a stop, the account's pills, its notices and its switch. */
import { noticesOf, type Notice, pillsOf, type SendStatus, type Stop, switchOf } from "../send-status.ts";
import { now } from "./server-time.ts";
import { countdownElement, lengthElement, stampElement } from "./clock.ts";
import { h } from "./dom.ts";
import { update } from "./patch.ts";

const find = (part: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-part="${part}"]`);

/** @param sendStatus as it is known by then */
export function startBanner(sendStatus: () => SendStatus | null): void {
  const late = (): void => {
    const known = sendStatus();
    if (known !== null) drawSwitch(known.sending, false);
  };
  find("switch")?.addEventListener("pointerleave", () => setTimeout(late));
  find("switch")?.addEventListener("blur", () => setTimeout(late));
}

export function drawStop(stop: Stop | null): void {
  const banner = find("stop");
  const text = find("stop-text");
  if (banner === null || text === null) return;
  for (const control of document.querySelectorAll<HTMLElement>("[data-act=stop-all]")) control.hidden = stop !== null;
  banner.hidden = stop === null;
  update(
    text,
    stop !== null && [
      h("strong", {}, "Sending is paused for all accounts"),
      " since ",
      stampElement(stop.since),
      stop.reason !== "" && `: ${stop.reason}`,
      ". Events are still recorded, but Meta's reply windows keep running out.",
    ],
  );
}

export function drawBanner(sendStatus: SendStatus, own: boolean): void {
  const pills = find("pills");
  if (pills !== null) {
    update(
      pills,
      pillsOf(sendStatus, now()).map(({ tone, label }) => h("span", { class: `pill ${tone}` }, label)),
    );
  }
  const notices = find("notices");
  if (notices !== null) update(notices, noticesOf(sendStatus, pills === null).map(notice));
  drawSwitch(sendStatus.sending, own);
}

/** The times are outside the alert: screen readers would read them out every second. */
function notice({ tone, strong, text, hold }: Notice): HTMLElement {
  return h(
    "p",
    { class: `notice ${tone}` },
    h("span", { role: tone === "bad" ? "alert" : null }, strong !== null && [h("strong", {}, strong), " "], text),
    hold !== null && [
      " ",
      h(
        "span",
        { class: "muted" },
        `(code ${hold.code}, for `,
        lengthElement(hold.since),
        hold.until !== null && [", next attempt ", countdownElement(hold.until)],
        "). Waiting replies are kept.",
      ),
    ],
  );
}

/** The button never changes under a pointer that may be about to press it: resuming asks no question. */
function drawSwitch(sending: string, own: boolean): void {
  const control = find("switch");
  if (control === null || (!own && control.matches(":hover, :focus-visible"))) return;
  const { act, look, label } = switchOf(sending);
  control.dataset["act"] = act;
  control.className = look;
  if (control.textContent !== label) control.textContent = label;
}
