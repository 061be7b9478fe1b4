/** A failure is shown, and nothing is lost: neither the list on the page nor a text that was typed. */
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { reach, STUDIO } from "./stack.ts";
import { commentItem, deliver, newPerson } from "./traffic.ts";
import { signedInPages } from "./watched-page.ts";

const url = inject("url");
const { meta } = reach(url);
const ACCOUNT = `/console/accounts/${STUDIO.id}`;
const FAILED = {
  status: 503,
  json: { error: { code: "unavailable", message: "The account did not answer." } },
};

const openSignedIn = signedInPages();

/** The first page of a list is there, and the next one cannot be read. */
const open = (path: string, api: string, first: object): Promise<Page> =>
  openSignedIn(path, (page) =>
    page.route(`**/api/**/${api}**`, (route) =>
      route.request().url().includes("cursor=") ? route.fulfill(FAILED) : route.fulfill({ json: first }),
    ),
  );

const said = (page: Page, words = "The account did not answer."): Promise<void> =>
  page.locator("#toasts .toast.bad").getByText(words).waitFor();

const REPLY = {
  id: "r1",
  eventId: null,
  automationId: null,
  kind: "message",
  lane: "message",
  to: { recipientId: "1" },
  about: null,
  personId: "1",
  message: { text: "still here" },
  state: "pending",
  reason: null,
  createdAt: 1,
  dueAt: Date.now() + 600_000,
  expiresAt: Date.now() + 900_000,
  attempts: 0,
  failures: 0,
  attemptAt: null,
  ambiguous: false,
  sentAt: null,
  messageId: null,
  estimatedAt: Date.now() + 600_000,
};
const PERSON = { personId: "1", username: "some.one", lastInboundAt: null, windowClosesAt: null, heldUntil: null };
const CONVERSATION = { ...PERSON, heldBy: null, updatedAt: Date.now() };
const SAID = { by: "person", at: Date.now(), sentAt: null, kind: "message", text: "still here", eventId: "e1" };
const THREAD = {
  conversation: CONVERSATION,
  nextCursor: "older",
  items: [{ ...SAID, replyId: null, state: null, reason: null, automationId: null }],
};
const KEPT = {
  id: "q1",
  accountId: null,
  reason: "not_json",
  receivedAt: Date.now(),
  deliveryId: "d1",
  encoding: "utf8",
  body: "still here".padEnd(2_000, "x"),
  replayedAt: null,
};

describe("a next page that cannot be read", () => {
  it.each([
    ["Load more", `${ACCOUNT}/replies`, "replies", { items: [REPLY], nextCursor: "older" }],
    ["Earlier messages", `${ACCOUNT}/conversations/1`, "conversations/1", THREAD],
    ["Load more", `${ACCOUNT}/conversations`, "conversations", { items: [CONVERSATION], nextCursor: "older" }],
    ["Load older events", "/console/failed-events", "quarantine", { items: [KEPT], nextCursor: "older" }],
  ])("is said by %s on %s, and what is there stays", async (button, path, api, first) => {
    const page = await open(path, api, first);
    await page.getByRole("button", { name: button, exact: true }).click();
    await said(page);
    expect(await page.locator(".reply, .bubble, .people-list li, .card").count()).toBeGreaterThan(0);
    expect(await page.getByRole("button", { name: button, exact: true }).isEnabled()).toBe(true);
  });
});

describe("a button that fails", () => {
  it("says so for all of a long body", async () => {
    const page = await open("/console/failed-events", "quarantine", { items: [KEPT], nextCursor: null });
    await page.route("**/api/quarantine/q1", (route) => route.fulfill(FAILED));
    await page.getByText("Original data from Meta").click();
    await page.getByRole("button", { name: "Load all of it" }).click();
    await said(page);
  });

  it("says so for a copy that the browser does not let through", async () => {
    await deliver(meta, [commentItem("a text to copy", newPerson("copied.one"))]);
    const page = await openSignedIn(ACCOUNT, (opened) =>
      opened.addInitScript("navigator.clipboard.writeText = () => Promise.reject(new Error('Not allowed here.'))"),
    );
    await page.locator(".row").first().click();
    await page.getByRole("button", { name: "Copy" }).click();
    await said(page, "Not allowed here.");
  });
});

describe("a conversation whose connection is away", () => {
  it("says that it is, and keeps what it shows", async () => {
    const page = await open(`${ACCOUNT}/conversations/1`, "conversations/1", THREAD);
    await page.locator("[data-live=live]").waitFor();
    await page.context().setOffline(true);
    await page.getByText("Disconnected, reconnecting").waitFor();
    await page.locator(".bubble", { hasText: "still here" }).waitFor();
    await page.context().setOffline(false);
    await page.locator("[data-live=live]").waitFor({ timeout: 30_000 });
  });
});

describe("settings that are not saved yet", () => {
  it("are asked about when the page is left, by a link or because the session is over, and not once they are saved", async () => {
    const asked: string[] = [];
    const page = await openSignedIn(`${ACCOUNT}/settings`);
    page.on("dialog", (dialog) => asked.push(dialog.type()));
    const field = page.getByLabel("Pause automations for");
    const was = await field.inputValue();
    await field.click();
    await field.fill("77");
    await page.getByRole("link", { name: "Replies" }).click();
    await page.waitForURL("**/replies**");
    expect(asked).toEqual(["beforeunload"]);

    await page.goto(`${ACCOUNT}/settings`);
    await field.click();
    await field.fill("78");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. The new settings apply now.").waitFor();
    await field.fill(was);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. The new settings apply now.").waitFor();
    await page.goto(`${ACCOUNT}/replies`);
    expect(asked).toEqual(["beforeunload"]);

    await page.goto(`${ACCOUNT}/settings`);
    await field.click();
    await field.fill("79");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Admin token").waitFor();
    expect(asked).toEqual(["beforeunload", "beforeunload"]);
  });
});
