/** Times on the pages: right on a machine whose clock is wrong, and in the reader's own zone. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { launch, openPage, signIn, type WatchedPage } from "./chromium.ts";
import { reach } from "./stack.ts";
import { commentItem, deliver, newPerson } from "./traffic.ts";

const url = inject("url");
const { meta, api, replyline } = reach(url);
const ID = "17841400000088884";
const ACCOUNT = `/console/accounts/${ID}`;

let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  browser = await launch();
  const { accessToken } = await meta.putAccount(ID, { username: "on.time" });
  await replyline.connect(ID, { platform: "instagram", login: "instagram", accessToken, username: "on.time" });
});
afterAll(() => browser.close());
afterEach(async () => {
  expect(watched.offences).toEqual([]);
  await watched.close();
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  watched = await openPage(browser, url, options);
  return watched.page;
}

async function somethingHappens(): Promise<void> {
  const events = async (): Promise<number> =>
    (await api.request<{ state: { events: number } }>("GET", `/accounts/${ID}`)).state.events;
  const before = await events();
  await deliver(meta, [commentItem("hello", newPerson("just.now"), { accountId: ID })]);
  await vi.waitUntil(async () => (await events()) > before, { timeout: 20_000, interval: 100 });
}

describe("on a machine whose clock is wrong", () => {
  it.each([-600_000, 600_000])("a page that asks nothing shows the right times, by %i ms", async (apart) => {
    await somethingHappens();
    const page = await open();
    await page.addInitScript(`const real = Date.now.bind(Date); Date.now = () => real() + ${apart};`);
    await page.route("**/api/**", (route) => route.abort());
    await signIn(page, `/console?search=${ID}`);
    const shown = page.locator(".account-row time").first();
    await page.waitForTimeout(2_200);
    expect(await shown.textContent()).toMatch(/^\d+ s ago$/);
    await page.goto(`${ACCOUNT}/settings`);
    await page.waitForTimeout(2_200);
    expect(await page.locator("[data-fact=lastEventAt]").textContent()).toMatch(/^\d+ s ago$/);
  });
});
