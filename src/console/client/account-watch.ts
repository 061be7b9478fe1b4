/**
 * The send status while the page stays open: another person may pause sending, or the token may expire. Read every 30
 * seconds while the page is visible, and soon after an event.
 */
import { apiPath } from "../../api/paths.ts";
import { type SendStatus, sendStatusOf, type Stop, whyItWaits } from "../send-status.ts";
import { drawFacts } from "./account-facts.ts";
import { accountApi, accountId, get } from "./api.ts";
import type { AccountDetail } from "../../api/account.ts";
import { Poller } from "./poller.ts";
import { drawBanner, drawStop, startBanner } from "./account-banner.ts";

const EVERY_MS = 30_000;

type Listener = (state: AccountDetail["state"]) => void;

const poller = new Poller(read);
/** The next reading shows what this page's reader has changed. */
let ownChange = false;
let current: SendStatus | null = null;
const listeners: Listener[] = [];

/** On every page that has the bar. */
export function startWatch(): void {
  if (document.querySelector("[data-part=stop]") === null) return;
  current = JSON.parse(document.body.dataset["sendStatus"] ?? "null") as SendStatus | null;
  startBanner(() => current);
  setInterval(seen, EVERY_MS);
  document.addEventListener("visibilitychange", seen);
  // Back from the browser's memory: as old as it was left.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) seen();
  });
}

/** The account's send status as far as it is known; null: the page is none of an account's. */
export const sendStatus = (): SendStatus | null => current;

/** Why a reply of this account that is due does not leave; null: nothing keeps it. */
export const waiting = (): string | null => (current === null ? null : whyItWaits(current));

/** Called with each reading of this page's account. */
export function onFacts(listener: Listener): void {
  listeners.push(listener);
}

/** Something happened: it is read soon. */
export const factsChanged = (): void => poller.soon();

/**
 * Reads now.
 *
 * @param own it was this page's reader who changed something: then they hear of a failure, too
 */
export async function readNow(own = false): Promise<void> {
  ownChange ||= own;
  try {
    await poller.now();
  } catch (error) {
    // A background read that fails needs no message: the next request shows the problem.
    if (own) throw error;
  }
}

async function read(isNewest: () => boolean): Promise<void> {
  const [{ stop }, account] = await Promise.all([
    get<{ stop: Stop | null }>(apiPath("incident"), "unasked"),
    accountId() === "" ? null : get<AccountDetail>(accountApi(), "unasked"),
  ]);
  if (!isNewest()) return;
  if (account === null) {
    drawStop(stop);
    return;
  }
  current = sendStatusOf(account, stop);
  drawStop(current.stop);
  drawBanner(current, ownChange);
  ownChange = false;
  drawFacts(account);
  for (const listener of listeners) listener(account.state);
}

function seen(): void {
  if (!document.hidden) void readNow();
}
