import { describe, expect, it } from "vitest";
import { createTokenEncryption } from "../../../../src/engine/account/connection/token-encryption.ts";
import { getToken } from "../../../../src/engine/account/tables/credentials.ts";
import { setValue } from "../../../../src/engine/account/tables/settings.ts";
import { accepted, ACCOUNT, comment, GUIDE, inAccount, NOON, type TestAccount } from "../harness.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const OK_TOKEN = { ok: true, value: { accessToken: "token-2-not-real", expiresInMs: 60 * DAY } } as const;
const OK_CHECK = { ok: true, value: { accountId: ACCOUNT, ownerId: "app-scoped-9", scopes: null } } as const;
const DEAD = { ok: false, error: { reason: "account", code: "190/463", problem: "token" } } as const;

/** Connected by a login now. */
async function login(account: TestAccount, token = "token-1-not-real"): Promise<void> {
  await account.core.link(ACCOUNT, {
    platform: "instagram",
    login: "instagram",
    accessToken: token,
    issuedAt: account.now,
    tokenExpiresAt: account.now + 60 * DAY,
    scopes: ["instagram_business_basic"],
  });
  account.core.putAutomations(ACCOUNT, [GUIDE], null);
}

const refreshes = (account: TestAccount) => account.tokenCalls.filter((call) => call.do === "refresh");
const dayOf = (at: number): number => (at - NOON) / DAY;

describe("an account's token", () => {
  it("is refreshed on day 50 by the account's own alarm, and used from then on", () =>
    inAccount(async (account) => {
      await login(account);
      account.check = () => OK_CHECK;
      account.refresh = () => OK_TOKEN;
      await account.pass(51 * DAY);
      expect(refreshes(account).map(({ token, at }) => [token, dayOf(at)])).toEqual([["token-1-not-real", 50]]);
      expect(account.core.state()).toMatchObject({
        profile: { tokenExpiresAt: NOON + 110 * DAY },
        token: { expiresAt: NOON + 110 * DAY, warning: null, scopes: ["instagram_business_basic"] },
      });
      await account.ingest(comment("c1", {}, { at: account.now }));
      await account.pass(HOUR);
      expect(account.sends.map(({ token }) => token)).toEqual(["token-2-not-real"]);
    }));

  it("is tried once a day when Meta refuses, warns in its last week, and holds the account after it expires", () =>
    inAccount(async (account) => {
      await login(account);
      account.check = () => (account.now < NOON + 60 * DAY ? OK_CHECK : DEAD);
      account.refresh = () => ({ ok: false, error: { reason: "refused", code: "100" } });
      await account.pass(52 * DAY);
      expect(account.core.state().token?.warning).toBe("refused");
      await account.pass(6 * DAY);
      expect(account.logged).toContain("token_refused");
      await account.pass(4 * DAY);
      expect(refreshes(account).map(({ at }) => dayOf(at))).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
      expect(account.core.state()).toMatchObject({
        hold: { problem: "token", code: "190/463" },
        token: { warning: "expired" },
      });
    }));

  it("is tried again after an hour when Meta did not respond", () =>
    inAccount(async (account) => {
      await login(account);
      let silences = 3;
      account.check = () =>
        silences-- > 0 ? { ok: false, error: { reason: "unavailable", code: "timeout" } } : OK_CHECK;
      await account.pass(2 * DAY);
      const hours = account.tokenCalls.map(({ at }) => (at - NOON) / HOUR);
      expect(hours).toEqual([24, 25, 26, 27]);
      expect(account.core.state().hold).toBeNull();
    }));

  it("that became invalid holds the account before anything is sent, and waiting replies are sent with the new one", () =>
    inAccount(async (account) => {
      await login(account);
      account.check = () => DEAD;
      await account.pass(DAY);
      expect(account.core.state().hold).toMatchObject({ problem: "token", code: "190/463" });
      await account.ingest(comment("c1", {}, { at: account.now }));
      await account.pass(6 * DAY);
      expect(account.sends).toEqual([]);
      account.check = () => OK_CHECK;
      await login(account, "token-3-not-real");
      await account.pass(HOUR);
      expect(account.sends.map(({ token }) => token)).toEqual(["token-3-not-real"]);
      expect(account.reply().state).toBe("sent");
    }));

  it("ends the hold when Meta accepts it again, as after a confirmed checkpoint", () =>
    inAccount(async (account) => {
      await login(account);
      account.check = () => DEAD;
      await account.pass(DAY);
      await account.ingest(comment("c1", {}, { at: account.now }));
      account.check = () => OK_CHECK;
      await account.pass(DAY + HOUR);
      expect(account.core.state().hold).toBeNull();
      expect(account.reply().state).toBe("sent");
    }));

  it("is not overwritten by the response about an older one", () =>
    inAccount(async (account) => {
      await login(account);
      account.check = () => OK_CHECK;
      await account.pass(49.5 * DAY);
      let asked = false;
      account.refresh = () => {
        asked = true;
        return OK_TOKEN;
      };
      // The person connects again while the refresh is in flight.
      const { tokenEncryption } = account;
      account.tokenEncryption = {
        open: (owner, sealed) => tokenEncryption.open(owner, sealed),
        isCurrent: (sealed) => tokenEncryption.isCurrent(sealed),
        seal: async (owner, token) => {
          if (token === OK_TOKEN.value.accessToken) await login(account, "token-of-the-person");
          return await tokenEncryption.seal(owner, token);
        },
      };
      account.restart();
      await account.pass(DAY);
      expect(asked).toBe(true);
      expect(await account.tokenEncryption.open(ACCOUNT, getToken(account.sql) ?? "")).toBe("token-of-the-person");
    }));

  it("of another account is reported, and its owner is not stored for this account", () =>
    inAccount(async (account) => {
      await account.connect();
      account.check = () => ({
        ok: true,
        value: { accountId: "17841999999999999", ownerId: "somebody", scopes: null },
      });
      await account.pass(HOUR);
      expect(account.core.state().token).toMatchObject({ warning: "wrong_account", checkedAt: NOON + 600_000 });
      expect(account.owners).toEqual([]);
    }));

  it("of another account sends nothing, even after a refresh, until the right token is stored", () =>
    inAccount(async (account) => {
      await login(account);
      account.refresh = () => OK_TOKEN;
      account.check = () => ({ ok: true, value: { accountId: "17841999999999999", ownerId: null, scopes: null } });
      await account.pass(DAY);
      const held = account.core.state().hold;
      expect(held).toMatchObject({ problem: "token", code: "wrong_account", until: null });
      await account.pass(50 * DAY - HOUR);
      expect(refreshes(account).length).toBeGreaterThan(0);
      // The start of the hold does not change each day.
      expect(account.core.state()).toMatchObject({ hold: held, token: { warning: "wrong_account" } });
      await account.ingest(comment("c1", {}, { at: account.now }));
      await account.pass(2 * HOUR);
      expect(account.sends).toEqual([]);
      expect(account.reply().state).toBe("pending");
      account.check = () => OK_CHECK;
      await login(account, "token-3-not-real");
      await account.pass(HOUR);
      expect(account.sends.map(({ token }) => token)).toEqual(["token-3-not-real"]);
    }));

  it("is checked for its permissions at each examination, which shows a revoked one", () =>
    inAccount(async (account) => {
      const scopes = ["pages_messaging", "pages_show_list"];
      const page = { platform: "page", login: "facebook", accessToken: "token-not-real" } as const;
      await account.core.link(ACCOUNT, { ...page, scopes });
      account.check = () => ({ ok: true, value: { accountId: ACCOUNT, ownerId: null, scopes: ["pages_show_list"] } });
      const { state } = await account.core.examine(ACCOUNT);
      expect(state.token?.scopes).toEqual(["pages_show_list"]);
      await account.pass(2 * DAY);
      expect(account.tokenCalls.map(({ wantsFacts }) => wantsFacts)).toEqual([true, false, false]);
    }));

  it("warns before Meta ends access to the data of the person who connected it", () =>
    inAccount(async (account) => {
      const page = { platform: "page", login: "facebook", accessToken: "token-not-real" } as const;
      await account.core.link(ACCOUNT, { ...page, scopes: ["pages_show_list"] });
      const endsAt = account.now + 90 * DAY;
      const value = { accountId: ACCOUNT, ownerId: null, scopes: ["pages_show_list"], expiresAt: null };
      account.check = () => ({ ok: true, value: { ...value, dataAccessExpiresAt: endsAt } });
      await account.pass(2 * DAY);
      expect(account.core.state().token).toMatchObject({ dataAccessExpiresAt: endsAt, warning: null });
      await account.pass(75 * DAY);
      expect(account.core.state().token?.warning).toBe("data_access_ends");
      account.check = () => ({ ok: true, value: { ...value, dataAccessExpiresAt: endsAt + 90 * DAY } });
      await account.pass(2 * DAY);
      expect(account.core.state().token?.warning).toBeNull();
    }));

  it("tells the Directory who owns the account", () =>
    inAccount(async (account) => {
      await account.connect();
      account.check = () => OK_CHECK;
      await account.pass(HOUR);
      expect(account.owners).toEqual(["app-scoped-9"]);
    }));

  it("that an older version stored is maintained like any other", () =>
    inAccount(async (account) => {
      await login(account);
      setValue(account.sql, "token", null);
      account.check = () => OK_CHECK;
      account.refresh = () => OK_TOKEN;
      expect(account.core.state().token).toMatchObject({ expiresAt: NOON + 60 * DAY, checkedAt: null });
      await account.pass(51 * DAY);
      expect(refreshes(account).map(({ at }) => dayOf(at))).toEqual([50]);
    }));

  it("is not checked after the account is disconnected", () =>
    inAccount(async (account) => {
      await login(account);
      await account.core.unlink(ACCOUNT);
      await account.pass(3 * DAY);
      expect(account.tokenCalls).toEqual([]);
      expect(account.core.state().token).toBeNull();
    }));
});

describe("changing the key", () => {
  const OLD = new Uint8Array(32).fill(1);
  const NEW = new Uint8Array(32).fill(2);

  it("during the work causes no failure, and after the first use the old key is not needed", () =>
    inAccount(async (account) => {
      account.tokenEncryption = createTokenEncryption([OLD]);
      account.restart();
      await login(account);
      await account.ingest(...Array.from({ length: 40 }, (_, n) => comment(`c${n}`, { from: `person-${n}` })));
      const before = getToken(account.sql) ?? "";
      let sent = 0;
      account.answer = () => {
        sent += 1;
        return accepted(`mid.${sent}`);
      };
      await account.pass(12_000);
      expect(sent).toBeGreaterThan(0);
      expect(sent).toBeLessThan(40);
      // A deployment with the new key first: the object restarts and continues.
      account.tokenEncryption = createTokenEncryption([NEW, OLD]);
      account.restart();
      await account.pass(HOUR);
      expect(account.replies().map(({ state }) => state)).toEqual(Array.from({ length: 40 }, () => "sent"));
      const after = getToken(account.sql) ?? "";
      expect(after).not.toBe(before);
      expect(await createTokenEncryption([OLD]).open(ACCOUNT, after)).toBeNull();
      expect(await createTokenEncryption([NEW]).open(ACCOUNT, after)).toBe("token-1-not-real");
    }));

  it("without keeping the old one is reported, and loses no reply", () =>
    inAccount(async (account) => {
      account.tokenEncryption = createTokenEncryption([OLD]);
      account.restart();
      await login(account);
      await account.ingest(comment("c1"));
      account.tokenEncryption = createTokenEncryption([NEW]);
      account.restart();
      await account.pass(HOUR);
      expect(account.core.state().hold).toMatchObject({ problem: "token", code: "token_unreadable" });
      expect(account.logged).toContain("token_unreadable");
      account.tokenEncryption = createTokenEncryption([NEW, OLD]);
      account.restart();
      account.check = () => OK_CHECK;
      // Within minutes and not at the next daily check, because waiting replies have a window.
      await account.pass(15 * 60_000);
      expect(account.core.state().hold).toBeNull();
      expect(account.reply().state).toBe("sent");
    }));

  it.each<[string, ReturnType<TestAccount["check"]>, object | null]>([
    ["does not respond", { ok: false, error: { reason: "unavailable", code: "2" } }, null],
    [
      "refuses the token",
      { ok: false, error: { reason: "account", code: "190/460", problem: "token" } },
      { code: "190/460" },
    ],
  ])("and restoring the old key does not make calls to Meta more frequent when Meta %s", (_, answer, hold) =>
    inAccount(async (account) => {
      account.tokenEncryption = createTokenEncryption([OLD]);
      account.restart();
      await login(account);
      await account.ingest(comment("c1"));
      account.tokenEncryption = createTokenEncryption([NEW]);
      account.restart();
      await account.pass(HOUR);
      account.tokenEncryption = createTokenEncryption([NEW, OLD]);
      account.restart();
      let asked = 0;
      account.check = () => {
        asked++;
        return answer;
      };
      await account.pass(3 * HOUR);
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual(4);
      const now = account.core.state().hold;
      if (hold === null) expect(now).toBeNull();
      else expect(now).toMatchObject(hold);
    }),
  );
});
