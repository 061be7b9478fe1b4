import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import { examineAccount } from "../../../src/engine/doctor/account.ts";
import type { AccountFacts } from "../../../src/engine/doctor/facts.ts";
import type { Finding } from "../../../src/api/doctor.ts";
import { scopesOf } from "../../../src/meta/oauth/permissions.ts";
import { profile } from "../api/fakes.ts";
import { account, ill, NOW, stateOf } from "./samples.ts";

describe("a healthy account", () => {
  it("has nothing to fix", () => {
    expect(ill(examineAccount(account()))).toEqual([]);
  });
});

describe("what is past, or is of one conversation only,", () => {
  it.each<[string, Partial<AccountFacts>]>([
    ["some messages on standby", { recentKinds: ["standby", "standby", "standby", "message"] }],
    ["few messages on standby", { recentKinds: ["standby", "standby"] }],
    [
      "an automatic reply of last month",
      stateOf({ automaticReplies: { at: NOW - 30 * 86_400_000, since: 0, count: 4 } }),
    ],
    ["a limit reached last month", stateOf({ publicReplyLimit: { at: NOW - 30 * 86_400_000, count: 1 } })],
  ])("is no problem: %s", (_, facts) => {
    expect(ill(examineAccount(account(facts)))).toEqual([]);
  });
});

describe("events that Meta did not deliver", () => {
  it("are counted in one sentence", () => {
    const facts = account(stateOf({ found: { events: 4, total: 1_200, since: NOW } }));
    expect(examineAccount(facts).find(({ id }) => id === "found")?.title).toBe(
      "4 of 1,200 events were not delivered by Meta this week. Replyline found them.",
    );
    expect(ill(examineAccount(facts))).toEqual([]);
  });

  it("cannot be found where Meta refuses the read", () => {
    const reconcile = { callsToday: 1, readAt: null, refused: { comments: null, messages: "200" } };
    const facts = account(stateOf({ reconcile }));
    expect(examineAccount(facts).find(({ id }) => id === "reconcile")).toMatchObject({
      level: "info",
      title: expect.stringContaining("read messages (code 200)"),
      fix: expect.stringContaining("permission to manage messages"),
    });
    const settings = { ...DEFAULT_SETTINGS, reconcile: { enabled: false, everyMinutes: 30 } };
    const off = account(stateOf({ reconcile, settings }));
    expect(examineAccount(off).find(({ id }) => id === "reconcile")).toBeUndefined();
  });
});

describe("a problem of an account is reported with its fix", () => {
  const token = account().state.token;
  if (token === null) throw new Error("the sample has a token");

  it.each<[string, Partial<AccountFacts>, string, Finding["level"], RegExp]>([
    ["it is not connected", stateOf({ profile: null }), "connected", "fail", /Connect the account/],
    ["the token has expired", stateOf({ token: { ...token, warning: "expired" } }), "token", "fail", /Connect/],
    [
      "the token's key is missing",
      stateOf({ token: { ...token, warning: "refused", failure: "token_unreadable" } }),
      "token",
      "fail",
      /old key after the new one/,
    ],
    [
      "sending waits for a token whose key is missing",
      stateOf({ hold: { problem: "token", code: "token_unreadable", reason: "unreadable", since: NOW, until: null } }),
      "hold",
      "fail",
      /old key after the new one/,
    ],
    [
      "sending waits for the account's own token",
      stateOf({ hold: { problem: "token", code: "wrong_account", reason: "another's", since: NOW, until: null } }),
      "hold",
      "fail",
      /entry\.id/,
    ],
    ["the token expires soon", stateOf({ token: { ...token, warning: "expires_soon" } }), "token", "warn", /Connect/],
    [
      "data access ends soon",
      stateOf({ token: { ...token, warning: "data_access_ends", dataAccessExpiresAt: NOW + 3 * 86_400_000 } }),
      "token",
      "warn",
      /90 days/,
    ],
    [
      "different replies were refused with one code",
      stateOf({ hold: { problem: "permission", code: "100", reason: "same_refusal", since: NOW, until: NOW + 1 } }),
      "hold",
      "fail",
      /Require App Secret/,
    ],
    [
      "all messages come on standby",
      { recentKinds: ["standby", "comment", "standby", "standby"] },
      "standby",
      "warn",
      /primary receiver/,
    ],
    [
      "Meta's automatic reply is on",
      stateOf({ automaticReplies: { at: NOW - 3_600_000, since: NOW - 7_200_000, count: 4 } }),
      "automatic_replies",
      "warn",
      /instant replies/,
    ],
    [
      "public replies reached their limit",
      stateOf({ publicReplyLimit: { at: NOW - 3_600_000, count: 2 } }),
      "public_reply_limit",
      "warn",
      /another bot/,
    ],
    [
      "the token belongs to another account",
      stateOf({ token: { ...token, warning: "wrong_account", belongsTo: "17841400000000099" } }),
      "token",
      "fail",
      /entry\.id/,
    ],
    [
      "a required permission is missing",
      stateOf({ token: { ...token, scopes: ["instagram_business_manage_comments"] } }),
      "scopes",
      "fail",
      /Advanced Access/,
    ],
    [
      "a permission is missing",
      stateOf({ token: { ...token, scopes: ["instagram_business_basic", "instagram_business_manage_comments"] } }),
      "scopes",
      "warn",
      /every permission on/,
    ],
    [
      "nothing is subscribed",
      { apps: { ok: true, value: { apps: [] } } },
      "fields",
      "fail",
      /Connect the account again/,
    ],
    [
      "another app is subscribed to the Page, and ours is not",
      {
        ...stateOf({
          profile: profile({ platform: "page", login: "facebook" }),
          token: { ...token, scopes: scopesOf("facebook") },
        }),
        proof: { secret: "meta", form: "raw" },
        apps: { ok: true, value: { apps: [{ appId: "999", name: null, fields: ["feed"] }] } },
      },
      "fields",
      "fail",
      /Connect the account again/,
    ],
    [
      "the field of its automation is not subscribed",
      { apps: { ok: true, value: { apps: [{ appId: null, name: null, fields: ["messages", "message_echoes"] }] } } },
      "fields",
      "fail",
      /Subscribe what is missing with POST/,
    ],
    [
      "echoes are not subscribed",
      { apps: { ok: true, value: { apps: [{ appId: null, name: null, fields: ["comments", "messages"] }] } } },
      "echoes",
      "warn",
      /Subscribe what is missing with POST/,
    ],
    [
      "Meta refuses to list the subscription",
      { apps: { ok: false, error: { reason: "refused", problem: "account", code: "190/460", message: "" } } },
      "fields",
      "warn",
      /onnect/,
    ],
    [
      "the secrets' labels are swapped",
      { proof: { secret: "meta", form: "raw" } },
      "secret",
      "warn",
      /Swap the labels/,
    ],
    [
      "the app has Standard Access",
      { refusals: ["200/2534048", "200/2534048"] },
      "access_level",
      "fail",
      /Advanced Access/,
    ],
    [
      "sending is paused",
      stateOf({ settings: { ...DEFAULT_SETTINGS, sending: "paused" } }),
      "sending",
      "warn",
      /Resume sending/,
    ],
    [
      "Meta has blocked it",
      stateOf({ hold: { problem: "blocked", code: "368", reason: "policy", since: NOW, until: null } }),
      "hold",
      "fail",
      /./,
    ],
  ])("%s", (_, more, id, level, fix) => {
    const found = ill(examineAccount(account(more)));
    expect(found.map((finding) => [finding.id, finding.level])).toEqual([[id, level]]);
    expect(found[0]?.fix).toMatch(fix);
  });

  it("with the account that a token belongs to, and Meta's code for a refused subscription", () => {
    const other = stateOf({ token: { ...token, warning: "wrong_account", belongsTo: "17841400000000099" } });
    expect(ill(examineAccount(account(other)))[0]?.title).toContain("17841400000000099");
    const fields = ["comments"];
    const subscription = { wanted: fields, missing: fields, state: "refused", code: "200", checkedAt: null } as const;
    const refused = examineAccount(
      account({
        ...stateOf({ subscription }),
        apps: { ok: true, value: { apps: [] } },
      }),
    );
    expect(ill(refused).map(({ id, level }) => [id, level])).toEqual([
      ["fields", "fail"],
      ["repair", "warn"],
    ]);
    expect(refused.find(({ id }) => id === "repair")?.title).toContain("(200)");
  });

  it.each([
    ["100/33", null, /^Connect the account again with its own token/],
    ["100/33", "wrong_account", /entry\.id/],
    ["200", null, /Check the permissions/],
    ["4", null, /in a few minutes/],
  ] as const)("for a refused subscription (%s, %s) with advice about it and not about a reply", (...row) => {
    const [code, warning, fix] = row;
    const fields = ["comments"];
    const subscription = { wanted: fields, missing: fields, state: "refused", code, checkedAt: null } as const;
    const error = { reason: "refused", problem: "refused", code, message: "" } as const;
    const facts = { ...stateOf({ token: { ...token, warning }, subscription }), apps: { ok: false, error } as const };
    const found = examineAccount(account(facts)).filter(({ id }) => id === "fields" || id === "repair");
    expect(found).toHaveLength(2);
    for (const finding of found) expect(finding.fix).toMatch(fix);
  });

  it("for an Instagram account with Facebook Login by the fields of the whole app", () => {
    const behindPage = stateOf({
      profile: profile({ login: "facebook", sendAs: "112" }),
      token: { ...token, scopes: scopesOf("facebook") },
    });
    const facts = { ...behindPage, proof: { secret: "meta", form: "raw" } as const };
    const apps = [{ appId: "1001", name: null, fields: ["feed"] }];
    const of = (appFields: string[] | null) =>
      examineAccount(account({ ...facts, apps: { ok: true, value: { apps } }, appFields })).find(
        ({ id }) => id === "fields",
      );
    expect(of(["comments"])?.level).toBe("ok");
    expect(of(["messages"])).toMatchObject({ level: "fail", fix: expect.stringContaining("App Dashboard") as string });
    expect(of(null)).toMatchObject({ level: "info", title: expect.stringContaining("comments") as string });
  });
});
