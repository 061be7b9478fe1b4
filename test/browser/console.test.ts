import type { Page } from "playwright-core";
import { afterEach, describe, expect, inject, it } from "vitest";
import { signIn } from "./chromium.ts";
import { ADMIN_TOKEN, reach, STUDIO, TOKEN_START } from "./stack.ts";
import { commentItem, deliver, inboxItem, messageItem, newPerson } from "./traffic.ts";
import { watchedPages } from "./watched-page.ts";

const url = inject("url");
const { meta, api, replyline } = reach(url);
const ACCOUNT = `/console/accounts/${STUDIO.id}`;

let opened: Page[] = [];

const openWatched = watchedPages();

afterEach(async () => {
  for (const page of opened) expect(await page.content()).not.toMatch(TOKEN_START);
  opened = [];
});

async function open(): Promise<Page> {
  const page = await openWatched();
  opened.push(page);
  return page;
}

async function signedIn(path: string): Promise<Page> {
  const page = await open();
  await signIn(page, path);
  return page;
}

const count = async (page: Page, state: string): Promise<number> =>
  Number((await page.locator(`#tab-${state} .count`).textContent())?.replaceAll(",", ""));

/** What people wrote in the newest events of the account. */
async function capturedTexts(): Promise<string[]> {
  const { items } = await api.request<{ items: { raw: string }[] }>("GET", `/accounts/${STUDIO.id}/events?limit=50`);
  return items.map(({ raw }) => (JSON.parse(raw) as { value?: { text?: string } }).value?.text ?? "");
}

describe("signing in", () => {
  it("refuses a wrong token without saying more, takes the right one, and goes where it was wanted", async () => {
    const page = await open();
    await page.goto(`${ACCOUNT}/settings`);
    await page.getByLabel("Admin token").fill("admin-token-that-is-wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The admin token is not correct.").waitFor();
    expect(await page.context().cookies()).toEqual([]);

    await page.getByLabel("Admin token").fill(ADMIN_TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: `@${STUDIO.username}` }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${ACCOUNT}/settings`);

    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
    expect(await page.evaluate("document.cookie")).toBe("");
  });

  it("ends with signing out: neither page nor API opens after that", async () => {
    const page = await signedIn("/console");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Admin token").waitFor();
    await page.goto("/console");
    expect(new URL(page.url()).pathname).toBe("/console/sign-in");
    expect((await page.request.get("/api/accounts")).status()).toBe(401);
  });

  it("is not required again after a link from another site", async () => {
    const page = await signedIn("/console");
    await page.goto(`/console/sign-in?to=${encodeURIComponent(`${ACCOUNT}/replies`)}`);
    await page.waitForURL(`**${ACCOUNT}/replies`);
  });
});

describe("a comment", () => {
  it("appears without a reload, and its reply counts down and is sent exactly once", async () => {
    const feed = await signedIn(ACCOUNT);
    const replies = await signedIn(`${ACCOUNT}/replies`);
    await feed.locator("[data-live=live]").waitFor();
    await replies.locator("[data-live=live]").waitFor();
    const sentBefore = await count(replies, "sent");

    const person = newPerson("first.watcher");
    await deliver(meta, [commentItem("could I have the guide?", person, { id: "17900000000100001" })]);

    const row = feed.locator(".row", { hasText: "could I have the guide?" });
    await row.getByText("first.watcher").waitFor({ timeout: 5_000 });
    await row.getByText("Pending").waitFor();
    const card = replies.locator(".reply", { hasText: "Hi first.watcher" });
    await card.getByText(/due in 0:0[1-4]/).waitFor();

    await card.waitFor({ state: "detached", timeout: 15_000 });
    await expect.poll(() => count(replies, "sent"), { timeout: 10_000 }).toBeGreaterThan(sentBefore);
    await row.getByText("Sent").waitFor({ timeout: 10_000 });
    const sent = (await meta.sent(STUDIO.id)).filter(({ commentId }) => commentId === "17900000000100001");
    expect(sent.map(({ kind }) => kind).sort()).toEqual(["private_reply", "public_reply"]);
  });

  it("shows its identity, its delivery, its proof, its duplicates and why each automation did what it did", async () => {
    const page = await signedIn(ACCOUNT);
    const person = newPerson("twice.told");
    const id = "17900000000100002";
    const item = commentItem("just saying hello", person, { id });
    await deliver(meta, [item]);
    await page.locator(".row", { hasText: "twice.told" }).click();
    const detail = page.locator("[data-part=detail]");
    await detail.getByText("none", { exact: true }).waitFor();
    // In a delivery of more than 25, so that it is the account that knows it again, not the receiver.
    const others = Array.from({ length: 26 }, (_, index) => commentItem(`remark ${index}`, newPerson("somebody.else")));
    await deliver(meta, [item, ...others]);
    await detail.getByText("1, dropped").waitFor();
    await detail.getByText(`instagram:${STUDIO.id}:comment:${id}`).waitFor();
    await detail.getByText("Send the guide has no matching keyword").waitFor();
    await detail.getByText("Opening hours has a different trigger").waitFor();
    await detail.getByText("instagram, signature over the body as received").waitFor();
    expect(await detail.locator("pre.raw").textContent()).toContain(`"id": "${id}"`);
    await detail.getByRole("button", { name: "As received" }).click();
    const event = await api.request<{ raw: string }>(
      "GET",
      `/accounts/${STUDIO.id}/events/${encodeURIComponent(`instagram:${STUDIO.id}:comment:${id}`)}`,
    );
    expect(await detail.locator("pre.raw").textContent()).toBe(event.raw);
  });

  it("is found again by its words, and with the keyboard alone", async () => {
    const page = await signedIn(ACCOUNT);
    await deliver(meta, [commentItem("ein Wörtchen über Grüße 🌊", newPerson("sea.shell"))]);
    await page.locator(".row", { hasText: "sea.shell" }).waitFor();
    await page.getByLabel("Search events").fill("über Grüße");
    await expect.poll(() => page.locator(".row").count()).toBe(1);
    await page.locator("[data-part=rows]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator("[data-part=detail]").getByRole("heading", { name: "Comment" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("[data-part=detail]").waitFor({ state: "hidden" });
    expect(await page.evaluate("document.activeElement.className")).toContain("row");
  });

  it("that arrives while the connection is away is there when it comes back, and the page says that it was away", async () => {
    const page = await signedIn(ACCOUNT);
    await page.locator("[data-live=live]").waitFor();
    await page.context().setOffline(true);
    await page.getByText("Disconnected, reconnecting").waitFor();
    await deliver(meta, [commentItem("while you were away", newPerson("quiet.hour"))]);
    await page.context().setOffline(false);
    await page.locator("[data-live=live]").waitFor({ timeout: 30_000 });
    await page.locator(".row", { hasText: "while you were away" }).waitFor();
  });

  it("waits for a paused feed to go on", async () => {
    const page = await signedIn(ACCOUNT);
    await page.locator("[data-live=live]").waitFor();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await deliver(meta, [commentItem("not yet to be seen", newPerson("patient.one"))]);
    await page.getByRole("button", { name: /Show \d+ new event/ }).waitFor();
    expect(await page.locator(".row", { hasText: "not yet to be seen" }).count()).toBe(0);
    await page.getByRole("button", { name: /Show \d+ new event/ }).click();
    await page.locator(".row", { hasText: "not yet to be seen" }).waitFor();
  });
});

describe("an automation", () => {
  it("is made with the form, previewed, backtested and saved, answers from then on, and can be taken back", async () => {
    const { version } = await api.request<{ version: number }>("GET", `/accounts/${STUDIO.id}/automations`);
    const asker = newPerson("early.bird");
    await deliver(meta, [commentItem("is the workshop on Sunday?", asker)]);
    // A backtest is of what is captured by then: accepted by the receiver is not yet taken from the queue.
    await expect.poll(() => capturedTexts()).toContain("is the workshop on Sunday?");
    const page = await signedIn(`${ACCOUNT}/automations`);
    await page.getByRole("button", { name: "New automation" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Workshop dates");
    expect(await page.getByLabel("Id", { exact: true }).inputValue()).toBe("workshop-dates");
    await page.getByLabel("Keywords").fill("workshop");
    await page.getByLabel("Private reply").fill("Hi {{username|there}}: Sundays at 10.");
    const preview = page.getByRole("region", { name: "Preview" });
    await preview.getByText("Hi mara.k: Sundays at 10.").waitFor();
    await preview.getByText("25 of 1,000 bytes").waitFor();

    await page.getByLabel("Private reply").fill("ä".repeat(501));
    await preview.getByText("1,002 of 1,000 bytes, too long: it will be cut").waitFor();
    await page.getByLabel("Private reply").fill("Hi {{username|there}}: Sundays at 10.");

    await page.getByRole("button", { name: "Test with recorded events" }).click();
    const backtest = page.getByRole("region", { name: "Backtest" });
    await backtest.getByText(/It would have been triggered [1-9]\d* time/).waitFor();
    await backtest.getByText("Hi early.bird: Sundays at 10.").waitFor();

    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(`Saved as version ${version + 1}.`).waitFor();
    await deliver(meta, [commentItem("workshop?", newPerson("late.riser"), { id: "17900000000100003" })]);
    await expect
      .poll(async () => (await meta.sent(STUDIO.id)).find(({ commentId }) => commentId === "17900000000100003")?.text, {
        timeout: 20_000,
      })
      .toBe("Hi late.riser: Sundays at 10.");

    await page.getByRole("button", { name: "Versions" }).click();
    await page.getByText("“Workshop dates” added").waitFor();
    await page.getByRole("button", { name: "Load this version" }).first().click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(`Saved as version ${version + 2}.`).waitFor();
    const { items } = await api.request<{ items: { id: string }[] }>("GET", `/accounts/${STUDIO.id}/automations`);
    expect(items.map(({ id }) => id)).not.toContain("workshop-dates");
  });

  it("says what is wrong with it before it is saved, and takes JSON as well as the form", async () => {
    const page = await signedIn(`${ACCOUNT}/automations`);
    await page.getByRole("button", { name: "New automation" }).click();
    await page.getByText("Enter a name.").waitFor();
    await page.getByText("Edit as JSON").click();
    await page.getByLabel("The automation as JSON").fill("{ not json");
    await expect.poll(() => page.locator("#json-problem").textContent()).not.toBe("");
    const written = {
      id: "by-json",
      name: "Written by hand",
      trigger: { on: "message", keywords: ["price"] },
      actions: { message: { text: "It is 12 a piece." } },
    };
    await page.getByLabel("The automation as JSON").fill(JSON.stringify(written));
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Written by hand");
    await page.getByRole("region", { name: "Preview" }).getByText("It is 12 a piece.").waitFor();
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("region", { name: "Preview" }).getByText("It is 12 a piece.").waitFor();
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await page.locator(".automation").first().waitFor();
    expect(await page.getByText("Written by hand").count()).toBe(0);
  });

  it("is switched off and moved by hand, and neither holds before it is saved", async () => {
    const page = await signedIn(`${ACCOUNT}/automations`);
    const before = await api.request<{ items: { id: string; enabled: boolean }[] }>(
      "GET",
      `/accounts/${STUDIO.id}/automations`,
    );
    await page.getByRole("switch", { name: "Opening hours is on" }).click({ force: true });
    await page.getByRole("button", { name: "Move Opening hours up" }).click();
    await page.getByText("Unsaved changes").waitFor();
    expect(await api.request("GET", `/accounts/${STUDIO.id}/automations`)).toEqual(before);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("Unsaved changes").waitFor({ state: "detached" });
  });
});

describe("a reply", () => {
  it("with an unknown delivery status shows what is known, and is resolved by hand", async () => {
    await meta.control("POST", "/faults", {
      on: "message",
      accountId: STUDIO.id,
      times: 1,
      does: { kind: "error", code: 1, status: 500 },
    });
    await deliver(meta, [messageItem("are you open on Friday?", newPerson("in.doubt"))]);
    const page = await signedIn(`${ACCOUNT}/replies#uncertain`);
    await page.locator("#tab-uncertain").click();
    const card = page.locator(".reply.uncertain").first();
    await card.getByText("What is known").waitFor({ timeout: 20_000 });
    await card.getByText("An unknown internal error at Meta.").waitFor();
    await card.getByText("No echo has arrived.").waitFor();
    const id = await card.getAttribute("data-id");
    await card.getByRole("button", { name: "It was delivered" }).click();
    await card.waitFor({ state: "detached" });
    expect(await api.request("GET", `/accounts/${STUDIO.id}/replies/${id}`)).toMatchObject({
      state: "sent",
      reason: "resolved",
    });
  });

  it("that Meta refuses shows Meta's reason in plain words", async () => {
    await meta.control("POST", "/faults", {
      on: "private_reply",
      accountId: STUDIO.id,
      times: 1,
      does: { kind: "error", code: 100, subcode: 2534025 },
    });
    // Under a comment younger than a minute, the reply is tried once more.
    await deliver(meta, [commentItem("guide!", newPerson("refused.one"), { agoMs: 120_000 })]);
    const page = await signedIn(`${ACCOUNT}/replies`);
    await page.locator("#tab-refused").click();
    const card = page.locator(".reply.refused", { hasText: "Hi refused.one" });
    await card.getByText("The comment cannot get a private reply").waitFor({ timeout: 20_000 });
    await card.getByText("Check the inbox").waitFor();
  });

  it("is cancelled, or sent at once", async () => {
    await replyline.putSettings(STUDIO.id, { deferSeconds: 600 });
    try {
      await deliver(meta, [
        commentItem("guide for me", newPerson("changed.mind"), { id: "17900000000100004" }),
        commentItem("guide for me too", newPerson("in.a.hurry"), { id: "17900000000100005" }),
      ]);
      const page = await signedIn(`${ACCOUNT}/replies`);
      const cancelled = page.locator(".reply", { hasText: "Hi changed.mind" });
      await cancelled.getByRole("button", { name: "Cancel" }).click();
      // While the pointer is there the card stays, and says what it has become.
      await cancelled.getByText("Cancelled", { exact: true }).waitFor();
      await page.mouse.move(0, 0);
      await cancelled.waitFor({ state: "detached" });
      await page.locator(".reply", { hasText: "Hi in.a.hurry" }).getByRole("button", { name: "Send now" }).click();
      await expect
        .poll(async () => (await meta.sent(STUDIO.id)).map(({ commentId }) => commentId), { timeout: 20_000 })
        .toContain("17900000000100005");
      expect((await meta.sent(STUDIO.id)).map(({ commentId }) => commentId)).not.toContain("17900000000100004");
    } finally {
      await replyline.putSettings(STUDIO.id, { deferSeconds: 4 });
    }
  });
});

describe("the failed events", () => {
  it("is a dead letter that is replayed into its account", async () => {
    const id = "17900000000100006";
    const eventId = `instagram:${STUDIO.id}:comment:${id}`;
    const now = Date.now();
    const deadLetter = {
      v: 1,
      id: eventId,
      accountId: STUDIO.id,
      object: "instagram",
      kind: "comment",
      field: "comments",
      occurredAt: now,
      receivedAt: now,
      deliveryId: "d".repeat(64),
      test: false,
      proof: { secret: "instagram", form: "raw" },
      raw: JSON.stringify({
        field: "comments",
        value: {
          id,
          from: { id: "5511223344556677", username: "lost.and.found" },
          text: "was I heard?",
          media: { id: "1" },
        },
      }),
    };
    await fetch(`${url}/__dead`, { method: "POST", body: JSON.stringify(deadLetter) });
    const page = await signedIn("/console/failed-events");
    await page.getByRole("tab", { name: /Dead letters/ }).click();
    const card = page.locator(`.card[data-id^="${eventId}"]`);
    await expect
      .poll(
        async () => {
          if ((await card.count()) === 0) {
            await page.reload();
            await page.waitForTimeout(500);
          }
          return await card.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    await card.getByRole("button", { name: "Replay" }).click();
    await page.getByText("Event delivered.").waitFor();
    await page.goto(ACCOUNT);
    await page.locator(".row", { hasText: "was I heard?" }).waitFor();
  });

  it("is an unreadable delivery, shown as it came, and thrown away only after a question", async () => {
    await meta.deliver(['{"object":"instagram","entry":"no list of entries"}']);
    const arrived = async (): Promise<boolean> => {
      const { items } = await api.request<{ items: { body: string }[] }>("GET", "/quarantine?limit=200");
      return items.some(({ body }) => body.includes("no list of entries"));
    };
    await expect.poll(arrived, { timeout: 20_000 }).toBe(true);
    const page = await signedIn("/console/failed-events");
    const card = page.locator(".card", { hasText: "The account cannot be determined" }).first();
    await card.getByText("Original data from Meta").click();
    await card.getByText('{"object":"instagram","entry":"no list of entries"}').waitFor();
    const id = await card.getAttribute("data-id");
    await card.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await page.locator(`[data-id="${id}"]`).count()).toBe(1);
    await card.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.locator(`[data-id="${id}"]`).waitFor({ state: "detached" });
  });
});

describe("why an event has failed", () => {
  it("is said in plain words", async () => {
    await meta.deliver(['{"object":"instagram","entry":[17841400000000000]}']);
    const arrived = async (): Promise<boolean> => {
      const { items } = await api.request<{ items: { reason: string }[] }>("GET", "/quarantine?limit=200");
      return items.some(({ reason }) => reason === "not_an_object");
    };
    await expect.poll(arrived, { timeout: 20_000 }).toBe(true);
    const page = await signedIn("/console/failed-events");
    await page.getByText("The body is JSON, but not in the format of a Meta delivery.").first().waitFor();
  });
});

describe("a conversation", () => {
  it("shows who answered, that automations stand back, and hands back", async () => {
    const person = newPerson("long.talk");
    await deliver(meta, [messageItem("hello, is anybody there?", person, { agoMs: 10_000 })]);
    await deliver(meta, [inboxItem("Yes, it is me, Ana.", person)]);
    const held = async (): Promise<string[]> => {
      const path = `/accounts/${STUDIO.id}/conversations?held=true`;
      return (await api.request<{ items: { personId: string }[] }>("GET", path)).items.map(({ personId }) => personId);
    };
    await expect.poll(held).toContain(person.id);
    const page = await signedIn(`${ACCOUNT}/conversations`);
    await page.getByLabel("Only with automations paused").check();
    await page.locator(`.people-list a[href$="${person.id}"]`).click();
    await page.getByText("Yes, it is me, Ana.").waitFor();
    await page.getByText("Automations paused: human handover").waitFor();
    await page.getByRole("button", { name: "Resume automations now" }).click();
    await page.getByText("Automations paused: human handover").waitFor({ state: "detached" });

    await deliver(meta, [messageItem("when are you open?", person)]);
    await page.getByText("We are open from 7 to 18").waitFor();
  });
});

describe("the switch that pauses all sending", () => {
  it("stops all sending while everything is captured, and lets it go on within the windows", async () => {
    const page = await signedIn("/console");
    await page.getByRole("button", { name: "Pause all sending" }).click();
    await page.getByLabel("Reason").fill("the link is wrong");
    await page.getByRole("dialog").getByRole("button", { name: "Pause all sending" }).click();
    await page.getByText("Sending is paused for all accounts", { exact: true }).waitFor();
    await page.getByText("the link is wrong").waitFor();

    const id = "17900000000100007";
    await deliver(meta, [commentItem("guide, please", newPerson("held.back"), { id })]);
    await page.goto(`${ACCOUNT}/replies`);
    const card = page.locator(".reply.pending", { hasText: "Hi held.back" });
    await card.waitFor();
    await page.waitForTimeout(6_000);
    expect((await meta.sent(STUDIO.id)).map(({ commentId }) => commentId)).not.toContain(id);

    await page.getByRole("button", { name: "Resume sending" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Resume sending" }).click();
    await page.getByText("Sending is paused for all accounts", { exact: true }).waitFor({ state: "detached" });
    await expect
      .poll(async () => (await meta.sent(STUDIO.id)).map(({ commentId }) => commentId), { timeout: 20_000 })
      .toContain(id);
  });

  it("stops one account alone", async () => {
    const page = await signedIn(ACCOUNT);
    await page.getByRole("button", { name: "Pause sending" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Pause sending" }).click();
    await page.getByText("Paused", { exact: true }).waitFor();
    expect(await api.request("GET", `/accounts/${STUDIO.id}/settings`)).toMatchObject({ sending: "paused" });
    await page.getByRole("button", { name: "Resume sending" }).click();
    await page.getByText("Paused", { exact: true }).waitFor({ state: "detached" });
    expect(await api.request("GET", `/accounts/${STUDIO.id}/settings`)).toMatchObject({ sending: "on" });
  });
});

describe("the settings", () => {
  it("are saved one by one, and a wrong one is named where it stands", async () => {
    const page = await signedIn(`${ACCOUNT}/settings`);
    await page.getByLabel("Delete events and finished replies after").fill("3");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("It must be a whole number from 8 to 365.").waitFor();
    await page.getByLabel("Delete events and finished replies after").fill("45");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. The new settings apply now.").waitFor();
    expect(await api.request("GET", `/accounts/${STUDIO.id}/settings`)).toMatchObject({ retentionDays: 45 });
  });
});

describe("the doctor", () => {
  it("shows its findings, and the theme that was chosen stays", async () => {
    const page = await signedIn("/console/doctor");
    await page.getByText("All secrets of the engine are set.").waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Switch between light and dark" }).click();
    const chosen = await page.locator("html").getAttribute("data-theme");
    await page.reload();
    expect(await page.locator("html").getAttribute("data-theme")).toBe(chosen);
  });
});
