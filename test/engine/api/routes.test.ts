import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/engine/api/app.ts";
import { call, fakeEnv, refusal } from "./fakes.ts";

const app = createApp();
const routes = app.routes.map(({ method, path }) => ({ method, path }));
const endpoints = [...new Set(routes.filter(({ method }) => method !== "ALL").map((r) => `${r.method} ${r.path}`))];
const concrete = (path: string): string => path.replaceAll(/:[A-Za-z]+/g, "17841400000000001").replace("*", "anything");

describe("authentication", () => {
  it("runs before every registered route, including those for every method", async () => {
    expect(endpoints.length).toBeGreaterThan(20);
    for (const { method, path } of routes) {
      expect(path).toMatch(/^\/api\//);
      const tried = method === "ALL" ? ["GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"] : [method];
      for (const one of tried) {
        const env = fakeEnv();
        const response = await call(env, `${one} ${concrete(path)}`, { bearer: null });
        expect(response.status, `${one} ${path}`).toBe(401);
        expect(response.headers.get("WWW-Authenticate")).toBe('Bearer realm="replyline"');
        expect(await refusal(response)).toMatchObject({ code: "unauthorized" });
        expect(env.asked).toEqual([]);
      }
    }
  });

  it("accepts the admin token, with any case of the scheme", async () => {
    const env = fakeEnv();
    expect((await call(env, "GET /api/openapi.json")).status).toBe(200);
    const lower = { bearer: null, headers: { Authorization: `bearer ${env.ADMIN_TOKEN}` } };
    expect((await call(env, "GET /api/openapi.json", lower)).status).toBe(200);
  });

  it.each([
    "admin-token-of-the-test",
    "admin-token-of-the-tests2",
    "Admin-token-of-the-tests",
    "undefined",
    "x",
    "x".repeat(5000),
  ])("refuses the token %.30s", async (bearer) => {
    const response = await call(fakeEnv(), "GET /api/accounts", { bearer });
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
  });

  it.each(["Basic YWRtaW46YWRtaW4=", "Bearer", "Bearer ", "admin-token-of-the-tests", "Bearer a b"])(
    "refuses Authorization: %s",
    async (Authorization) => {
      const response = await call(fakeEnv(), "GET /api/accounts", { bearer: null, headers: { Authorization } });
      expect(response.status).toBe(401);
    },
  );

  it("accepts no token from the URL", async () => {
    const env = fakeEnv();
    const path = `/api/openapi.json?access_token=${env.ADMIN_TOKEN}&token=${env.ADMIN_TOKEN}`;
    expect((await call(env, `GET ${path}`, { bearer: null })).status).toBe(401);
  });

  it("refuses requests without ADMIN_TOKEN, and says which secret to set", async () => {
    // A secret that was never set is missing, although its type says otherwise.
    for (const vars of [{ ADMIN_TOKEN: "" }, { ADMIN_TOKEN: undefined as unknown as string }]) {
      for (const bearer of [null, "", "undefined"]) {
        const response = await call(fakeEnv({ vars }), "GET /api/accounts", { bearer });
        const retryAfter = response.headers.get("Retry-After");
        const { status, code, message } = await refusal(response);
        expect({ status, code, retryAfter }).toEqual({ status: 503, code: "misconfigured", retryAfter: "5" });
        expect(message).toContain("npx wrangler secret put ADMIN_TOKEN");
      }
    }
  });
});

describe("responses", () => {
  it("are not cached, not sniffed, and not readable by other sites", async () => {
    const env = fakeEnv();
    const origin = { headers: { Origin: "https://evil.example" } };
    const responses = [
      await call(env, "GET /api/openapi.json", origin),
      await call(env, "GET /api/nothing", origin),
      await call(env, "OPTIONS /api/accounts", origin),
      await call(env, "GET /api/accounts", { ...origin, bearer: null }),
      await call(env, "GET /api/accounts", origin),
    ];
    expect(responses.map(({ status }) => status)).toEqual([200, 404, 405, 401, 500]);
    for (const { headers } of responses) {
      expect(headers.get("Content-Type")).toBe("application/json");
      expect(headers.get("Cache-Control")).toBe("no-store");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("list the methods of a route", async () => {
    const methods = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];
    for (const path of new Set(endpoints.map((endpoint) => endpoint.split(" ")[1] ?? ""))) {
      const own = endpoints.filter((endpoint) => endpoint.endsWith(` ${path}`)).map((e) => e.split(" ")[0] ?? "");
      const expected = own.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
      const wrong = methods.find((method) => !expected.includes(method)) ?? "TRACE";
      const response = await call(fakeEnv(), `${wrong} ${concrete(path)}`);
      expect(response.status, `${wrong} ${path}`).toBe(405);
      expect(response.headers.get("Allow")).toBe(expected.join(", "));
    }
  });

  it("say that a route does not exist", async () => {
    for (const path of ["/api", "/api/", "/api/accounts/", "/api/account", "/api/accounts/1/events/2/3/4"]) {
      expect(await refusal(await call(fakeEnv(), `GET ${path}`)), path).toMatchObject({
        status: 404,
        code: "not_found",
      });
    }
  });

  it("have the same form outside the API", async () => {
    const response = await call(fakeEnv(), "GET /", { bearer: null });
    expect(await refusal(response)).toMatchObject({ status: 404, code: "not_found" });
  });

  it("are never 500 for a malformed URL", async () => {
    const env = fakeEnv({ directory: { account: async () => null } });
    for (const id of [
      "%",
      "%zz",
      "%E0%A4%A",
      "%00",
      "%ED%A0%80",
      "\u{1f600}",
      "a%2F..%2Fb",
      "..%2f..%2fopenapi.json",
    ]) {
      const { status, code } = await refusal(await call(env, `GET /api/accounts/${id}`));
      expect([400, 404], id).toContain(status);
      expect(["invalid", "account_not_found"], id).toContain(code);
    }
  });

  it("to HEAD equal those to GET, without a body", async () => {
    const response = await call(fakeEnv(), "HEAD /api/openapi.json");
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});
