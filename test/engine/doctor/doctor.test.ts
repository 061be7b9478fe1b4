import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import { examineAccount } from "../../../src/engine/doctor/account.ts";
import { ago } from "../../../src/engine/doctor/ago.ts";
import { examineDeployment } from "../../../src/engine/doctor/deployment.ts";
import type { AccountFacts, DeploymentFacts } from "../../../src/engine/doctor/facts.ts";
import type { Finding } from "../../../src/engine/doctor/finding.ts";
import { neededFields } from "../../../src/engine/doctor/needed-fields.ts";
import { scopesOf } from "../../../src/meta/oauth/permissions.ts";
import { accountItem, accountState, profile } from "../api/fakes.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A deployment with which nothing is wrong. */
function deployment(more: Partial<DeploymentFacts> = {}): DeploymentFacts {
  return {
    now: NOW,
    origin: "https://r.example",
    metaAppId: "1001",
    problems: [],
    healthz: { kind: "answer", status: 200, body: '{"status":"ok"}' },
    handshake: { kind: "answer", status: 200, body: "4242" },
    challenge: "4242",
    deliveries: [
      { secret: "instagram", answer: { kind: "answer", status: 200, body: "" } },
      { secret: "meta", answer: { kind: "answer", status: 200, body: "" } },
    ],
    callbacks: { ok: true, value: [{ object: "instagram", callbackUrl: "https://r.example/webhooks", fields: [] }] },
    health: {
      accounts: 1,
      connected: 1,
      held: {},
      expiring: 0,
      silent: 0,
      strangers: [],
      lastEventAt: NOW - HOUR,
      lastReplyAt: NOW - HOUR,
      quarantined: 0,
      deadLetters: 0,
      queues: { "replyline-events": { backlog: 3, oldestAt: NOW - 2_000, at: NOW } },
    },
    stopped: false,
    ...more,
  };
}

const health = (more: Partial<DeploymentFacts["health"]>): Partial<DeploymentFacts> => ({
  health: { ...deployment().health, ...more },
});

/** An account with which nothing is wrong. */
function account(more: Partial<AccountFacts> = {}): AccountFacts {
  const state = accountState({
    profile: profile({ connectedAt: NOW - DAY }),
    settings: DEFAULT_SETTINGS,
    lastEventAt: NOW - HOUR,
    lastReplyAt: NOW - HOUR,
    token: {
      savedAt: NOW - DAY,
      expiresAt: NOW + 40 * DAY,
      checkedAt: NOW,
      scopes: scopesOf("instagram"),
      warning: null,
      belongsTo: null,
      failure: null,
      nextAt: NOW + DAY,
    },
  });
  return {
    now: NOW,
    metaAppId: "1001",
    item: accountItem(),
    state,
    automations: [
      {
        id: "guide",
        name: "Guide",
        enabled: true,
        trigger: { on: "comment", keywords: [], match: "any", mediaIds: [] },
        actions: {},
      },
    ],
    proof: { secret: "instagram", form: "raw" },
    apps: { ok: true, value: { apps: [{ appId: null, name: null, fields: ["comments", "messages"] }] } },
    appFields: null,
    refusals: [],
    ...more,
  };
}

const stateOf = (more: Partial<AccountFacts["state"]>): Partial<AccountFacts> => ({
  state: { ...account().state, ...more },
});

const ill = (findings: Finding[]): Finding[] => findings.filter(({ level }) => level === "warn" || level === "fail");

describe("a healthy deployment", () => {
  it("has nothing to mend", () => {
    expect(ill(examineDeployment(deployment()))).toEqual([]);
    expect(ill(examineAccount(account()))).toEqual([]);
  });
});

describe("what is wrong with a deployment is named, with its fix", () => {
  it.each<[string, Partial<DeploymentFacts>, string, Finding["level"], RegExp]>([
    ["nobody can reach it", { healthz: { kind: "unreachable" } }, "callback_reachable", "fail", /Set PUBLIC_URL/],
    [
      "the receiver lacks a secret",
      { healthz: { kind: "answer", status: 503, body: '{"problems":[{"variable":"META_VERIFY_TOKEN"}]}' } },
      "callback_reachable",
      "fail",
      /npx wrangler secret put META_VERIFY_TOKEN/,
    ],
    [
      "a login page stands in front of it",
      { healthz: { kind: "answer", status: 302, body: "" } },
      "callback_reachable",
      "fail",
      /redirects, challenges/,
    ],
    [
      "the verify token differs",
      { handshake: { kind: "answer", status: 403, body: "" } },
      "callback_handshake",
      "fail",
      /same META_VERIFY_TOKEN/,
    ],
    [
      "the challenge comes back in quotes",
      { handshake: { kind: "answer", status: 200, body: '"4242"' } },
      "callback_handshake",
      "fail",
      /META_VERIFY_TOKEN/,
    ],
    [
      "something else answers the handshake",
      { handshake: { kind: "answer", status: 200, body: "<html>" }, challenge: null },
      "callback_handshake",
      "fail",
      /META_VERIFY_TOKEN/,
    ],
    [
      "the receiver has another secret than the engine",
      {
        deliveries: [
          { secret: "instagram", answer: { kind: "answer", status: 401, body: "" } },
          { secret: "meta", answer: { kind: "answer", status: 200, body: "" } },
        ],
      },
      "callback_signature",
      "fail",
      /both Workers the same META_APP_SECRETS/,
    ],
    [
      "Meta knows another callback",
      { callbacks: { ok: true, value: [{ object: "page", callbackUrl: "https://old.example/webhooks", fields: [] }] } },
      "app_callback",
      "warn",
      /Enter https:\/\/r\.example\/webhooks/,
    ],
    [
      "app id and secret do not match",
      { callbacks: { ok: false, error: { reason: "account", code: "190", problem: "token" } } },
      "app_callback",
      "warn",
      /labelled meta:/,
    ],
    ["nothing is connected", health({ connected: 0 }), "accounts", "fail", /Open \/connect/],
    ["an account is held", health({ held: { token: 2 } }), "held", "fail", /Connect these accounts again/],
    ["tokens die", health({ expiring: 1 }), "expiring", "warn", /Connect again/],
    [
      "an account is connected under the wrong id",
      health({ silent: 1, strangers: [{ id: "17841", lastEventAt: NOW }] }),
      "strangers",
      "warn",
      /user_id of GET \/me/,
    ],
    [
      "the queue is not worked off",
      health({ queues: { "replyline-events": { backlog: 12, oldestAt: NOW - HOUR, at: NOW } } }),
      "queue",
      "warn",
      /ingest_failed/,
    ],
    ["events died", health({ deadLetters: 3 }), "dead_letters", "warn", /Replay them/],
    ["deliveries could not be read", health({ quarantined: 1 }), "quarantine", "warn", /replay them/],
    ["nothing ever came", health({ lastEventAt: null }), "last_event", "warn", /delivery_refused/],
    ["sending is stopped", { stopped: true }, "incident", "warn", /Lift the stop/],
    [
      "an address is wrong",
      { problems: ["PUBLIC_URL must be an address without a path."] },
      "addresses",
      "fail",
      /deploy/,
    ],
  ])("%s", (_, more, id, level, fix) => {
    const found = ill(examineDeployment(deployment(more)));
    expect(found.map((finding) => [finding.id, finding.level])).toEqual([[id, level]]);
    expect(found[0]?.fix).toMatch(fix);
  });

  it("once: who cannot be reached at all is not called a secret's fault, either", () => {
    const deliveries = [{ secret: "instagram", answer: { kind: "unreachable" } as const }];
    const found = examineDeployment(deployment({ deliveries }));
    expect(found.map(({ id }) => id)).not.toContain("callback_signature");
  });

  it("in one and in many", () => {
    const titles = (more: Partial<DeploymentFacts["health"]>): string[] =>
      examineDeployment(deployment(health(more))).map(({ title }) => title);
    expect(titles({ expiring: 1, silent: 1, deadLetters: 1 })).toEqual(
      expect.arrayContaining([
        "1 token is dead, or will be within seven days.",
        "1 connected account has never had an event.",
        "1 event failed all retries.",
      ]),
    );
    expect(titles({ silent: 2 })).toContain("2 connected accounts have never had an event.");
  });

  it("and an unknown token is checked by how a wrong one is turned away", () => {
    const handshake = { kind: "answer", status: 403, body: "" } as const;
    expect(ill(examineDeployment(deployment({ challenge: null, handshake })))).toEqual([]);
  });
});

describe("what is wrong with an account is named, with its fix", () => {
  const token = account().state.token;
  if (token === null) throw new Error("the sample has a token");

  it.each<[string, Partial<AccountFacts>, string, Finding["level"], RegExp]>([
    ["it is not connected", stateOf({ profile: null }), "connected", "fail", /Connect it/],
    ["the token is dead", stateOf({ token: { ...token, warning: "expired" } }), "token", "fail", /Connect/],
    [
      "the token's key is gone",
      stateOf({ token: { ...token, warning: "refused", failure: "token_unreadable" } }),
      "token",
      "fail",
      /old key back behind the new one/,
    ],
    [
      "sending waits for a token whose key is gone",
      stateOf({ hold: { problem: "token", code: "token_unreadable", reason: "unreadable", since: NOW, until: null } }),
      "hold",
      "fail",
      /old key back behind the new one/,
    ],
    ["the token dies soon", stateOf({ token: { ...token, warning: "expires_soon" } }), "token", "warn", /Connect/],
    [
      "the token is another account's",
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
      /every switch on/,
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
      { apps: { ok: true, value: { apps: [{ appId: null, name: null, fields: ["messages"] }] } } },
      "fields",
      "fail",
      /POST them/,
    ],
    [
      "Meta refuses to say what is subscribed",
      { apps: { ok: false, error: { reason: "refused", code: "190/460", message: "" } } },
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
      /Switch sending on/,
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

  it("with the account to which a token belongs, and Meta's code for a subscription that it refuses", () => {
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

  it("for an Instagram account behind a Page by the fields of the whole app", () => {
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

describe("the fields that automations need", () => {
  const waiting = (on: Parameters<typeof neededFields>[2][number]["trigger"]["on"], enabled = true) => ({
    id: on,
    name: on,
    enabled,
    trigger: { on, keywords: [], match: "any" as const, mediaIds: [] },
    actions: {},
  });

  it("depend on login and platform, and leave out what is switched off", () => {
    const all = [waiting("comment"), waiting("mention"), waiting("story_reply"), waiting("postback", false)];
    expect(neededFields("instagram", "instagram", all)).toEqual({ fields: ["comments", "messages"], impossible: [] });
    expect(neededFields("facebook", "instagram", all).fields).toEqual(["comments", "mentions", "messages"]);
    expect(neededFields("facebook", "page", all)).toEqual({ fields: ["feed", "mention"], impossible: ["story_reply"] });
  });
});

describe("a time ago", () => {
  it.each([
    [0, "less than a minute"],
    [60_000, "1 minute"],
    [119 * 60_000, "1 hour"],
    [50 * HOUR, "2 days"],
  ])("%d ms is %s", (ms, text) => {
    expect(ago(ms)).toBe(text);
  });
});
