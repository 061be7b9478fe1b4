import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { logLines } from "./log-lines.ts";
import { WEBHOOKS } from "./requests.ts";

const TOKEN = env.META_VERIFY_TOKEN;

const handshake = (query: string): Promise<Response> => exports.default.fetch(`${WEBHOOKS}?${query}`);
const query = (parts: Record<string, string>): string => new URLSearchParams(parts).toString();

const GOOD = { "hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": TOKEN };

beforeEach(() => void logLines());

describe("Meta's verification request", () => {
  it("returns the challenge as the body", async () => {
    const response = await handshake(query(GOOD));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("1158201444");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("may have its parameters in any order, with others", async () => {
    const response = await handshake(`x=1&hub.verify_token=${TOKEN}&hub.challenge=abc_-9&hub.mode=subscribe`);
    expect([response.status, await response.text()]).toEqual([200, "abc_-9"]);
  });

  it.each(["a", "1".repeat(128), "A-b_9"])("may have the challenge %s", async (challenge) => {
    const response = await handshake(query({ ...GOOD, "hub.challenge": challenge }));
    expect(await response.text()).toBe(challenge);
  });

  it("answers HEAD without a body", async () => {
    const response = await exports.default.fetch(`${WEBHOOKS}?${query(GOOD)}`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  it.each(["", "verify-token-not-rea", "verify-token-not-real ", "Verify-Token-Not-Real", "x".repeat(10_000)])(
    "is refused with the token %j",
    async (token) => {
      const response = await handshake(query({ ...GOOD, "hub.verify_token": token }));
      expect([response.status, await response.text()]).toEqual([403, expect.stringMatching(/^[^\n]{1,100}\n$/)]);
    },
  );

  it.each(["hub.mode", "hub.challenge", "hub.verify_token"])("is refused without %s", async (name) => {
    const { [name as keyof typeof GOOD]: _, ...rest } = GOOD;
    expect((await handshake(query(rest))).status).toBe(400);
  });

  it.each(["hub.mode", "hub.challenge", "hub.verify_token"])("is refused with %s twice", async (name) => {
    const value = GOOD[name as keyof typeof GOOD];
    expect((await handshake(`${query(GOOD)}&${query({ [name]: value })}`)).status).toBe(400);
  });

  it.each([
    ["another mode", { "hub.mode": "unsubscribe" }],
    ["an empty challenge", { "hub.challenge": "" }],
    ["markup for a challenge", { "hub.challenge": "<script>alert(1)</script>" }],
    ["a challenge with a line break", { "hub.challenge": "1\r\nx: y" }],
    ["a challenge with a space", { "hub.challenge": "1 2" }],
    ["a challenge too long to be one", { "hub.challenge": "1".repeat(129) }],
  ])("is refused with %s", async (_, wrong) => {
    const response = await handshake(query({ ...GOOD, ...wrong }));
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(/^[^\n<]{1,100}\n$/)]);
  });

  it("leaves neither token nor challenge in the log", async () => {
    const lines = logLines();
    await handshake(query(GOOD));
    await handshake(query({ ...GOOD, "hub.verify_token": "guess" }));
    await handshake(query({ ...GOOD, "hub.challenge": "<x>" }));
    expect(lines()).toEqual([
      { event: "handshake_accepted" },
      { event: "handshake_refused", cause: "wrong_token" },
      { event: "handshake_refused", cause: "malformed" },
    ]);
  });

  it("is refused without any parameter", async () => {
    expect((await exports.default.fetch(WEBHOOKS)).status).toBe(400);
  });
});
