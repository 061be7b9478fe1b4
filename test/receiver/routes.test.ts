import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { version } from "../../package.json";
import { createApp } from "../../src/receiver/app.ts";
import { recorded } from "./bindings.ts";
import { logLines } from "./log-lines.ts";
import { APP_SECRET, commentsBody, signedRequest, WEBHOOKS } from "./requests.ts";

const ORIGIN = "https://replyline.example";

let lines: () => unknown[];
beforeEach(() => {
  lines = logLines();
});

describe("the engine's routes", () => {
  it.each([
    "/console",
    "/console/",
    "/console/live",
    "/api/accounts/1?x=1",
    "/connect",
    "/deauthorize",
    "/data-deletion",
  ])("%s are forwarded unchanged", async (path) => {
    const response = await exports.default.fetch(`${ORIGIN}${path}`);
    expect(await response.text()).toBe(`engine ${ORIGIN}${path}`);
  });

  it("forward method, headers and body, and return the engine's response", async () => {
    const ENGINE = {
      fetch: async (request: Request): Promise<Response> =>
        Response.json(
          { method: request.method, authorization: request.headers.get("authorization"), body: await request.text() },
          { status: 418, headers: { "content-security-policy": "script-src 'self'" } },
        ),
    };
    const init = { method: "PUT", headers: { authorization: "Bearer t" }, body: "{}" };
    const response = await recorded({ ENGINE }).fetch(new Request(`${ORIGIN}/api/accounts/1`, init));
    expect([response.status, response.headers.get("content-security-policy")]).toEqual([418, "script-src 'self'"]);
    expect(await response.json()).toEqual({ method: "PUT", authorization: "Bearer t", body: "{}" });
  });

  it("are matched by whole segments", async () => {
    for (const path of ["/apiary", "/consoles", "/connect-me", "/x/api", "/API", "/data-deletion-x"]) {
      const response = await exports.default.fetch(`${ORIGIN}${path}`);
      expect([path, response.status]).toEqual([path, 404]);
    }
  });

  it("return 503 while the engine is unavailable", async () => {
    const ENGINE = { fetch: () => Promise.reject(new Error("no such service")) };
    const response = await recorded({ ENGINE }).fetch(new Request(`${ORIGIN}/api/doctor`));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(lines()).toEqual([{ event: "engine_unavailable", error: "Error: no such service" }]);
  });

  it("do not depend on the receiver's settings", async () => {
    const ENGINE = { fetch: () => Promise.resolve(new Response("engine")) };
    const receiver = recorded({ ENGINE, META_APP_SECRETS: undefined });
    expect(await (await receiver.fetch(new Request(`${ORIGIN}/api/doctor`))).text()).toBe("engine");
  });
});

describe("any other route", () => {
  it.each(["/Webhooks", "/healthz/x", "/.env"])("%s is not found", async (path) => {
    const response = await exports.default.fetch(`${ORIGIN}${path}`);
    expect([response.status, await response.text()]).toEqual([404, ""]);
  });

  it.each([
    ["PUT", "/webhooks", "GET, HEAD, POST"],
    ["DELETE", "/webhooks", "GET, HEAD, POST"],
    ["OPTIONS", "/webhooks", "GET, HEAD, POST"],
    ["POST", "/healthz", "GET, HEAD"],
  ])("%s %s is not allowed", async (method, path, allow) => {
    const response = await exports.default.fetch(`${ORIGIN}${path}`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
  });
});

describe("the person who opens it in a browser", () => {
  it("learns at / what this is and where the console is", async () => {
    const response = await exports.default.fetch(`${ORIGIN}/`);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/^Replyline .*\/console\.\n$/);
    expect((await exports.default.fetch(`${ORIGIN}/`, { method: "POST" })).status).toBe(404);
  });

  it.each([
    ["/webhooks", 400, /for webhooks from Meta/],
    ["/webhooks/", 400, /for webhooks from Meta/],
    ["/webhooks?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x", 403, /META_VERIFY_TOKEN/],
    ["/webhooks/x", 404, /ends in \/webhooks/],
  ])("reads a line at %s", async (path, status, line) => {
    const response = await exports.default.fetch(`${ORIGIN}${path}`);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "text/plain; charset=utf-8"]);
    expect(await response.text()).toMatch(line);
  });
});

describe("/webhooks/", () => {
  it("takes deliveries and verification requests, as /webhooks does", async () => {
    const request = await signedRequest(commentsBody(1, 77));
    const delivered = await recorded({}).fetch(new Request(`${WEBHOOKS}/`, request));
    expect([delivered.status, await delivered.json()]).toEqual([200, { received: 1, duplicates: 0 }]);
    const query = `hub.mode=subscribe&hub.challenge=11&hub.verify_token=${env.META_VERIFY_TOKEN}`;
    const verified = await exports.default.fetch(`${WEBHOOKS}/?${query}`);
    expect([verified.status, await verified.text()]).toEqual([200, "11"]);
    expect((await exports.default.fetch(`${WEBHOOKS}/`, { method: "PUT" })).status).toBe(405);
  });
});

describe("a setting that was copied with white space", () => {
  it("is used without it", async () => {
    const receiver = recorded({ META_APP_SECRETS: ` ${APP_SECRET}\n`, META_VERIFY_TOKEN: " verify me\n" });
    expect((await receiver.fetch(await signedRequest(commentsBody(1, 78)))).status).toBe(200);
    const query = "hub.mode=subscribe&hub.challenge=12&hub.verify_token=verify%20me";
    expect(await (await receiver.fetch(new Request(`${WEBHOOKS}?${query}`))).text()).toBe("12");
  });
});

describe("every response of the receiver", () => {
  it.each([
    ["a delivery", () => signedRequest(commentsBody(1))],
    ["a refusal", () => new Request(WEBHOOKS, { method: "POST", body: "{}" })],
    ["a failed handshake", () => new Request(WEBHOOKS)],
    ["an unknown route", () => new Request(`${ORIGIN}/`)],
    ["a wrong method", () => new Request(WEBHOOKS, { method: "PUT" })],
    ["its health", () => new Request(`${ORIGIN}/healthz`)],
  ])("to %s has the security headers", async (_, request) => {
    const { headers } = await recorded().fetch(await request());
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
  });
});

describe("health", () => {
  it("is ok with the version if the configuration is valid", async () => {
    const response = await exports.default.fetch(`${ORIGIN}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok", version });
  });

  it.each([
    [{ META_APP_SECRETS: undefined }, "META_APP_SECRETS"],
    [{ META_APP_SECRETS: "instagram:," }, "META_APP_SECRETS"],
    [{ META_VERIFY_TOKEN: "" }, "META_VERIFY_TOKEN"],
    [{ MAX_BODY_BYTES: "4 MiB" }, "MAX_BODY_BYTES"],
    [{ MAX_BODY_BYTES: "0" }, "MAX_BODY_BYTES"],
    [{ REQUIRE_MTLS: "true" }, "REQUIRE_MTLS"],
  ])("fails with %j, and names the variable but not its value", async (overrides, variable) => {
    const response = await recorded(overrides).fetch(new Request(`${ORIGIN}/healthz`));
    expect(response.status).toBe(503);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ status: "misconfigured", problems: [{ variable }] });
    expect(body).not.toContain("not_real");
  });

  it("lists all problems at once", async () => {
    const receiver = recorded({ META_APP_SECRETS: "", META_VERIFY_TOKEN: undefined });
    const health = await receiver.fetch(new Request(`${ORIGIN}/healthz`));
    const variables = [{ variable: "META_APP_SECRETS" }, { variable: "META_VERIFY_TOKEN" }];
    expect(await health.json()).toMatchObject({ problems: variables });
  });
});

describe("a receiver with an invalid configuration", () => {
  it("answers Meta with 503, never 200, and logs what is missing", async () => {
    const receiver = recorded({ META_APP_SECRETS: undefined });
    for (const request of [await signedRequest(commentsBody(1)), new Request(WEBHOOKS)]) {
      const response = await receiver.fetch(request);
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "10"]);
    }
    expect(receiver.queue.batches).toEqual([]);
    const problem = "missing: npx wrangler secret put META_APP_SECRETS";
    const line = { event: "misconfigured", variable: "META_APP_SECRETS", error: problem };
    expect(lines()).toEqual([line, line]);
  });

  it("may omit variables with a default", async () => {
    const receiver = recorded({ MAX_BODY_BYTES: undefined, REQUIRE_MTLS: undefined });
    expect((await receiver.fetch(await signedRequest(commentsBody(1)))).status).toBe(200);
  });
});

describe("an unexpected error", () => {
  it("returns 503 and is logged by name, not shown", async () => {
    const broken = {
      ...recorded().env,
      get EVENTS(): never {
        throw new RangeError("a bug");
      },
    };
    const response = await createApp().fetch(await signedRequest(commentsBody(1)), broken);
    expect([response.status, await response.text()]).toEqual([503, ""]);
    expect(lines()).toEqual([{ event: "unexpected_error", error: "RangeError: a bug" }]);
  });
});
