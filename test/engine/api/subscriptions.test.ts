import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import { WEBHOOK_FIELDS } from "../../../src/meta/fields.ts";
import { pageOf } from "../../../src/api/building-blocks.ts";
import { webhookField } from "../../../src/api/subscription.ts";
import type { AccountRpc } from "../../../src/engine/object-rpc.ts";
import type { SubscribedAppsError } from "../../../src/engine/account/contract.ts";
import { ACCOUNT_ID, accountItem, badFields, call, fakeEnv, refusal } from "./fakes.ts";

const PATH = `/api/accounts/${ACCOUNT_ID}/subscriptions`;

const answering = (result: Awaited<ReturnType<AccountRpc["subscribedApps"]>>) =>
  vi.fn<AccountRpc["subscribedApps"]>(async () => result);

describe("an account's subscriptions", () => {
  it("are listed as Meta returns them", async () => {
    const apps = [{ appId: "1184729305561828", name: "Replyline", fields: ["comments", "messages"] }];
    const subscribedApps = answering({ ok: true, value: { apps } });
    const response = await call(fakeEnv({ account: { subscribedApps } }), `GET ${PATH}`);
    expect([response.status, await response.json()]).toEqual([200, { items: apps, nextCursor: null }]);
    expect(subscribedApps).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, { method: "GET" });
  });

  it("are set", async () => {
    const subscribedApps = answering({ ok: true, value: { apps: [] } });
    const fields = ["comments", "messages"];
    const response = await call(fakeEnv({ account: { subscribedApps } }), `POST ${PATH}`, { body: { fields } });
    expect([response.status, await response.json()]).toEqual([200, { fields }]);
    expect(subscribedApps).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, { method: "POST", fields });
  });

  it("are removed", async () => {
    const subscribedApps = answering({ ok: true, value: { apps: [] } });
    const response = await call(fakeEnv({ account: { subscribedApps } }), `DELETE ${PATH}`);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(subscribedApps).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, { method: "DELETE" });
  });

  it("are removed only by force while another connected account shares them", async () => {
    const subscribedApps = answering({ ok: true, value: { apps: [] } });
    const sharing = vi.fn(async () => ["104958372615049"]);
    const env = fakeEnv({ account: { subscribedApps }, directory: { sharing } });
    const { message, ...refused } = await refusal(await call(env, `DELETE ${PATH}`));
    expect(refused).toEqual({ status: 409, code: "subscription_shared" });
    expect(message).toContain("104958372615049");
    expect((await refusal(await call(env, `DELETE ${PATH}?force=false`))).code).toBe("subscription_shared");
    expect(subscribedApps).not.toHaveBeenCalled();
    expect((await call(env, `DELETE ${PATH}?force=true`)).status).toBe(204);
    expect(subscribedApps).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, { method: "DELETE" });
  });

  it.each<[SubscribedAppsError, number, string, string]>([
    [{ reason: "not_connected" }, 409, "not_connected", "PUT /api/accounts/:id"],
    [
      { reason: "refused", problem: "account", code: "10", message: "No permission." },
      502,
      "refused_by_meta",
      "error 10. No permission.",
    ],
    [{ reason: "unreachable", message: "Timeout." }, 502, "meta_unreachable", "Timeout."],
  ])("that fail with %j return %i", async (error, status, code, words) => {
    const env = fakeEnv({ account: { subscribedApps: answering({ ok: false, error }) } });
    const responses = [
      await call(env, `GET ${PATH}`),
      await call(env, `POST ${PATH}`, { body: { fields: ["comments"] } }),
      await call(env, `DELETE ${PATH}`),
    ];
    for (const response of responses) {
      const { message, ...rest } = await refusal(response);
      expect(rest).toEqual({ status, code });
      expect(message).toContain(words);
    }
  });

  it.each<[unknown, string[]]>([
    [{}, ["fields"]],
    [{ fields: [] }, ["fields"]],
    [{ fields: "comments" }, ["fields"]],
    [{ fields: ["comments", "Comments,messages"] }, ["fields[1]"]],
    [{ fields: ["comments", "feed", "", "mentions"] }, ["fields[2]"]],
    [{ fields: ["comments", "feed", "mentions"] }, ["fields[1]", "fields[2]"]],
    [{ fields: ["comments"].concat(Array<string>(100).fill("messages")) }, ["fields"]],
    [{ fields: ["comments"], object: "instagram" }, ["object"]],
  ])("are not set to %j", async (body, fields) => {
    expect(await badFields(await call(fakeEnv(), `POST ${PATH}`, { body }))).toEqual(fields);
  });

  it("are checked against the fields of the account's login, and the error contains the right field", async () => {
    const env = fakeEnv({ directory: { account: async () => accountItem({ platform: "page", login: "facebook" }) } });
    const { status, fields } = await refusal(
      await call(env, `POST ${PATH}`, { body: { fields: ["feed", "comments"] } }),
    );
    expect([status, fields]).toEqual([
      400,
      [{ field: "fields[1]", message: expect.stringContaining('for a Page it is "feed"') as string }],
    ]);
  });

  it("are set without duplicates", async () => {
    const subscribedApps = answering({ ok: true, value: { apps: [] } });
    const body = { fields: ["comments", "messages", "comments"] };
    const response = await call(fakeEnv({ account: { subscribedApps } }), `POST ${PATH}`, { body });
    expect(await response.json()).toEqual({ fields: ["comments", "messages"] });
  });

  it("cannot be listed or set before the account is connected", async () => {
    const directory = { account: async () => accountItem({ connected: false, platform: null, login: null }) };
    const response = await call(fakeEnv({ directory }), `POST ${PATH}`, { body: { fields: ["comments"] } });
    expect(await refusal(response)).toMatchObject({ status: 409, code: "not_connected" });
  });
});

describe("GET /api/fields", () => {
  const read = async (query = "") => {
    const response = await call(fakeEnv(), `GET /api/fields${query}`);
    return v.parse(pageOf(v.strictObject(webhookField.entries)), await response.json()).items;
  };

  it("lists every field of every setup", async () => {
    expect(await read()).toEqual(WEBHOOK_FIELDS);
  });

  it("lists the fields of one setup", async () => {
    const fields = await read("?setup=instagram_login");
    expect(fields.map(({ field }) => field)).toEqual(expect.arrayContaining(["comments", "messages"]));
    expect(new Set(fields.map(({ setup }) => setup))).toEqual(new Set(["instagram_login"]));
    expect(await badFields(await call(fakeEnv(), "GET /api/fields?setup=instagram"))).toEqual(["setup"]);
  });
});
