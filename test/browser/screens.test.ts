import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launch, openPage, signIn } from "./chromium.ts";
import { reach, STUDIO } from "./stack.ts";
import { commentItem, deliver, inboxItem, messageItem, newPerson } from "./traffic.ts";

/** Git ignores it: to be looked at. */
const FOLDER = "screenshots";

const url = inject("url");
const { meta, replyline } = reach(url);
const ACCOUNT = `/console/accounts/${STUDIO.id}`;

const WORDS = [
  "love this!",
  "could you send me the guide?",
  "where did you get that vase?",
  "the link, please",
  "so calm",
  "Guide",
  "wie schön, Grüße aus Köln",
  "is there a guide for the blue one as well?",
];
const NAMES = ["mara.k", "jonas_weld", "lia.and.the.sea", "teo", "pottery.by.ines", "kwame.a", "sofia.r", "noor"];

interface Look {
  name: string;
  options: BrowserContextOptions;
}

const LOOKS: Look[] = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "dark", options: { colorScheme: "dark" } },
  { name: "phone", options: { colorScheme: "light", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 } },
];

let browser: Browser;
let thread = "";

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await launch();
  const people = NAMES.map(newPerson);
  const [first, second, third] = people;
  if (first === undefined || second === undefined || third === undefined) throw new Error("people are missing");
  thread = third.id;
  const comments = WORDS.map((text, index) => commentItem(text, people[index] ?? first));
  await deliver(meta, [...comments, messageItem("are you open on Sunday?", second), messageItem("hello!", third)]);
  await deliver(meta, [inboxItem("Hi Lia, I will have a look and write back.", third)]);
  await meta.deliver(['{"object":"instagram","entry":"something else than entries"}']);
  await replyline.putSettings(STUDIO.id, { deferSeconds: 60 });
  await deliver(meta, [commentItem("guide please", first), commentItem("link?", second)]);
});

afterAll(async () => {
  await replyline.putSettings(STUDIO.id, { deferSeconds: 4 });
  await browser.close();
});

describe.each(LOOKS)("every page, $name", ({ name, options }) => {
  it("is drawn whole, within its width", async () => {
    const { page, offences, close } = await openPage(browser, url, options);
    const shoot = async (what: string): Promise<void> => {
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${FOLDER}/${what}-${name}.png` });
      const tooWide = await page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth",
      );
      expect(tooWide, `${what} scrolls sideways`).toBe(false);
    };
    await page.goto("/console/sign-in");
    await shoot("sign-in");
    await signIn(page, "/console");
    await shoot("overview");
    await page.goto(ACCOUNT);
    await page.locator(".row").first().waitFor();
    await shoot("feed");
    await page.locator(".row", { hasText: "guide" }).first().click();
    await page.getByRole("heading", { name: "What Meta wrote" }).waitFor();
    await shoot("event");
    await page.goto(`${ACCOUNT}/replies`);
    await page.locator(".reply").first().waitFor();
    await shoot("replies");
    await page.goto(`${ACCOUNT}/automations`);
    await page.locator(".automation").first().waitFor();
    await shoot("automations");
    await page.getByRole("button", { name: /^Edit/ }).first().click();
    await page.getByRole("button", { name: "Try it on captured events" }).click();
    await page.getByText(/It would have fired/).waitFor();
    await shoot("automation");
    await page.goto(`${ACCOUNT}/automations`);
    await page.getByRole("button", { name: "Versions" }).click();
    await page.getByRole("heading", { name: "Versions" }).waitFor();
    await shoot("versions");
    await page.goto(`${ACCOUNT}/conversations`);
    await page.locator(".people-list li").first().waitFor();
    await shoot("conversations");
    await page.goto(`${ACCOUNT}/conversations/${thread}`);
    await page.locator(".bubbles-thread li").first().waitFor();
    await shoot("conversation");
    await page.goto(`${ACCOUNT}/settings`);
    await shoot("settings");
    await page.goto("/console/kept");
    await page.locator(".card").first().waitFor();
    await shoot("kept");
    await page.goto("/console/doctor");
    await page.locator(".findings").first().waitFor({ timeout: 20_000 });
    await shoot("doctor");
    await page.goto("/console/nothing-here");
    await shoot("not-found");
    expect(offences).toEqual([]);
    await close();
  });
});
