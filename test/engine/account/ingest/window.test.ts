/** The window for messages depends on what opened it. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../../src/core/automation/automation.ts";
import { ACCOUNT, HELLO, inAccount, message, messageFrom, NOON, PERSON, type TestAccount } from "../harness.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AD = { source: "ADS", type: "OPEN_THREAD", ad_id: "120210", ads_context_data: { ad_title: "Spring sale" } };

async function send(account: TestAccount, key: string) {
  const wanted = { to: { recipientId: PERSON }, message: { text: "hi" }, deferSeconds: 0, idempotencyKey: key };
  return (await account.core.createReply(ACCOUNT, wanted)).ok;
}

describe("a conversation that an ad opened", () => {
  it("takes messages for seven days", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(message("m1", "hi", { more: { referral: AD } }));
      account.now = NOON + 6 * DAY;
      expect(await send(account, "k1")).toBe(true);
      account.now = NOON + 7 * DAY;
      expect(await send(account, "k2")).toBe(false);
    }));

  it("keeps its ad for later messages", () =>
    inAccount(async (account) => {
      const greet: Automation = { ...HELLO, actions: { message: { text: "About {{ad.title}} ({{ad.id}})" } } };
      await account.connect([greet]);
      await account.ingest(message("m1", "hi", { more: { referral: AD } }));
      await account.ingest(message("m2", "hello", { at: NOON + 2 * DAY }));
      account.now = NOON + 2 * DAY;
      await account.pass(HOUR);
      expect(account.sends[0]?.message.text).toBe("About Spring sale (120210)");
    }));

  it("is not one because of a link", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(message("m1", "hi", { more: { referral: { source: "SHORTLINK", ref: "summer" } } }));
      account.now = NOON + 2 * DAY;
      expect(await send(account, "k1")).toBe(false);
    }));
});

describe("a conversation that a message opened", () => {
  it("takes messages for a day, and a later message opens it again", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(message("m1", "hi"));
      account.now = NOON + 23 * HOUR;
      expect(await send(account, "k1")).toBe(true);
      account.now = NOON + DAY;
      expect(await send(account, "k2")).toBe(false);
      await account.ingest(message("m2", "hi", { at: account.now }), messageFrom("71", "m3", "hi"));
      expect(await send(account, "k3")).toBe(true);
    }));

  it("refuses a delay that ends after the window", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(message("m1", "hi"));
      const late = { to: { recipientId: PERSON }, message: { text: "hi" }, deferSeconds: 86_400, idempotencyKey: "k" };
      expect(await account.core.createReply(ACCOUNT, late)).toEqual({ ok: false, error: { reason: "outside_window" } });
    }));
});
