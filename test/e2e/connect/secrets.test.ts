import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { INSTAGRAM_SECRET, KEY_1, KEY_2, META_SECRET, owner, Stack } from "./connect-stack.ts";

const ANA = "17841460928374651";
const BO = "17841460928370002";
const PAGE = "112233445566778";
const PERSON = "1045872930164827";
const OTHER = "1045872930164999";
const WAIT = { timeout: 20_000, interval: 100 };

/** The prefix of every token of the simulator, and of one that was pasted manually. */
const TOKENS = ["IGAAsimulated", "EAAsimulated", "IGAAcanaryPastedToken"];

const GUIDE = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: [] },
  actions: { privateReply: { text: "Hi {{username}}, here it is" } },
  deferSeconds: 0,
};

const stack = new Stack();

interface Reply {
  state: string;
  to: { commentId?: string };
}

const states = async (account: string): Promise<string[]> => {
  const { items } = await stack.api<{ items: Reply[] }>("GET", `/accounts/${account}/replies?limit=200`);
  return items.map(({ state }) => state);
};

const sentCount = async (): Promise<number> => (await states(ANA)).filter((state) => state === "sent").length;

async function connectAna(): Promise<void> {
  const browser = owner();
  const done = await browser.open(await browser.logIn(`${stack.url}/connect/instagram`, ANA));
  expect(done.status).toBe(200);
}

beforeAll(async () => {
  await stack.start();
  for (const [id, username] of [
    [ANA, "ana.studio"],
    [BO, "bo.bakes"],
  ]) {
    await stack.meta("PUT", `/accounts/${id}`, { platform: "instagram", login: "instagram", username });
  }
  await stack.meta("PUT", `/accounts/${PAGE}`, { platform: "page", name: "Ana Page" });
}, 120_000);
afterAll(() => stack.remove());

describe("the key that encrypts tokens", () => {
  it("can be changed while replies are in flight, and no reply fails", async () => {
    await connectAna();
    await stack.api("PUT", `/accounts/${ANA}/automations`, { items: [GUIDE] });
    for (let n = 0; n < 24; n++) await stack.comment(ANA, `1800000000000${1000 + n}`, `${PERSON}${n}`, "guide please");
    // All in the ledger (the local queue does not survive a restart), and some in flight.
    await vi.waitFor(async () => expect(await states(ANA)).toHaveLength(24), WAIT);
    await vi.waitFor(async () => expect(await sentCount()).toBeGreaterThan(4), WAIT);
    expect((await states(ANA)).some((state) => state === "pending")).toBe(true);
    await stack.stop();

    await stack.start({ TOKEN_ENCRYPTION_KEY: `${KEY_2},${KEY_1}` });
    const sentBefore = await sentCount();
    await vi.waitFor(async () => expect(await sentCount()).toBeGreaterThan(sentBefore), WAIT);
    await stack.stop();

    // After one use under the new key, the token no longer needs the old key.
    await stack.start({ TOKEN_ENCRYPTION_KEY: KEY_2 });
    const settings = { pacing: { privateReplyBurst: 100 } };
    await stack.api("PUT", `/accounts/${ANA}/settings`, settings);
    await vi.waitFor(async () => expect(await states(ANA)).toEqual(Array.from({ length: 24 }, () => "sent")), {
      ...WAIT,
      timeout: 60_000,
    });
    expect(await stack.api("GET", `/accounts/${ANA}`)).toMatchObject({ hold: null });
  }, 180_000);

  it("leaves no token in any file of the state or in the log", async () => {
    // A Facebook login that ends where Pages are chosen: its user token waits encrypted, and was asked about at Meta.
    const browser = owner();
    const choice = await browser.open(await browser.logIn(`${stack.url}/connect/facebook`, PAGE));
    expect(await choice.text()).toContain("Ana Page");
    // Another one is finished.
    const chosen = await browser.open(await browser.logIn(`${stack.url}/connect/facebook`, PAGE));
    const step = /name="step" value="([\w-]+)"/.exec(await chosen.text())?.[1] ?? "";
    const body = new URLSearchParams({ step, target: `page:${PAGE}` });
    const headers = { origin: stack.url };
    const done = await browser.open(`${stack.url}/connect/facebook/choose`, { method: "POST", body, headers });
    expect(await done.text()).toContain("Ana Page is connected");
    const pasted = { platform: "instagram", login: "instagram", accessToken: "IGAAcanaryPastedToken" };
    await stack.api("PUT", `/accounts/${BO}`, pasted);
    await stack.api("GET", "/doctor");
    await stack.stop();
    const files = stack.stateFiles();
    expect(files.filter((file) => file.endsWith(".sqlite")).length).toBeGreaterThanOrEqual(4);
    // The search finds what is there…
    expect(stack.filesWith("guide please").length).toBeGreaterThan(0);
    // …and no token is.
    for (const token of TOKENS) {
      expect(stack.filesWith(token), token).toEqual([]);
      expect(stack.log().includes(token), token).toBe(false);
    }
    for (const secret of [INSTAGRAM_SECRET, META_SECRET]) expect(stack.filesWith(secret)).toEqual([]);
  }, 120_000);
});

describe("erasing", () => {
  beforeEach(() => stack.running({ TOKEN_ENCRYPTION_KEY: KEY_2 }));

  it("a person leaves nothing of them in any table, and a late delivery brings nothing back", async () => {
    await stack.api("PUT", `/accounts/${BO}`, {
      platform: "instagram",
      login: "instagram",
      accessToken: (await stack.meta<{ accessToken: string }>("POST", "/tokens", { accountId: BO })).accessToken,
    });
    await stack.api("PUT", `/accounts/${BO}/automations`, { items: [GUIDE] });
    await stack.comment(BO, "18000000000002001", PERSON, "guide canary-of-the-person");
    await stack.comment(BO, "18000000000002002", OTHER, "guide canary-of-another");
    await vi.waitFor(async () => expect(await states(BO)).toEqual(["sent", "sent"]), WAIT);

    const made = await stack.api<{ code: string; people: number; finishedAt: number | null }>("POST", "/erasures", {
      id: PERSON,
    });
    expect(made).toMatchObject({ people: 1, erased: 0, finishedAt: expect.any(Number) as number });
    // It happened before the erasure, but arrived late.
    await stack.comment(BO, "18000000000002003", PERSON, "guide canary-of-the-person", 60);
    await vi.waitFor(() => expect(stack.log()).toContain("erased_event_refused"), WAIT);
    const events = JSON.stringify(await stack.api("GET", `/accounts/${BO}/events`));
    expect(events).toContain(OTHER);
    expect(events).not.toContain(PERSON);
    await stack.stop();
    expect(stack.tablesWith("canary-of-another").length).toBeGreaterThan(0);
    expect(stack.tablesWith("canary-of-the-person")).toEqual([]);
    // Ana's people have longer ids that begin with the same digits.
    expect(stack.tablesWith(`"${PERSON}"`)).toEqual([]);
  }, 120_000);

  it("an account by Meta's signed request shows its state, and leaves nothing behind", async () => {
    const { items } = await stack.meta<{ items: { id: string; appScopedId: string }[] }>("GET", "/accounts");
    const user_id = items.find(({ id }) => id === ANA)?.appScopedId ?? "";
    const payload = { user_id, issued_at: Math.floor(Date.now() / 1_000), expires: 0 };
    for (const path of ["/deauthorize", "/data-deletion"]) {
      const forged = await stack.signedRequest(path, payload, "another_secret");
      expect([forged.status, await forged.text()]).toEqual([400, ""]);
    }
    expect((await fetch(`${stack.url}/data-deletion`, { method: "POST", body: "x=1" })).status).toBe(400);
    expect((await fetch(`${stack.url}/deauthorize`)).status).toBe(405);
    expect(await stack.api("GET", `/accounts/${ANA}`)).toMatchObject({ connected: true });

    const answer = await stack.signedRequest("/data-deletion", payload, INSTAGRAM_SECRET);
    const { url, confirmation_code } = (await answer.json()) as { url: string; confirmation_code: string };
    expect(url).toBe(`${stack.url}/data-deletion/${confirmation_code}`);
    const again = await stack.signedRequest("/data-deletion", payload, INSTAGRAM_SECRET);
    expect(await again.json()).toEqual({ url, confirmation_code });
    const status = await (await fetch(url)).text();
    expect(status).toContain("Your data has been deleted");
    expect(status).toContain(confirmation_code);
    expect(status).not.toContain(user_id);
    expect((await fetch(`${stack.url}/data-deletion/${"0".repeat(32)}`)).status).toBe(404);

    await expect(stack.api("GET", `/accounts/${ANA}`)).rejects.toThrow("returned 404");
    await stack.comment(ANA, "18000000000001999", PERSON, "guide please", 60);
    await vi.waitFor(() => expect(stack.log()).toContain(`"erased_event_refused","accountId":"${ANA}"`), WAIT);
    await expect(stack.api("GET", `/accounts/${ANA}`)).rejects.toThrow("returned 404");
    await stack.stop();
    expect(stack.filesWith("guide please")).toEqual([]);
    expect(stack.filesWith(user_id)).toEqual([]);
  }, 120_000);

  it("by removing the app keeps the automations for a new login", async () => {
    await connectAna();
    await stack.api("PUT", `/accounts/${ANA}/automations`, { items: [GUIDE] });
    const { items } = await stack.meta<{ items: { id: string; appScopedId: string }[] }>("GET", "/accounts");
    const user_id = items.find(({ id }) => id === ANA)?.appScopedId ?? "";
    const payload = { user_id, issued_at: Math.floor(Date.now() / 1_000) + 1 };
    expect((await stack.signedRequest("/deauthorize", payload, INSTAGRAM_SECRET)).status).toBe(200);
    await expect(stack.api("GET", `/accounts/${ANA}`)).rejects.toThrow("returned 404");
    await connectAna();
    expect(await stack.api("GET", `/accounts/${ANA}/automations`)).toMatchObject({ items: [{ id: "guide" }] });
  });
});
