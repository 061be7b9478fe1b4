/** What keeps an account from sending, on pages that were open before it did. */
import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { connectInstagram } from "../../src/simulator/cli/stack/connect-accounts.ts";
import { GUIDE, reach } from "./stack.ts";
import { commentItem, deliver, newPerson } from "./traffic.ts";
import { signedInPages } from "./watched-page.ts";

const url = inject("url");
const stack = reach(url);
const { meta, api, replyline } = stack;
const ID = "17841400000088883";
const ACCOUNT = `/console/accounts/${ID}`;

const openSignedIn = signedInPages();

beforeAll(async () => {
  await connectInstagram(stack, { id: ID, username: "long.open" });
  await replyline.putAutomations(ID, [{ ...GUIDE, actions: { privateReply: { text: "Hi {{username}}" } } }]);
});
afterEach(async () => {
  await api.request("PUT", "/incident", { stopped: false });
  await replyline.putSettings(ID, { sending: "on", deferSeconds: 600 });
});

/** With a clock that can be moved on. */
const open = (path: string): Promise<Page> => openSignedIn(path, (page) => page.clock.install());

/** Half a minute later, on a page on which nothing happens. */
const later = (page: Page): Promise<void> => page.clock.runFor(31_000);
/** The reader comes back to the page. */
const comeBack = (page: Page): Promise<void> => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");

describe("a reply that waits", () => {
  it("says for what, on a page that was open before, and “Send now” promises nothing else", async () => {
    await replyline.putSettings(ID, { deferSeconds: 600 });
    const names = ["waits.too", "is.hastened"];
    await deliver(
      meta,
      names.map((name) => commentItem("guide", newPerson(name), { accountId: ID })),
    );
    const page = await open(`${ACCOUNT}/replies`);
    const when = page.locator(".reply", { hasText: "Hi waits.too" }).locator(".when");
    const toasts = page.locator("#toasts");
    await when.getByText(/due in \d+:\d\d/).waitFor();

    await replyline.putSettings(ID, { sending: "paused" });
    await later(page);
    await when.getByText("waits: sending is paused for this account").waitFor();
    await api.request("PUT", "/incident", { stopped: true, reason: "" });
    await comeBack(page);
    await when.getByText("waits: sending is paused for all accounts").waitFor();
    await page.locator(".reply", { hasText: "Hi is.hastened" }).getByRole("button", { name: "Send now" }).click();
    await toasts.getByText("Saved. The reply waits: sending is paused for all accounts.").waitFor();
    expect(await page.locator(".reply .countdown").count()).toBe(0);

    await api.request("PUT", "/incident", { stopped: false });
    await replyline.putSettings(ID, { sending: "on" });
    await comeBack(page);
    await when.getByText(/due/).waitFor();
  });

  it("is not counted down when the account knows no time, whatever this page has heard", async () => {
    const page = await open(ACCOUNT);
    await page.route("**/replies?state=pending*", async (route) => {
      const response = await route.fetch();
      const { items } = (await response.json()) as { items: object[] };
      const named = { estimatedAt: null, username: "in.doubt", eventText: "<i>are you</i>\nopen today?" };
      await route.fulfill({
        response,
        json: { items: items.map((item) => ({ ...item, ...named })), nextCursor: null },
      });
    });
    await deliver(meta, [commentItem("guide", newPerson("unknown.time"), { accountId: ID })]);
    await page.locator(".row", { hasText: "unknown.time" }).waitFor();
    await page.goto(`${ACCOUNT}/replies`);
    const card = page.locator(".reply", { hasText: "Hi unknown.time" });
    await card.locator(".when").getByText("waits", { exact: true }).waitFor();
    expect(await card.locator(".countdown").count()).toBe(0);
    // Who it is for, as they are called, and what they wrote.
    await card.getByRole("link", { name: "@in.doubt" }).waitFor();
    await card.getByText("<i>are you</i> open today?").waitFor();
  });
});

describe("an opened event that the feed has no row of", () => {
  it("says who wrote it, and what", async () => {
    const page = await open(ACCOUNT);
    await page.locator(".row", { hasText: "unknown.time" }).waitFor();
    const id = await page.locator(".row", { hasText: "unknown.time" }).getAttribute("data-id");
    const said = { personId: "1045872930164827", username: "from.afar", text: "a long time ago" };
    await page.route("**/api/**/events/**", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), ...said } });
    });
    await page.route("**/api/**/feed**", (route) =>
      route.fulfill({ json: { items: [], nextCursor: null, newest: 0 } }),
    );
    await page.goto("about:blank");
    await page.goto(`${url}${ACCOUNT}#${encodeURIComponent(id ?? "")}`);
    const detail = page.locator("[data-part=detail]");
    await detail.getByRole("link", { name: "@from.afar" }).waitFor();
    await detail.getByText("a long time ago").waitFor();
  });
});

describe("a page that stays open", () => {
  it.each(["/console", "/console/failed-events", ACCOUNT, `${ACCOUNT}/automations`, `${ACCOUNT}/conversations/1`])(
    "shows that another person has paused all sending, and resumes it: %s",
    async (path) => {
      const page = await open(path);
      const banner = page.getByText("Sending is paused for all accounts", { exact: true });
      const stop = page.getByRole("button", { name: /^Pause all/ });
      await stop.waitFor();
      await api.request("PUT", "/incident", { stopped: true, reason: "<b>wrong</b> link" });
      await later(page);
      await banner.waitFor();
      await page.getByText("<b>wrong</b> link").waitFor();
      expect(await stop.isHidden()).toBe(true);
      await api.request("PUT", "/incident", { stopped: false });
      await comeBack(page);
      await banner.waitFor({ state: "hidden" });
      expect(await stop.isVisible()).toBe(true);
    },
  );

  it("learns that the account is paused, and does not lose what is typed when its reader lets it go on", async () => {
    const page = await open(`${ACCOUNT}/settings`);
    await page.getByLabel("Pause automations for").fill("77");
    await replyline.putSettings(ID, { sending: "paused" });
    await later(page);
    await page.locator(".pills").getByText("Paused", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Resume sending" }).click();
    await page.locator(".pills").getByText("Paused", { exact: true }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Pause sending" }).waitFor();
    expect(await page.getByLabel("Pause automations for").inputValue()).toBe("77");
  });

  it("does not change a button that is about to be pressed", async () => {
    const page = await open(ACCOUNT);
    await page.getByRole("button", { name: "Pause sending" }).hover();
    await replyline.putSettings(ID, { sending: "paused" });
    await later(page);
    await page.locator(".pills").getByText("Paused", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Pause sending" }).count()).toBe(1);
    await page.mouse.move(2, 2);
    await page.clock.runFor(100);
    await page.getByRole("button", { name: "Resume sending" }).waitFor();
  });

  it("shows the pace fall on a quiet page", async () => {
    const page = await open(`${ACCOUNT}/automations`);
    await page.route(`**/api/accounts/${ID}`, async (route) => {
      const response = await route.fetch();
      const detail = (await response.json()) as { state: { lanes: { lane: string; used: number }[] } };
      for (const lane of detail.state.lanes) if (lane.lane === "private") lane.used = 321;
      await route.fulfill({ response, json: detail });
    });
    await later(page);
    await page.getByText("321 of 750").waitFor();
  });

  it("learns that the token has died", async () => {
    const page = await open(`${ACCOUNT}/replies`);
    await page.locator("[data-live=live]").waitFor();
    await meta.control("POST", "/faults", {
      on: "private_reply",
      accountId: ID,
      times: 5,
      does: { kind: "error", code: 190, subcode: 463 },
    });
    await replyline.putSettings(ID, { deferSeconds: 0 });
    await deliver(meta, [commentItem("guide", newPerson("dead.token"), { accountId: ID })]);
    const held = async (): Promise<string | undefined> =>
      (await api.request<{ state: { hold: { problem: string } | null } }>("GET", `/accounts/${ID}`)).state.hold
        ?.problem;
    await expect.poll(held, { timeout: 20_000 }).toBe("token");
    await later(page);
    await page
      .getByRole("alert")
      .getByText("The access token is no longer valid. Connect the account again.")
      .waitFor();
    await page.getByText(/\(code 190.*, for \d+ (s|min)\)/).waitFor();
  });
});
