import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Connection } from "../../../src/api/account.ts";
import { accountDetail, accountItem as itemSchema, profile as profileSchema } from "../../../src/api/account.ts";
import { pageOf } from "../../../src/api/building-blocks.ts";
import {
  ACCOUNT_ID,
  accountItem,
  accountState,
  badFields,
  call,
  CANARY_TOKEN,
  fakeEnv,
  profile,
  refusal,
} from "./fakes.ts";

const CONNECTION: Connection = { platform: "instagram", login: "instagram", accessToken: CANARY_TOKEN };

afterEach(() => {
  vi.restoreAllMocks();
});

describe("GET /api/accounts", () => {
  it("lists accounts, and passes search, connected and limit to the Directory", async () => {
    const accounts = vi.fn(async () => ({
      items: [accountItem(), accountItem({ id: "2", connected: false })],
      nextCursor: null,
    }));
    const response = await call(
      fakeEnv({ directory: { accounts } }),
      "GET /api/accounts?search=Ana%20B&connected=false&limit=7",
    );
    expect(response.status).toBe(200);
    const page = v.parse(pageOf(itemSchema), await response.json());
    expect(page.items.map(({ id }) => id)).toEqual([ACCOUNT_ID, "2"]);
    expect(page.nextCursor).toBeNull();
    expect(accounts).toHaveBeenCalledExactlyOnceWith({ limit: 7, search: "Ana B", connected: false });
  });
});

describe("GET /api/accounts/:id", () => {
  it("returns the Directory's item with the account's current values and state", async () => {
    const hold = {
      problem: "token",
      code: "190/460",
      reason: "token_dead",
      since: 1_795_000_000_000,
      until: null,
    } as const;
    const state = accountState({ hold, settings: { ...accountState().settings, sending: "paused" } });
    const env = fakeEnv({ account: { state: async () => state } });
    const response = await call(env, `GET /api/accounts/${ACCOUNT_ID}`);
    expect(response.status).toBe(200);
    const detail = v.parse(accountDetail, await response.json());
    expect(detail).toMatchObject({
      id: ACCOUNT_ID,
      connected: true,
      hold: "token",
      sending: "paused",
      lastEventAt: state.lastEventAt,
      lastReplyAt: state.lastReplyAt,
      state: { hold, events: 12, profile: { login: "instagram" } },
    });
    expect(env.asked).toEqual(["directory directory", `account ${ACCOUNT_ID}`]);
  });

  it("returns 404 for an unknown id, and creates no object for it", async () => {
    const routes = [
      "GET /api/accounts/1",
      "DELETE /api/accounts/1",
      "GET /api/accounts/1/settings",
      "GET /api/accounts/1/automations",
      "GET /api/accounts/1/events",
      "GET /api/accounts/1/replies",
      "POST /api/accounts/1/replies/r-1/cancel",
      "GET /api/accounts/1/subscriptions",
    ];
    for (const route of routes) {
      const env = fakeEnv({ directory: { account: async () => null } });
      expect(await refusal(await call(env, route)), route).toMatchObject({ status: 404, code: "account_not_found" });
      expect(env.asked).toEqual(["directory directory"]);
    }
  });
});

describe("PUT /api/accounts/:id", () => {
  it("connects the account with all given values, and returns no token", async () => {
    const logged = vi.spyOn(console, "log");
    // An object could return the token by mistake; the API returns only listed fields.
    const leaky = { ...profile({ sendAs: "99" }), accessToken: CANARY_TOKEN };
    const link = vi.fn(async () => leaky);
    const body = {
      ...CONNECTION,
      platform: "page",
      login: "facebook",
      sendAs: "99",
      username: "ana",
      tokenExpiresAt: 1_800_000_000_000,
    };
    const response = await call(fakeEnv({ account: { link } }), `PUT /api/accounts/${ACCOUNT_ID}`, { body });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).not.toContain(CANARY_TOKEN);
    expect(v.parse(v.strictObject(profileSchema.entries), JSON.parse(text))).toEqual(profile({ sendAs: "99" }));
    expect(link).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, body);
    expect(logged).not.toHaveBeenCalled();
  });

  it("returns and logs no token when the account fails", async () => {
    const logged = vi.spyOn(console, "log");
    const link = async () => Promise.reject(new Error(`cannot store ${CANARY_TOKEN}`));
    const response = await call(fakeEnv({ account: { link } }), `PUT /api/accounts/${ACCOUNT_ID}`, {
      body: CONNECTION,
    });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(CANARY_TOKEN);
    const line = JSON.stringify(logged.mock.calls);
    expect(line).toContain("PUT /api/accounts/:id");
    expect(line).not.toContain(CANARY_TOKEN);
  });

  it.each<[string, unknown, string[]]>([
    ["nothing", {}, ["platform", "login", "accessToken"]],
    ["another platform", { ...CONNECTION, platform: "whatsapp" }, ["platform"]],
    ["a Page with Instagram Login", { ...CONNECTION, platform: "page" }, ["login"]],
    ["an empty token", { ...CONNECTION, accessToken: "" }, ["accessToken"]],
    ["a token with a line break", { ...CONNECTION, accessToken: `${CANARY_TOKEN}\n` }, ["accessToken"]],
    ["a misspelled key", { ...CONNECTION, sendas: "1" }, ["sendas"]],
    ["an id that is a number", { ...CONNECTION, sendAs: 99 }, ["sendAs"]],
    ["a time in seconds", { ...CONNECTION, tokenExpiresAt: 1_800_000_000 }, ["tokenExpiresAt"]],
    ["a list", [], ["body"]],
    ["a text", '"hello"', ["body"]],
    ["null", "null", ["body"]],
  ])("refuses %s, and returns the field but not the value", async (_what, body, fields) => {
    const response = await call(fakeEnv(), `PUT /api/accounts/${ACCOUNT_ID}`, { body });
    const text = await response.clone().text();
    expect(await badFields(response)).toEqual(fields);
    expect(text).not.toContain(CANARY_TOKEN);
  });

  it.each(["ana.studio", "@ana", "0", "017841400000000001", "1e5", "-5"])(
    "refuses to connect the id %s, which no webhook can have",
    async (id) => {
      const env = fakeEnv();
      const response = await call(env, `PUT /api/accounts/${encodeURIComponent(id)}`, { body: CONNECTION });
      expect(await badFields(response)).toEqual(["id"]);
      expect(env.asked).toEqual([]);
    },
  );
});

describe("DELETE /api/accounts/:id", () => {
  it("deletes the token", async () => {
    const unlink = vi.fn(async () => undefined);
    const response = await call(fakeEnv({ account: { unlink } }), `DELETE /api/accounts/${ACCOUNT_ID}`);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(unlink).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID);
  });
});
