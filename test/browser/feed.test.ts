import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launch, openPage, signIn, type WatchedPage } from "./chromium.ts";
import { connectInstagram } from "../../src/simulator/cli/stack/connect-accounts.ts";
import { GUIDE, OPENING_HOURS, reach } from "./stack.ts";
import { commentItem, deliver, messageItem, newPerson } from "./traffic.ts";

const url = inject("url");
const stack = reach(url);
const { meta, replyline } = stack;
const ID = "17841400000088881";

let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  await connectInstagram(stack, { id: ID, username: "sorted.out" });
  await replyline.putAutomations(ID, [GUIDE, OPENING_HOURS]);
  await replyline.putSettings(ID, { deferSeconds: 600 });
  watched = await openPage(browser, url);
  page = watched.page;
  await signIn(page, `/console/accounts/${ID}`);
});

afterAll(async () => {
  expect(watched.offenses).toEqual([]);
  await browser.close();
});

const kinds = async (): Promise<string[]> => [...new Set(await page.locator(".row .kind").allTextContents())];

describe("the feed", () => {
  it("is filtered by kind and by outcome, as are new events", async () => {
    await deliver(meta, [
      commentItem("the guide?", newPerson("asks.for.it"), { accountId: ID }),
      commentItem("how lovely", newPerson("says.hello"), { accountId: ID }),
      messageItem("when do you open?", newPerson("writes.in"), { accountId: ID }),
    ]);
    await expect.poll(() => page.locator(".row").count()).toBe(3);
    await page.getByLabel("Kind of event").selectOption({ label: "Comment" });
    await expect.poll(kinds).toEqual(["Comment"]);
    await page.getByLabel("Outcome").selectOption({ label: "No automation triggered" });
    await expect.poll(() => page.locator(".row").count()).toBe(1);
    await page.locator(".row", { hasText: "how lovely" }).waitFor();

    await deliver(meta, [
      commentItem("link please", newPerson("asks.as.well"), { accountId: ID }),
      commentItem("what a day", newPerson("says.something"), { accountId: ID }),
    ]);
    await page.locator(".row", { hasText: "what a day" }).waitFor();
    expect(await page.locator(".row", { hasText: "link please" }).count()).toBe(0);
    await page.getByLabel("Search events").fill("nobody says this");
    await page.getByText("No event matches these filters").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(() => page.locator(".row").count()).toBe(5);
  });

  it("has an event decided again with the automations of today", async () => {
    const lovely = { ...GUIDE, id: "thanks", name: "Say thanks", trigger: { ...GUIDE.trigger, keywords: ["lovely"] } };
    await page.locator(".row", { hasText: "how lovely" }).click();
    const detail = page.locator("[data-part=detail]");
    await detail.getByText("Send the guide has no matching keyword").waitFor();
    await replyline.putAutomations(ID, [GUIDE, lovely]);
    // The names of the automations are read with the page.
    await page.reload();
    await detail.getByRole("button", { name: "Replay event" }).click();
    await detail.getByText("Say thanks was triggered").waitFor();
    await detail.locator(".reply.pending", { hasText: "Hi says.hello" }).waitFor();
    await page.locator(".row", { hasText: "how lovely" }).getByText("Pending").waitFor();
  });
});
