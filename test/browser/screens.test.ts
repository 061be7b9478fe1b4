import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { launch, openPage, signIn } from "./chromium.ts";
import { LOOKS, shoot } from "./looks.ts";
import { BAKERY, reach, STUDIO } from "./stack.ts";
import { commentItem, deliver, inboxItem, messageItem, newPerson } from "./traffic.ts";

const url = inject("url");
const { meta, api, replyline } = reach(url);
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

let browser: Browser;
let thread = "";

/** Traffic of all sorts; what is answered waits long enough to be looked at. */
beforeAll(async () => {
  browser = await launch();
  const people = NAMES.map(newPerson);
  const [first, second, third] = people;
  if (first === undefined || second === undefined || third === undefined) throw new Error("people are missing");
  thread = third.id;
  const comments = WORDS.map((text, index) => commentItem(text, people[index] ?? first));
  await deliver(meta, [
    ...comments,
    messageItem("are you open on Sunday?", second),
    messageItem("hello!", third, { agoMs: 10_000 }),
  ]);
  await deliver(meta, [inboxItem("Hi Lia, I will have a look and write back.", third)]);
  await meta.deliver(['{"object":"instagram","entry":"something else than entries"}']);
  await meta.control("POST", "/faults", {
    on: "private_reply",
    accountId: STUDIO.id,
    times: 1,
    does: { kind: "error", code: 551 },
  });
  await meta.control("POST", "/faults", {
    on: "message",
    accountId: STUDIO.id,
    times: 1,
    does: { kind: "error", code: 1, status: 500 },
  });
  await deliver(meta, [
    commentItem("guide!", newPerson("gone.by.then")),
    messageItem("are you open today?", newPerson("in.doubt")),
  ]);
  const settled = async (): Promise<boolean> => (await countOf("uncertain")) > 0 && (await countOf("refused")) > 0;
  await vi.waitUntil(settled, { timeout: 30_000, interval: 500 });
  await replyline.putSettings(STUDIO.id, { deferSeconds: 60 });
  await deliver(meta, [commentItem("guide please", first), commentItem("link?", second)]);
});

afterAll(async () => {
  await replyline.putSettings(STUDIO.id, { deferSeconds: 4 });
  await browser.close();
});

const countOf = async (state: string): Promise<number> => {
  const { state: all } = await api.request<{ state: { replies: Record<string, number> } }>(
    "GET",
    `/accounts/${STUDIO.id}`,
  );
  return all.replies[state] ?? 0;
};

interface Screen {
  name: string;
  path: string;
  /** Waits for what is to be seen, or does what leads to it. */
  ready: (page: Page) => Promise<void>;
}

const seen = (selector: string) => (page: Page) => page.locator(selector).first().waitFor({ timeout: 20_000 });

const tab =
  (state: string) =>
  async (page: Page): Promise<void> => {
    await page.locator(`#tab-${state}`).click();
    await page.locator(`.reply.${state}`).first().waitFor();
  };

const screens = (): Screen[] => [
  { name: "overview", path: "/console", ready: seen(".account-row") },
  { name: "feed", path: ACCOUNT, ready: seen(".row") },
  {
    name: "event",
    path: ACCOUNT,
    ready: async (page) => {
      await page.locator(".row", { hasText: "guide please" }).first().click();
      await page.getByRole("heading", { name: "Original data from Meta" }).waitFor();
    },
  },
  { name: "replies", path: `${ACCOUNT}/replies`, ready: seen(".reply") },
  { name: "replies-sent", path: `${ACCOUNT}/replies`, ready: tab("sent") },
  { name: "replies-refused", path: `${ACCOUNT}/replies`, ready: tab("refused") },
  { name: "replies-uncertain", path: `${ACCOUNT}/replies`, ready: tab("uncertain") },
  { name: "automations", path: `${ACCOUNT}/automations`, ready: seen(".automation") },
  {
    name: "automation",
    path: `${ACCOUNT}/automations`,
    ready: async (page) => {
      await page.getByRole("button", { name: /^Edit/ }).first().click();
      await page.getByRole("button", { name: "Test with recorded events" }).click();
      await page.getByText(/It would have been triggered/).waitFor();
      await page.evaluate("scrollTo(0, 0)");
    },
  },
  {
    name: "automation-json",
    path: `${ACCOUNT}/automations`,
    ready: async (page) => {
      await page.getByRole("button", { name: "New automation" }).click();
      await page.getByText("Edit as JSON").click();
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("Enter a name.").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "versions",
    path: `${ACCOUNT}/automations`,
    ready: async (page) => {
      await page.getByRole("button", { name: "Versions" }).click();
      await page.getByRole("heading", { name: "Versions" }).waitFor();
    },
  },
  { name: "conversations", path: `${ACCOUNT}/conversations`, ready: seen(".people-list li") },
  { name: "conversation", path: `${ACCOUNT}/conversations/${thread}`, ready: seen(".bubbles-thread li") },
  { name: "settings", path: `${ACCOUNT}/settings`, ready: seen(".choice") },
  { name: "page-account", path: `/console/accounts/${BAKERY.id}`, ready: seen(".row, .empty") },
  { name: "failed-events", path: "/console/failed-events", ready: seen(".card") },
  { name: "doctor", path: "/console/doctor", ready: seen(".findings") },
  { name: "not-found", path: "/console/nothing-here", ready: seen("h1") },
];

describe.each(LOOKS)("every page, $name", (look) => {
  it("fits its width, is legible, and is labelled for screen readers", async () => {
    const { page, offenses, close } = await openPage(browser, url, look.options);
    await page.goto("/console/sign-in");
    await shoot(page, "sign-in", look);
    await signIn(page, "/console");
    for (const { name, path, ready } of screens()) {
      // A fragment alone would not reload the page.
      await page.goto(path);
      await ready(page);
      await shoot(page, name, look);
    }
    expect(offenses).toEqual([]);
    await close();
  });
});
