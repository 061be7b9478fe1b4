/** The editor and the list of automations, where somebody could lose what they wrote, or what somebody else did. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { Automation } from "../../src/core/automation/automation.ts";
import { launch, openPage, signIn, type WatchedPage } from "./chromium.ts";
import { EXTREMES, shoot } from "./looks.ts";
import { GUIDE, OPENING_HOURS, reach } from "./stack.ts";

const url = inject("url");
const { meta, api, replyline } = reach(url);
/** Nothing happens to it: its automations are all that matters here. */
const DESK = "17841400000066666";
const LIST = `/console/accounts/${DESK}/automations`;

let browser: Browser;
let opened: WatchedPage[] = [];

beforeAll(async () => {
  browser = await launch();
  const { accessToken } = await meta.putAccount(DESK, { username: "front.desk" });
  await replyline.connect(DESK, { platform: "instagram", login: "instagram", accessToken, username: "front.desk" });
});
afterAll(() => browser.close());

afterEach(async () => {
  for (const one of opened) {
    expect(one.offences).toEqual([]);
    await one.close();
  }
  opened = [];
});

/** The list of the account, begun anew with these two. */
async function list(look = EXTREMES[0]): Promise<Page> {
  await replyline.putAutomations(DESK, [GUIDE, OPENING_HOURS]);
  return await another(look);
}

/** Somebody else's window on the same list. */
async function another(look = EXTREMES[0]): Promise<Page> {
  const one = await openPage(browser, url, look?.options);
  opened.push(one);
  await signIn(one.page, LIST);
  await one.page.locator(".automation").first().waitFor();
  return one.page;
}

const saved = async (): Promise<Automation[]> =>
  (await api.request<{ items: Automation[] }>("GET", `/accounts/${DESK}/automations`)).items;

const save = (page: Page): Promise<void> => page.getByRole("button", { name: "Save", exact: true }).click();

describe("a mistake in the JSON", () => {
  it.each(EXTREMES)("is not saved over: the text stays and is pointed at, $name", async (look) => {
    const page = await list(look);
    await page.getByRole("button", { name: "Edit Send the guide" }).click();
    await page.getByText("As JSON").click();
    const json = page.getByLabel("The automation as JSON");
    const broken = (await json.inputValue()).replace("here it is", "there it is").replace(/\}$/, ",,}");
    await json.fill(broken);
    await page.getByText("nothing is saved").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).isDisabled()).toBe(true);
    await page.getByText("As JSON").click();

    await save(page);
    await json.waitFor();
    expect(await json.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("The automation as JSON");
    expect(await json.inputValue()).toBe(broken);
    await shoot(page, "json-broken", look);
    expect(await saved()).toEqual([GUIDE, OPENING_HOURS]);

    await json.fill(broken.replace(",,}", "}"));
    await save(page);
    await page.getByText(/Saved as version/).waitFor();
    expect((await saved())[0]?.actions.privateReply?.text).toContain("there it is");
  });

  it("is a reason to ask before leaving, and can be dropped for what the form says", async () => {
    const page = await list();
    await page.getByRole("button", { name: "Edit Send the guide" }).click();
    await page.getByText("As JSON").click();
    const json = page.getByLabel("The automation as JSON");
    const whole = await json.inputValue();
    await json.fill("{");
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
    expect(await json.inputValue()).toBe("{");
    await page.getByRole("button", { name: "Take what the form says" }).click();
    expect(await json.inputValue()).toBe(whole);
    await page.getByLabel("Name", { exact: true }).fill("The guide");
    expect(await json.inputValue()).toContain('"The guide"');
  });
});
