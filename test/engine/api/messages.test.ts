import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, mergeSettings } from "../../../src/core/settings.ts";
import { ACCOUNT_ID, accountItem, call, type ErrorBody, fakeEnv, profile, replyItem } from "./fakes.ts";

const ACCOUNT = `/api/accounts/${ACCOUNT_ID}`;
const KEY = { "Idempotency-Key": "k-1" };

const AUTOMATION = {
  id: "guide",
  name: "Guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: ["18054321970886143"] },
  actions: { privateReply: { text: "Hi" }, publicReply: { texts: ["Sent!"] } },
  deferSeconds: 10,
};

/** A valid body for each endpoint with a body. */
const BODIES: [string, unknown][] = [
  [
    `PUT ${ACCOUNT}`,
    {
      platform: "instagram",
      login: "facebook",
      accessToken: "token",
      sendAs: "1",
      username: "ana",
      tokenExpiresAt: 1_800_000_000_000,
    },
  ],
  [`POST ${ACCOUNT}/subscriptions`, { fields: ["comments"] }],
  [`PUT ${ACCOUNT}/automations`, { items: [AUTOMATION], version: 1 }],
  [`POST ${ACCOUNT}/automations/backtest`, AUTOMATION],
  [
    `POST ${ACCOUNT}/replies`,
    { to: { commentId: "1" }, message: { attachment: { type: "image", payload: { url: "https://a.example" } } } },
  ],
  [`POST ${ACCOUNT}/replies/r-1/resolve`, { as: "sent" }],
  [`PUT ${ACCOUNT}/settings`, DEFAULT_SETTINGS],
];

const JUNK: unknown[] = [null, true, 0, -1, 1.5, 1e300, "", " ", "x", [], [null], [[]], {}, { x: 1 }];

/** The value with junk in place of each of its parts in turn, and of the whole value. */
function* spoilt(value: unknown): Generator {
  yield* JUNK;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const bad of spoilt(part)) {
      yield Array.isArray(value) ? value.with(Number(key), bad) : { ...value, [key]: bad };
    }
  }
}

const env = () =>
  fakeEnv({
    directory: { account: async () => accountItem() },
    account: {
      link: async () => profile(),
      subscribedApps: async () => ({ ok: true, value: { apps: [] } }),
      putAutomations: async (_id, items) => ({ ok: true, value: { version: 2, updatedAt: null, items } }),
      backtest: async () => ({ events: 0, fired: 0, missed: {}, rows: [] }),
      createReply: async () => ({ ok: true, value: replyItem() }),
      resolveReply: async () => ({ ok: true, value: replyItem() }),
      settings: async () => DEFAULT_SETTINGS,
      changeSettings: async (_id, part) => mergeSettings(DEFAULT_SETTINGS, part),
    },
  });

describe("an invalid body", () => {
  it.each(BODIES)("gets our own message with a fix from %s, and never 500", async (route, body) => {
    let refused = 0;
    for (const bad of spoilt(body)) {
      const response = await call(env(), route, { body: JSON.stringify(bad), headers: KEY });
      const sent = JSON.stringify(bad);
      if (response.status !== 400) {
        // Junk that is valid by chance, such as another text.
        expect([200, 201], sent).toContain(response.status);
        continue;
      }
      refused += 1;
      const { error } = await response.json<ErrorBody>();
      expect(error.code, sent).toBe("invalid");
      expect(error.fields?.length, sent).toBeGreaterThan(0);
      for (const { field, message } of error.fields ?? []) {
        expect(field, sent).toMatch(/^[A-Za-z_]+([.[\]A-Za-z0-9_]+)?$/);
        // "Invalid type: Expected …" is the validator's default message, for developers.
        expect(message, sent).not.toMatch(/^Invalid |Expected/);
      }
    }
    expect(refused).toBeGreaterThan(JUNK.length / 2);
  });
});

describe("the message about a key", () => {
  const messageOf = async (body: unknown): Promise<string> => {
    const response = await call(env(), `PUT ${ACCOUNT}/settings`, { body });
    return (await response.json<ErrorBody>()).error.message;
  };

  it("that is unknown lists the known keys", async () => {
    expect(await messageOf({ takeover: { minutes: 5 } })).toBe(
      "takeover.minutes: is not a known key; known keys: enabled, holdMinutes, automaticTexts, personTexts",
    );
  });

  it("that is missing says so", async () => {
    const response = await call(env(), `POST ${ACCOUNT}/replies/r-1/resolve`, { body: {} });
    expect((await response.json<ErrorBody>()).error.message).toBe("as: is required");
  });

  it("that must be an object lists its keys", async () => {
    for (const takeover of [5, null, "on", ["on"]]) {
      expect(await messageOf({ takeover })).toBe(
        "takeover: must be an object with enabled, holdMinutes, automaticTexts, personTexts",
      );
    }
    expect(await messageOf(["on"])).toMatch(/^body: must be an object with deferSeconds, sending, /);
    expect(await messageOf({ takeover: [] })).toBe(
      "takeover: must be an object with enabled, holdMinutes, automaticTexts, personTexts",
    );
  });

  it("refuses an array, even if an empty object would be valid", async () => {
    const response = await call(env(), "POST /api/invites", { body: [] });
    expect(response.status).toBe(400);
    const { error } = await response.json<ErrorBody>();
    expect(error.message).toBe("body: must be an object with login, label, expiresInHours");
  });

  it("counts the other wrong fields", async () => {
    expect(await messageOf({ deferSeconds: -1, sending: "no", retentionDays: 1 })).toBe(
      "deferSeconds: must be a whole number from 0 to 86400 (and 2 more)",
    );
  });
});
