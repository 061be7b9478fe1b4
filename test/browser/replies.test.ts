/** The list of replies in use: nothing moves under the pointer, and the focus stays. */
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { connectInstagram } from "../../src/simulator/cli/stack/connect-accounts.ts";
import { GUIDE, reach } from "./stack.ts";
import { commentItem, deliver, newPerson } from "./traffic.ts";
import { signedInPages } from "./watched-page.ts";

const url = inject("url");
const stack = reach(url);
const { meta, api, replyline } = stack;
const ID = "17841400000088882";
const REPLIES = `/console/accounts/${ID}/replies`;

const openSignedIn = signedInPages();

beforeAll(async () => {
  await connectInstagram(stack, { id: ID, username: "steady.hands" });
  await replyline.putAutomations(ID, [{ ...GUIDE, actions: { privateReply: { text: "Hi {{username}}" } } }]);
  await replyline.putSettings(ID, { deferSeconds: 600 });
  await ask("first.one", "second.one", "third.one");
});

async function open(): Promise<Page> {
  const page = await openSignedIn(REPLIES);
  await card(page, "first.one").waitFor();
  await page.locator("[data-live=live]").waitFor();
  // What is read once more when the connection stands.
  await page.waitForLoadState("networkidle");
  return page;
}

const ask = (...names: string[]): Promise<void> =>
  deliver(
    meta,
    names.map((name) => commentItem("guide", newPerson(name), { accountId: ID })),
  );

const card = (page: Page, name: string): Locator => page.locator(".reply", { hasText: `Hi ${name}` });
const waiting = (page: Page, words: string): Locator => page.getByRole("button", { name: words });

const cancelByApi = (name: string): Promise<void> => act(name, "cancel");
const sendNow = (name: string): Promise<void> => act(name, "send-now");

async function act(name: string, action: "cancel" | "send-now"): Promise<void> {
  const wanted = async (): Promise<string | undefined> => {
    const items = await pending();
    return items.find(({ message }) => message.text === `Hi ${name}`)?.id;
  };
  await expect.poll(wanted).toBeDefined();
  await api.request("POST", `/accounts/${ID}/replies/${await wanted()}/${action}`);
}

async function pending(): Promise<{ id: string; message: { text?: string } }[]> {
  const { items } = await api.request<{ items: { id: string; message: { text?: string } }[] }>(
    "GET",
    `/accounts/${ID}/replies?state=pending`,
  );
  return items;
}

describe("a refused reply", () => {
  it("has its dot, its text in the ordinary color, and its state on the line of the others", async () => {
    const fault = { kind: "error", code: 551 };
    await meta.control("POST", "/faults", { on: "private_reply", accountId: ID, times: 1, does: fault });
    await ask("refused.one");
    await sendNow("refused.one");
    const page = await open();
    await page.locator("#tab-refused").click();
    const reply = card(page, "refused.one");
    await reply.waitFor();
    expect((await reply.locator(".dot").boundingBox())?.width).toBeGreaterThan(4);
    const color = (selector: string) => page.evaluate(`getComputedStyle(document.querySelector("${selector}")).color`);
    expect(await color(".reply.refused .message-text")).toBe(await color("body"));
    const middle = async (part: Locator): Promise<number> => {
      const box = await part.boundingBox();
      return box === null ? Number.NaN : box.y + box.height / 2;
    };
    const [state, by] = [reply.locator(".state"), reply.locator(".by")];
    expect(Math.abs((await middle(state)) - (await middle(by)))).toBeLessThan(4);
  });
});

describe("the list of replies under the pointer", () => {
  it("stands still, holds what is new, and shows it when the pointer leaves, or when it is asked for", async () => {
    const page = await open();
    const cancel = card(page, "first.one").getByRole("button", { name: "Cancel" });
    await cancel.hover();
    const before = await cancel.boundingBox();
    await ask("fourth.one");
    await waiting(page, "Show 1 new reply").waitFor();
    await ask("fifth.one");
    await waiting(page, "Show 2 new replies").waitFor();
    expect(await cancel.boundingBox()).toEqual(before);
    expect(await card(page, "fourth.one").count()).toBe(0);
    await page.mouse.move(2, 2);
    await card(page, "fifth.one").waitFor();
    await card(page, "fourth.one").waitFor();
    await waiting(page, "Show").waitFor({ state: "hidden" });

    await cancel.hover();
    await ask("sixth.one");
    await waiting(page, "Show 1 new reply").click();
    await card(page, "sixth.one").waitFor();
  });

  it("takes a click although something arrives between the pressing and the letting go", async () => {
    const page = await open();
    const own = card(page, "second.one");
    await own.getByRole("button", { name: "Cancel" }).hover();
    await page.mouse.down();
    await ask("seventh.one");
    await waiting(page, "Show 1 new reply").waitFor();
    await page.mouse.up();
    // What it has become is seen where it was; nothing else comes under the pointer for a second click to hit.
    await own.getByText("Cancelled", { exact: true }).waitFor();
    expect(await own.getByRole("button").count()).toBe(0);
    await page.mouse.move(2, 2);
    await own.waitFor({ state: "detached" });
  });
});

describe("the list of replies under the keyboard", () => {
  it("keeps the focus where it is while others arrive and the clock ticks", async () => {
    const page = await open();
    const cancel = card(page, "first.one").getByRole("button", { name: "Cancel" });
    await page.keyboard.press("Tab");
    await cancel.focus();
    await page.evaluate("window.before = [document.activeElement, ...document.querySelectorAll('.reply')]");
    await ask("eighth.one");
    await waiting(page, "Show 1 new reply").waitFor();
    await page.waitForTimeout(2_200);
    expect(await page.evaluate("document.activeElement === window.before[0]")).toBe(true);
    expect(await page.evaluate("window.before.every((element) => element.isConnected)")).toBe(true);

    await waiting(page, "Show 1 new reply").press("Enter");
    expect(await page.evaluate("document.activeElement.textContent")).toContain("Hi eighth.one");
  });

  it("goes on at the card whose buttons have gone, and then at its neighbor", async () => {
    const page = await open();
    await page.keyboard.press("Tab");
    await card(page, "first.one").getByRole("button", { name: "Cancel" }).focus();
    await cancelByApi("first.one");
    await card(page, "first.one").getByText("Cancelled", { exact: true }).waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toContain("Hi first.one");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('.reply') !== null")).toBe(true);
  });
});
