import { describe, expect, it } from "vitest";
import { openSession } from "../../../src/engine/auth/session.ts";
import { readConfig } from "../../../src/engine/config.ts";
import { createConsole } from "../../../src/engine/console/app.tsx";
import { createApp } from "../../../src/engine/api/app.ts";
import type { EngineEnv } from "../../../src/engine/env.ts";
import { ACCOUNT_ID, accountItem, accountState, CANARY_TOKEN, type Fakes, fakeEnv, VARS } from "../api/fakes.ts";

const ORIGIN = "https://replyline.example";
const SAME_ORIGIN = { Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const routes = [...new Set(createConsole().routes.map(({ method, path }) => `${method} ${path}`))];
const OPEN = new Set([
  "GET /console/assets/:name",
  "GET /console/sign-in",
  "POST /console/sign-in",
  "POST /console/sign-out",
  "GET /console/session",
  "GET /console/",
]);
const pages = routes.filter((route) => !OPEN.has(route) && route.startsWith("GET "));
/** Answered with a redirect. */
const MOVED = "GET /console/kept";
const concrete = (path: string): string =>
  path.replace(":id", ACCOUNT_ID).replace(":person", "1045872930164827").replace("*", "nothing");

function consoleEnv(fakes: Fakes = {}): EngineEnv {
  return fakeEnv({
    ...fakes,
    account: { state: () => Promise.resolve(accountState()), ...fakes.account },
    directory: {
      accounts: () => Promise.resolve({ items: [accountItem()], nextCursor: null }),
      counts: () => Promise.resolve({ accounts: 1, connected: 1, quarantined: 2, deadLetters: 1 }),
      killSwitch: () => Promise.resolve({ stop: null, accounts: 1, told: 1 }),
      deadLettersByAccount: () => Promise.resolve({ [ACCOUNT_ID]: 1 }),
      trySignIn: () => Promise.resolve({ allowed: true, retryAfterSeconds: 0 }),
      forgiveSignIn: () => Promise.resolve(),
      ...fakes.directory,
    },
  });
}

async function session(): Promise<string> {
  const config = readConfig(VARS);
  if (!config.ok) throw new Error("the settings of the tests are wrong");
  return (await openSession(new URL(ORIGIN), config.value)).split(";")[0] ?? "";
}

interface Init {
  cookie?: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
}

async function visit(route: string, init: Init = {}, env = consoleEnv()): Promise<Response> {
  const [method = "GET", path = "/"] = route.split(" ");
  const headers = new Headers(init.headers);
  if (init.cookie !== undefined) headers.set("Cookie", init.cookie);
  const request: RequestInit = { method, headers, redirect: "manual" };
  if (init.form !== undefined) request.body = new URLSearchParams(init.form);
  return await createConsole().request(`${ORIGIN}${path}`, request, env);
}

describe("the console", () => {
  it("shows nothing without a sign-in, and calls no object", async () => {
    expect(pages.length).toBeGreaterThan(9);
    for (const route of pages) {
      const env = fakeEnv();
      const response = await visit(concrete(route), {}, env);
      expect(response.status, route).toBe(303);
      expect(response.headers.get("Location"), route).toMatch(/^\/console\/sign-in\?to=/);
      expect(env.asked, route).toEqual([]);
    }
  });

  it("has pages under a policy that lets one script of ours run and nothing else, and that no cache keeps", async () => {
    const cookie = await session();
    for (const route of [...pages, "GET /console/sign-in"]) {
      const response = await visit(concrete(route), { cookie });
      if (route.includes("/live/") || route === MOVED) continue;
      const html = await response.text();
      expect([200, 404], route).toContain(response.status);
      expect(response.headers.get("Content-Security-Policy"), route).toBe(POLICY);
      expect(response.headers.get("Cache-Control"), route).toBe("no-store");
      expect(response.headers.get("X-Content-Type-Options"), route).toBe("nosniff");
      expect(html, route).toMatch(/^<!doctype html><html lang="en"/i);
      expect(html.match(/<script\b[^>]*>/g), route).toEqual([
        expect.stringMatching(/src="\/console\/assets\/console\.[\w-]+\.js"/),
      ]);
      expect(html, route).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
      expect(html, route).not.toContain(CANARY_TOKEN);
      expect(html, route).not.toContain(VARS.ADMIN_TOKEN);
    }
  });

  it("writes names and reasons of others as text", async () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;
    const env = consoleEnv({
      directory: {
        account: () => Promise.resolve(accountItem({ username: hostile })),
        accounts: () => Promise.resolve({ items: [accountItem({ username: hostile })], nextCursor: hostile }),
        killSwitch: () => Promise.resolve({ stop: { since: 1, reason: hostile }, accounts: 1, told: 0 }),
      },
      account: {
        state: () =>
          Promise.resolve(
            accountState({ hold: { problem: "blocked", code: hostile, reason: hostile, since: 1, until: null } }),
          ),
      },
    });
    const cookie = await session();
    for (const route of pages.filter((one) => !one.includes("/live/"))) {
      const html = await (await visit(concrete(route), { cookie }, env)).text();
      expect(html, route).not.toContain("<script>alert");
      expect(html, route).not.toContain("<img");
    }
  });

  it("sends the former address of the failed events on, once the visitor is signed in", async () => {
    const response = await visit(MOVED, { cookie: await session() });
    expect(response.status).toBe(301);
    expect(response.headers.get("Location")).toBe("/console/failed-events");
  });

  it("serves its script and style as immutable, under a name with their hash, and no other file", async () => {
    const html = await (await visit("GET /console/sign-in")).text();
    const names = [...html.matchAll(/\/console\/assets\/[\w.-]+/g)].map(([name]) => name);
    expect(names).toHaveLength(2);
    for (const name of names) {
      const response = await visit(`GET ${name}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
      expect((await response.text()).length).toBeGreaterThan(1_000);
    }
    expect((await visit("GET /console/assets/console.js")).status).toBe(404);
    expect((await visit("GET /console/assets/..%2Fpackage.json")).status).toBe(404);
  });

  it("says which secret is missing instead of half working", async () => {
    const response = await visit("GET /console", {}, consoleEnv({ vars: { ADMIN_TOKEN: "" } }));
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("ADMIN_TOKEN is missing");
    expect(response.headers.get("Content-Security-Policy")).toBe(POLICY);
  });

  it("shows an account without its day when it does not answer", async () => {
    const env = consoleEnv({ account: { day: () => Promise.reject(new Error("away")) } });
    const html = await (await visit("GET /console", { cookie: await session() }, env)).text();
    expect(html).toContain("@ana.studio");
    expect(html).toContain("Could not be loaded");
  });
});

describe("signing in", () => {
  const right = { token: VARS.ADMIN_TOKEN, to: "/console/failed-events" };

  it("opens a session with the admin token and goes on", async () => {
    const response = await visit("POST /console/sign-in", { form: right, headers: SAME_ORIGIN });
    expect(response.status).toBe(303);
    expect(response.headers.get("Location")).toBe("/console/failed-events");
    const cookie = response.headers.get("Set-Cookie")?.split(";")[0] ?? "";
    expect((await visit("GET /console/failed-events", { cookie })).status).toBe(200);
  });

  it.each(["", "wrong", `${VARS.ADMIN_TOKEN}x`, VARS.ADMIN_TOKEN.slice(1)])("refuses %j alike", async (token) => {
    const response = await visit("POST /console/sign-in", { form: { token, to: "/console" }, headers: SAME_ORIGIN });
    expect(response.status).toBe(401);
    expect(response.headers.get("Set-Cookie")).toBeNull();
    expect(await response.text()).toContain("The admin token is not correct.");
  });

  it("is refused to a client with too many attempts, even with the right token", async () => {
    const env = consoleEnv({
      directory: { trySignIn: () => Promise.resolve({ allowed: false, retryAfterSeconds: 61 }) },
    });
    const response = await visit("POST /console/sign-in", { form: right, headers: SAME_ORIGIN }, env);
    expect(response.status).toBe(429);
    expect(response.headers.get("Retry-After")).toBe("61");
    expect(response.headers.get("Set-Cookie")).toBeNull();
  });

  it("is refused to a page of another site, and to a body that is no form", async () => {
    const foreign = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    expect((await visit("POST /console/sign-in", { form: right, headers: foreign })).status).toBe(400);
    const json = { ...SAME_ORIGIN, "Content-Type": "application/json" };
    expect((await visit("POST /console/sign-in", { form: right, headers: json })).status).toBe(400);
    const long = { token: "x".repeat(9_000), to: "/console" };
    expect((await visit("POST /console/sign-in", { form: long, headers: SAME_ORIGIN })).status).toBe(400);
  });

  it.each([
    ["https://evil.example/console", "/console"],
    ["//evil.example/console", "/console"],
    ["/\\evil.example", "/console"],
    ["javascript:alert(1)", "/console"],
    ["/webhooks", "/console"],
    ["/console/sign-out", "/console"],
    ["/console/../api/accounts", "/console"],
    ["/connect", "/connect"],
    ["/console/accounts/1?x=y", "/console/accounts/1?x=y"],
  ])("with %j leads to %j", async (to, expected) => {
    const response = await visit("POST /console/sign-in", { form: { ...right, to }, headers: SAME_ORIGIN });
    expect(response.headers.get("Location")).toBe(expected);
  });

  it("is not possible over plain http elsewhere than on the machine itself", async () => {
    const response = await createConsole().request(
      "http://192.168.1.20:8787/console/sign-in",
      { method: "POST", body: new URLSearchParams(right), headers: { Origin: "http://192.168.1.20:8787" } },
      consoleEnv(),
    );
    expect(response.status).toBe(400);
    expect(response.headers.get("Set-Cookie")).toBeNull();
    expect(await response.text()).toContain("Open the console over https");
  });

  it("is undone by signing out", async () => {
    const cookie = await session();
    const response = await visit("POST /console/sign-out", { cookie, headers: SAME_ORIGIN });
    expect(response.status).toBe(303);
    expect(response.headers.get("Set-Cookie")).toContain("Max-Age=0");
    const foreign = await visit("POST /console/sign-out", { cookie, headers: { "Sec-Fetch-Site": "cross-site" } });
    expect(foreign.headers.get("Set-Cookie")).toBeNull();
  });
});

describe("a session", () => {
  const ask = async (method: string, headers: Record<string, string>): Promise<number> => {
    const init = { method, headers: { Cookie: await session(), "Content-Type": "application/json", ...headers } };
    const body = method === "PUT" ? { body: JSON.stringify({ stopped: false }) } : {};
    const env = consoleEnv({
      directory: { setKillSwitch: () => Promise.resolve({ stop: null, accounts: 0, told: 0 }) },
    });
    return (await createApp().request(`${ORIGIN}/api/incident`, { ...init, ...body }, env)).status;
  };

  it("opens the API to the console's own pages, and to no page of another site", async () => {
    expect(await ask("GET", {})).toBe(200);
    expect(await ask("PUT", SAME_ORIGIN)).toBe(200);
    expect(await ask("PUT", { "Sec-Fetch-Site": "cross-site" })).toBe(403);
    expect(await ask("PUT", { "Sec-Fetch-Site": "same-site" })).toBe(403);
    expect(await ask("PUT", { Origin: "https://evil.example" })).toBe(403);
    expect(await ask("PUT", { Origin: "null" })).toBe(403);
  });
});

describe("the live feed's address", () => {
  const upgrade = { Upgrade: "websocket", Origin: ORIGIN };

  it("is for WebSockets of the console's own pages, of accounts that exist", async () => {
    const cookie = await session();
    const path = `GET /console/live/${ACCOUNT_ID}`;
    expect((await visit(path, { headers: upgrade })).status).toBe(401);
    expect((await visit(path, { cookie })).status).toBe(426);
    expect((await visit(path, { cookie, headers: { ...upgrade, Origin: "https://evil.example" } })).status).toBe(403);
    expect((await visit(path, { cookie, headers: { Upgrade: "websocket" } })).status).toBe(403);
    const unknown = consoleEnv({ directory: { account: () => Promise.resolve(null) } });
    expect((await visit(path, { cookie, headers: upgrade }, unknown)).status).toBe(404);
  });
});
