import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { reach, STUDIO } from "./stack.ts";
import { commentItem, deliver, messageItem, newPerson } from "./traffic.ts";
import { signedInPages } from "./watched-page.ts";

const url = inject("url");
const { meta, api, replyline } = reach(url);
const ACCOUNT = `/console/accounts/${STUDIO.id}`;

const openSignedIn = signedInPages();

/** Counts what a script scrolls into view: some versions of Chromium then begin the Tab order at that element. */
const COUNT_SCROLLING = `{
  window.scrolledIntoView = 0;
  const { scrollIntoView } = Element.prototype;
  Element.prototype.scrollIntoView = function (...how) {
    window.scrolledIntoView++;
    scrollIntoView.apply(this, how);
  };
}`;

async function expectTabStartsAtTop(page: Page): Promise<void> {
  expect(await page.evaluate("window.scrolledIntoView")).toBe(0);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to content");
}

const open = (path: string, options: BrowserContextOptions = {}): Promise<Page> =>
  openSignedIn(path, (page) => page.addInitScript(COUNT_SCROLLING), options);

const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.id || document.activeElement.textContent.trim().slice(0, 30)");

/** The ring, or for a switch, that of the part that is seen. */
const hasRing = (page: Page): Promise<boolean> =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const seen = element.matches(".switch input") ? element.nextElementSibling : element;
    const { outlineStyle, outlineWidth } = getComputedStyle(seen);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  })()`);

describe("with the keyboard alone", () => {
  it("the first stop skips to the content", async () => {
    const page = await open(ACCOUNT);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to content");
    expect((await page.locator(".skip").boundingBox())?.y).toBeGreaterThan(0);
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("main");
  });

  it.each(["/console/failed-events", `${ACCOUNT}/replies`, `${ACCOUNT}/replies#expired`, `${ACCOUNT}/settings`])(
    "the first stop on %s is the link to the content",
    async (path) => {
      const page = await open(path);
      await page.waitForLoadState("networkidle");
      await expectTabStartsAtTop(page);
    },
  );

  it("the chosen tab is in sight on a phone, although nothing but its row is scrolled", async () => {
    const page = await open(`${ACCOUNT}/replies#expired`, { viewport: { width: 390, height: 844 } });
    const box = (await page.locator("#tab-expired[aria-selected=true]").boundingBox()) ?? { x: -1, width: 0 };
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  });

  it("the first stop in a conversation that has scrolled to its end is the link to the content", async () => {
    const person = newPerson("long.thread");
    await deliver(
      meta,
      Array.from({ length: 30 }, (_, index) => messageItem(`line ${index}`, person)),
    );
    const page = await open(`${ACCOUNT}/conversations/${person.id}`);
    const last = page.locator(".bubbles-thread li", { hasText: "line 29" });
    await last.waitFor();
    const scrolled = "document.scrollingElement.scrollTop > 0";
    await expect.poll(() => page.evaluate(scrolled)).toBe(true);
    await expectTabStartsAtTop(page);
  });

  it.each([
    "/console",
    ACCOUNT,
    `${ACCOUNT}/replies`,
    `${ACCOUNT}/automations`,
    `${ACCOUNT}/settings`,
    "/console/failed-events",
    "/console/failed-events#dead-letters",
  ])("every stop on %s is seen, and none is a trap", async (path) => {
    const page = await open(path);
    await page.waitForTimeout(300);
    const stops: string[] = [];
    for (let press = 0; press < 500; press++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate<boolean>("document.activeElement === document.body")) break;
      stops.push(await focused(page));
      expect(await hasRing(page), `${stops.at(-1)} has no ring`).toBe(true);
    }
    expect(await page.evaluate("document.activeElement === document.body")).toBe(true);
    expect(stops.length).toBeGreaterThan(5);
  });

  it("the arrow keys go from tab to tab", async () => {
    const page = await open(`${ACCOUNT}/replies`);
    await page.locator("#tab-pending").focus();
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toBe("tab-sending");
    await page.keyboard.press("End");
    expect(await page.locator("#tab-expired").getAttribute("aria-selected")).toBe("true");
    expect(await page.locator("#replies").getAttribute("aria-labelledby")).toBe("tab-expired");
  });

  it("a question holds the focus, Escape answers no, and the focus goes back", async () => {
    const page = await open(ACCOUNT);
    const stop = page.getByRole("button", { name: "Pause sending" });
    await stop.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Pause sending for this account?" }).waitFor();
    for (let press = 0; press < 4; press++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.closest('dialog, body').tagName")).not.toBe("MAIN");
    }
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => focused(page)).toBe("Pause sending");
  });

  it("an automation is switched, moved and put back", async () => {
    const page = await open(`${ACCOUNT}/automations`);
    await page.getByRole("switch").first().focus();
    await page.keyboard.press("Space");
    await page.getByText("Unsaved changes").waitFor();
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("switch");
    await page
      .getByRole("button", { name: /^Move .* down$/ })
      .first()
      .focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toMatch(/^Move .* up$/);
    await page.getByRole("button", { name: "Discard" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Unsaved changes").waitFor({ state: "detached" });
  });
});

describe("the focus stays while other comments arrive", () => {
  beforeAll(() => replyline.putSettings(STUDIO.id, { deferSeconds: 600 }));
  afterAll(() => replyline.putSettings(STUDIO.id, { deferSeconds: 4 }));

  const comment = (name: string, id?: string): Promise<void> =>
    deliver(meta, [commentItem("the guide, please", newPerson(name), id === undefined ? {} : { id })]);
  const tab = (page: Page, state: string) => page.locator(`#tab-${state} .count`);

  it("on a reply's button", async () => {
    await comment("keeps.focus");
    const page = await open(`${ACCOUNT}/replies`);
    await page.locator("[data-live=live]").waitFor();
    await page.keyboard.press("Tab");
    await page
      .locator(".reply", { hasText: "Hi keeps.focus" })
      .first()
      .getByRole("button", { name: "Send now" })
      .focus();
    await page.evaluate("window.before = document.activeElement");
    const before = await tab(page, "pending").textContent();
    await comment("comes.after");
    await expect.poll(() => tab(page, "pending").textContent()).not.toBe(before);
    expect(await page.evaluate("document.activeElement === window.before")).toBe(true);
    expect(await hasRing(page)).toBe(true);
  });

  it("in an opened event, when its reply is another one", async () => {
    const id = "17900000000300001";
    await comment("opened.one", id);
    const page = await open(ACCOUNT);
    await page.locator(".row", { hasText: "opened.one" }).first().click();
    const detail = page.locator("[data-part=detail]");
    const card = detail.locator(".reply", { hasText: "Hi opened.one" });
    await card.waitFor();
    await detail.getByRole("button", { name: "As received" }).focus();
    await page.evaluate("window.before = [document.activeElement, document.querySelector('.detail pre')]");
    const scrolled = (): Promise<number> => detail.evaluate((element) => Reflect.get(element, "scrollTop"));
    const before = await scrolled();
    await api.request("POST", `/accounts/${STUDIO.id}/replies/${await card.getAttribute("data-id")}/cancel`);
    await card.getByText("Cancelled", { exact: true }).waitFor();
    expect(await page.evaluate("document.activeElement === window.before[0]")).toBe(true);
    expect(await page.evaluate("document.querySelector('.detail pre') === window.before[1]")).toBe(true);
    // As far as the card that has lost its buttons lets it.
    expect(Math.abs((await scrolled()) - before)).toBeLessThan(80);
  });
});

describe("a reader who prefers reduced motion", () => {
  it.each([
    ["reduce", "none"],
    ["no-preference", "shimmer"],
  ] as const)("gets it as the system says: %s", async (reducedMotion, animation) => {
    const page = await open("/console", { reducedMotion });
    await page.route("**/api/**", () => new Promise(() => undefined));
    await page.goto(`${ACCOUNT}/replies`);
    await page.locator(".skeleton i").first().waitFor();
    expect(await page.evaluate("getComputedStyle(document.querySelector('.skeleton i')).animationName")).toBe(
      animation,
    );
  });
});
