import { describe, expect, it } from "vitest";
import type { Subscription } from "../../../../src/meta/graph/reading.ts";
import { ACCOUNT, inAccount, NOON, type TestAccount } from "../harness.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const APP = "1184729305561827";

interface Asked {
  method: string;
  fields: string[];
  at: number;
}

/** The subscription at Meta, and the requests that were made. */
function graph(account: TestAccount, start: string[] = []) {
  const meta = { fields: start, refuses: null as string | null, ignores: false, asked: [] as Asked[] };
  account.subscriptions = async (_profile, _token, request) => {
    meta.asked.push({
      method: request.method,
      fields: request.method === "POST" ? request.fields : [],
      at: account.now,
    });
    if (request.method === "GET") {
      const apps: Subscription[] = [{ appId: "999", fields: ["leadgen"] }];
      if (meta.fields.length > 0) apps.push({ appId: APP, fields: meta.fields });
      return { ok: true, value: apps };
    }
    if (meta.refuses !== null) return { ok: false, error: { reason: "refused", code: meta.refuses } };
    if (!meta.ignores) meta.fields = request.method === "POST" ? request.fields : [];
    return { ok: true, value: [] };
  };
  return meta;
}

async function connectPage(account: TestAccount): Promise<void> {
  const token = { accessToken: "token-not-real", issuedAt: account.now };
  await account.core.link(ACCOUNT, { platform: "page", login: "facebook", ...token });
  account.check = () => ({ ok: true, value: { accountId: ACCOUNT, ownerId: null, scopes: null } });
}

const want = (account: TestAccount, fields: string[], add = false) =>
  account.core.subscribedApps(ACCOUNT, { method: "POST", fields, add });

describe("a subscription", () => {
  it("is compared once a day, and not changed when it is right", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed", "messages"]);
      meta.asked.length = 0;
      await account.pass(3 * DAY);
      expect(meta.asked.map(({ method, at }) => [method, (at - NOON) / DAY])).toEqual([
        ["GET", 1],
        ["GET", 2],
        ["GET", 3],
      ]);
      expect(account.core.state().subscription).toMatchObject({
        state: "ok",
        missing: [],
        wanted: ["feed", "messages"],
      });
    }));

  it("that Meta has removed is restored, together with the fields that are still there", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed", "messages"]);
      meta.fields = ["mention"];
      await account.pass(DAY);
      expect(meta.fields).toEqual(["mention", "feed", "messages"]);
      expect(account.core.state().subscription).toMatchObject({ state: "repaired", missing: ["feed", "messages"] });
      expect(account.logged).toContain("subscription_repaired");
      await account.pass(DAY);
      expect(account.core.state().subscription).toMatchObject({ state: "ok", missing: [] });
    }));

  it("that Meta refuses to restore is reported with Meta's code, and retried every day", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed"]);
      meta.fields = [];
      meta.refuses = "200";
      await account.pass(2 * DAY);
      expect(account.core.state().subscription).toMatchObject({ state: "refused", missing: ["feed"], code: "200" });
      expect(meta.asked.filter(({ method, at }) => method === "POST" && at > NOON)).toHaveLength(2);
      expect(account.logged).toContain("subscription_missing");
    }));

  it("that Meta accepts but does not store is reported as missing, not repaired", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed", "messages"]);
      meta.fields = ["feed"];
      meta.ignores = true;
      await account.pass(DAY);
      expect(account.core.state().subscription).toMatchObject({ state: "missing", missing: ["messages"] });
    }));

  it("is compared at once after an outage", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed"]);
      meta.fields = [];
      account.core.auditSubscription();
      await account.pass(11 * 60_000);
      expect(meta.fields).toEqual(["feed"]);
    }));

  it("is compared again after an hour when Meta did not respond", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed"]);
      const list = account.subscriptions;
      account.subscriptions = async () => {
        account.subscriptions = list;
        return { ok: false, error: { reason: "unavailable", code: "timeout" } };
      };
      meta.asked.length = 0;
      await account.pass(DAY + HOUR);
      expect(meta.asked.map(({ at }) => (at - NOON) / HOUR)).toEqual([25]);
      expect(account.core.state().subscription?.state).toBe("ok");
    }));

  it("can be added to, because a Page and its Instagram account share one", () =>
    inAccount(async (account) => {
      const meta = graph(account, ["feed", "messages"]);
      await connectPage(account);
      expect(await want(account, ["mention"], true)).toMatchObject({ ok: true });
      expect(meta.fields).toEqual(["feed", "messages", "mention"]);
      expect(account.core.state().subscription?.wanted).toEqual(["mention"]);
      await want(account, ["name"]);
      expect(meta.fields).toEqual(["name"]);
    }));

  it("that failed at the login is retried within minutes, and a refused one the next day", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      const list = account.subscriptions;
      const login = { method: "POST", fields: ["feed", "messages"], add: true, keepTrying: true } as const;
      account.subscriptions = async () => {
        account.subscriptions = list;
        return { ok: false, error: { reason: "unavailable", code: "timeout" } };
      };
      expect(await account.core.subscribedApps(ACCOUNT, { ...login, fields: [...login.fields] })).toMatchObject({
        ok: false,
      });
      expect(account.core.state().subscription).toMatchObject({ state: "missing", missing: ["feed", "messages"] });
      await account.pass(11 * 60_000);
      expect(meta.fields).toEqual(["feed", "messages"]);
      expect(account.core.state().subscription?.state).toBe("repaired");

      meta.refuses = "200";
      await account.core.subscribedApps(ACCOUNT, { ...login, fields: ["mention"] });
      expect(account.core.state().subscription).toMatchObject({ state: "refused", wanted: ["mention"], code: "200" });
      meta.refuses = null;
      await account.pass(23 * HOUR);
      expect(meta.fields).toEqual(["feed", "messages"]);
      await account.pass(2 * HOUR);
      expect(meta.fields).toEqual(["feed", "messages", "mention"]);
    }));

  it("is retried when the call failed, but only after a login", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      const list = account.subscriptions;
      const broken = (): void => {
        account.subscriptions = async () => {
          account.subscriptions = list;
          throw new Error("the sender is gone");
        };
      };
      broken();
      await want(account, ["feed"]);
      expect(account.core.state().subscription).toBeNull();
      broken();
      await account.core.subscribedApps(ACCOUNT, { method: "POST", fields: ["feed"], keepTrying: true });
      await account.pass(11 * 60_000);
      expect(meta.fields).toEqual(["feed"]);
    }));

  it("of an Instagram account with Facebook Login never loses the Page's fields", () =>
    inAccount(async (account) => {
      const meta = graph(account, ["feed", "messages"]);
      const behind = { platform: "instagram", login: "facebook", sendAs: "112233445566778" } as const;
      await account.core.link(ACCOUNT, { ...behind, accessToken: "token-not-real", issuedAt: account.now });
      await want(account, ["mention"]);
      expect(meta.fields).toEqual(["feed", "messages", "mention"]);
    }));

  it("that was removed on purpose is not restored", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed"]);
      await account.core.subscribedApps(ACCOUNT, { method: "DELETE" });
      meta.asked.length = 0;
      await account.pass(2 * DAY);
      expect(meta.asked).toEqual([]);
      expect(account.core.state().subscription).toBeNull();
    }));

  it("of the other login is deleted, and a new token starts a comparison", () =>
    inAccount(async (account) => {
      const meta = graph(account);
      await connectPage(account);
      await want(account, ["feed"]);
      meta.fields = [];
      await connectPage(account);
      await account.pass(11 * 60_000);
      expect(meta.fields).toEqual(["feed"]);
      await account.connect();
      expect(account.core.state().subscription).toBeNull();
    }));
});
