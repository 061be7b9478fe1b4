import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { launch, openPage, signIn, type WatchedPage } from "./chromium.ts";
import { reach, STUDIO } from "./stack.ts";
import { commentItem, deliver, inboxItem, messageItem, newPerson } from "./traffic.ts";

/** What strangers may write. Each would call `alert`, leave a mark on `window`, or ask another address, if it ran. */
const HOSTILE = [
  "<script>window.ran=1;alert(1)</script>",
  "<img src=x onerror=window.ran=1;alert(1)>",
  '"><svg/onload=window.ran=1;alert(1)>',
  "'-alert(1)-'",
  "</script><script>window.ran=1</script>",
  "</textarea><script>window.ran=1</script>",
  "</title><script>window.ran=1</script>",
  "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
  "<a href=javascript:window.ran=1>click</a>",
  "<style>*{display:none!important}</style>",
  "<base href=//evil.example/><form action=//evil.example>",
  "<meta http-equiv=refresh content='0;url=//evil.example'>",
  "<link rel=stylesheet href=//evil.example/x.css>",
  "{{constructor.constructor('window.ran=1')()}} ${window.ran=1}",
  "\u202Egnihtemos\u202C \u2066x\u2069 \u0000\u0007\uFFFE",
  "]]><!--<script>window.ran=1</script>-->",
  "javascript:window.ran=1//",
  "data:text/html,<script>parent.ran=1</script>",
] as const;

const url = inject("url");
const { meta, api, replyline } = reach(url);
const ACCOUNT = `/console/accounts/${STUDIO.id}`;
const people = HOSTILE.map((text) => newPerson(text));
/** An owner's text with braces that form no field is refused; a stranger's braces are text. */
const ownText = (text: string): string => text.replaceAll("{{", "{ {").replaceAll("}}", "} }");
const automations = HOSTILE.map((text, index) => ({
  id: `hostile-${index}`,
  name: text,
  enabled: true,
  trigger: { on: "comment", keywords: [text], match: "contains", mediaIds: [] },
  actions: {
    privateReply: { text: `Reply: ${ownText(text)} {{username}} {{text}}` },
    publicReply: { texts: [`Public: ${ownText(text)}`] },
  },
}));
const guide = HOSTILE.map((text, index) => ({ text, id: `179000000002000${String(index).padStart(2, "0")}` }));

let browser: Browser;
let watched: WatchedPage;
let kept: unknown;

beforeAll(async () => {
  browser = await launch();
  kept = await api.request("GET", `/accounts/${STUDIO.id}/automations`);
  await api.request("PUT", `/accounts/${STUDIO.id}/automations`, { items: automations });
  // Nothing is sent: what waits stays on the page that lists it.
  await api.request("PUT", `/accounts/${STUDIO.id}/settings`, { deferSeconds: 3_600 });
  await api.request("PUT", "/incident", { stopped: true, reason: HOSTILE.join(" ").slice(0, 300) });
  const stranger = newPerson(HOSTILE[1]);
  await deliver(
    meta,
    guide.map(({ text, id }, index) => commentItem(text, people[index] ?? stranger, { id })),
  );
  // Before a person replies: automations are paused from then on.
  const answered = async (): Promise<boolean> => {
    const replies = await replyline.replies(STUDIO.id);
    return guide.every(({ id }) => replies.some(({ to }) => "commentId" in to && to.commentId === id));
  };
  await vi.waitUntil(answered, { timeout: 30_000, interval: 500 });
  await deliver(
    meta,
    HOSTILE.flatMap((text, index) => {
      const person = people[index] ?? stranger;
      return [messageItem(text, person, { agoMs: 10_000 }), inboxItem(text, person)];
    }),
  );
  await meta.deliver(HOSTILE.map((text) => JSON.stringify({ object: "instagram", entry: text })));
  for (const [index, text] of HOSTILE.entries()) {
    const value = { id: `1${index}`, from: { id: "77", username: text }, text, media: { id: text } };
    const letter = {
      v: 1,
      id: `instagram:${text}:comment:${index}`,
      accountId: `hostile "'<b>${index}`,
      object: "instagram",
      kind: "comment",
      field: text,
      occurredAt: Date.now(),
      receivedAt: Date.now(),
      deliveryId: text,
      test: false,
      proof: { secret: text, form: "raw" },
      raw: JSON.stringify({ field: "comments", value }),
    };
    await fetch(`${url}/__dead`, { method: "POST", body: JSON.stringify(letter) });
  }
  const buried = async (): Promise<number> =>
    (await api.request<{ items: unknown[] }>("GET", "/dead-letters?limit=200")).items.length;
  await vi.waitUntil(async () => (await buried()) >= HOSTILE.length, { timeout: 30_000, interval: 500 });
  watched = await openPage(browser, url, { viewport: { width: 1500, height: 1_800 } });
  await signIn(watched.page, ACCOUNT);
});

afterAll(async () => {
  await watched.close();
  await browser.close();
  await api.request("PUT", "/incident", { stopped: false });
  const { items } = kept as { items: unknown };
  await api.request("PUT", `/accounts/${STUDIO.id}/automations`, { items });
  await api.request("PUT", `/accounts/${STUDIO.id}/settings`, { deferSeconds: 4 });
});

/** Nothing ran, no other host was called, and the policy had nothing to stop. */
async function expectHarmless(): Promise<void> {
  expect(await watched.page.evaluate("window.ran")).toBeUndefined();
  expect(watched.offenses).toEqual([]);
}

/** Enough of it to be recognized, before the characters that no page keeps. */
const shown = (text: string): string => text.slice(0, 10);

describe("what strangers write is text and nothing else", () => {
  it("in the live feed, row by row and opened", async () => {
    const { page } = watched;
    await page.goto(ACCOUNT);
    for (const { text, id } of guide) {
      const eventId = `instagram:${STUDIO.id}:comment:${id}`;
      await page.evaluate(`location.hash = ${JSON.stringify(encodeURIComponent(eventId))}`);
      const detail = page.locator("[data-part=detail]");
      await detail.getByText(eventId, { exact: true }).waitFor();
      expect((await detail.locator(".reply .message-text").allTextContents()).join()).toContain(shown(ownText(text)));
      await detail.getByRole("button", { name: "As received" }).click();
      await page.locator(".row").first().waitFor();
      await expectHarmless();
    }
  });

  it("in the search of the feed and of the accounts", async () => {
    const { page } = watched;
    await page.goto(ACCOUNT);
    for (const text of HOSTILE) {
      const answered = page.waitForResponse((response) => response.url().includes("/feed?search="));
      await page.getByLabel("Search events").fill(text);
      await answered;
    }
    for (const text of HOSTILE) {
      await page.goto(`/console?search=${encodeURIComponent(text)}`);
      expect(await page.getByLabel("Search accounts").inputValue()).toContain(shown(text));
    }
    await expectHarmless();
  });

  it("in the replies of every state", async () => {
    const { page } = watched;
    await page.goto(`${ACCOUNT}/replies`);
    for (const state of ["pending", "sending", "sent", "refused", "uncertain", "cancelled", "expired"]) {
      await page.locator(`#tab-${state}`).click();
      await page.locator("#replies:not([aria-busy])").waitFor();
      await expectHarmless();
    }
    // A person has replied to each of them: no reply is pending any more.
    await page.locator("#tab-cancelled").click();
    await page
      .locator(".reply", { hasText: shown(HOSTILE[0]) })
      .first()
      .waitFor();
  });

  it("in the automations: list, questions, form, preview, backtest, JSON and versions", async () => {
    const { page } = watched;
    await page.goto(`${ACCOUNT}/automations`);
    for (const { name } of automations) {
      await page.locator(".automation").first().waitFor();
      await page
        .locator(".automation", { hasText: shown(name) })
        .first()
        .getByRole("button", { name: /^Remove/ })
        .click();
      expect(await page.getByRole("dialog").textContent()).toContain(shown(name));
      await page.keyboard.press("Escape");
      await page
        .locator(".automation", { hasText: shown(name) })
        .first()
        .getByRole("button", { name: /^Edit/ })
        .click();
      await page.getByRole("button", { name: "Test with recorded events" }).click();
      await page.getByText(/It would have been triggered/).waitFor();
      await page.getByText("Edit as JSON").click();
      await expectHarmless();
      await page.getByRole("button", { name: "Back to the list" }).click();
    }
    await page.getByRole("button", { name: "Versions" }).click();
    await page.getByRole("heading", { name: "Versions" }).waitFor();
    await expectHarmless();
  });

  it("in the conversations, in the list and in each thread", async () => {
    const { page } = watched;
    await page.goto(`${ACCOUNT}/conversations`);
    await page.locator(".people-list li").first().waitFor();
    await expectHarmless();
    for (const person of people) {
      await page.goto(`${ACCOUNT}/conversations/${person.id}`);
      await page.locator(".bubbles-thread li").first().waitFor();
      expect(await page.locator("h1").textContent()).toContain(shown(person.username));
      await expectHarmless();
    }
  });

  it("in quarantine and dead letters, opened", async () => {
    const { page } = watched;
    for (const list of ["quarantine", "dead-letters"]) {
      await page.goto("/console/failed-events");
      await page.getByRole("tab", { name: list === "quarantine" ? /Quarantine/ : /Dead letters/ }).click();
      await page.locator("#failed-events:not([aria-busy]) .card").first().waitFor();
      for (const summary of await page.locator(".card summary").all()) await summary.click();
      await expectHarmless();
    }
  });

  it("in the overview, the doctor, the settings, the sign-in and pages that do not exist", async () => {
    const { page } = watched;
    const places = [
      "/console",
      "/console/doctor",
      `${ACCOUNT}/settings`,
      ...HOSTILE.map((text) => `/console/accounts/${encodeURIComponent(text)}`),
      ...HOSTILE.map((text) => `/console/sign-in?to=${encodeURIComponent(text)}`),
      ...HOSTILE.map((text) => `/console/${encodeURIComponent(text)}`),
    ];
    for (const place of places) {
      await page.goto(place);
      // A signed-in reader is redirected.
      await page.waitForURL((address) => !address.pathname.startsWith("/console/sign-in"));
      await expectHarmless();
      expect(new URL(page.url()).origin).toBe(url);
    }
  });
});
