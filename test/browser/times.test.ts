/** Times on the pages: right on a machine whose clock is wrong, and in the reader's own zone. */
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import { signIn } from "./chromium.ts";
import { connectInstagram } from "../../src/simulator/cli/stack/connect-accounts.ts";
import { reach } from "./stack.ts";
import { commentItem, deliver, newPerson } from "./traffic.ts";
import { watchedPages } from "./watched-page.ts";

const url = inject("url");
const stack = reach(url);
const { meta, api } = stack;
const ID = "17841400000088884";
const ACCOUNT = `/console/accounts/${ID}`;

const open = watchedPages();

beforeAll(async () => {
  await connectInstagram(stack, { id: ID, username: "on.time" });
});

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
    expect(await shown.textContent()).toMatch(/^\d+ (s|min) ago$/);
    await page.goto(`${ACCOUNT}/settings`);
    await page.waitForTimeout(2_200);
    expect(await page.locator("[data-fact=lastEventAt]").textContent()).toMatch(/^\d+ (s|min) ago$/);
  });
});

describe("in the reader's zone", () => {
  it("moments are local, and their titles say them in UTC", async () => {
    await somethingHappens();
    await api.request("PUT", "/incident", { stopped: true, reason: "" });
    try {
      const page = await open({ timezoneId: "Asia/Kolkata" });
      await signIn(page, ACCOUNT);
      const moment = page.locator(".stopped time");
      await expect.poll(() => moment.textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\+5:30$/);
      expect(await moment.getAttribute("title")).toMatch(/ UTC$/);
      await page.locator(".row").first().click();
      const received = page.locator(".detail-facts time").last();
      expect(await received.textContent()).toMatch(/GMT\+5:30$/);
      expect(await received.getAttribute("title")).toMatch(/ UTC$/);
      expect(await page.locator("[data-fact=lastEventAt]").getAttribute("title")).toMatch(/GMT\+5:30, .* UTC$/);
    } finally {
      await api.request("PUT", "/incident", { stopped: false });
    }
  });
});

describe("the list of people", () => {
  it("has all times in one column, whether or not a person has a state", async () => {
    const page = await open();
    await page.route("**/api/**/conversations**", (route) => {
      const person = { username: "some.one", lastInboundAt: null, heldUntil: null, heldBy: null, updatedAt: 1 };
      const items = [
        { ...person, personId: "1", windowClosesAt: Date.now() + 3_600_000 },
        { ...person, personId: "2", windowClosesAt: null },
      ];
      return route.fulfill({ json: { items, nextCursor: null } });
    });
    await signIn(page, `${ACCOUNT}/conversations`);
    const times = page.locator(".people-list time");
    await times.nth(1).waitFor();
    const right = async (index: number): Promise<number> => {
      const box = await times.nth(index).boundingBox();
      return box === null ? Number.NaN : Math.round(box.x + box.width);
    };
    expect(await right(1)).toBe(await right(0));
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await right(1)).toBe(await right(0));
  });
});
