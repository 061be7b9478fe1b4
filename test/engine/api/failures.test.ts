import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ACCOUNT_ID, accountState, call, fakeEnv, refusal } from "./fakes.ts";

const ROUTE = `GET /api/accounts/${ACCOUNT_ID}`;

/** An error from a Durable Object's stub. */
function marked(marks: { retryable?: boolean; overloaded?: boolean }): Error {
  return Object.assign(new Error("secret text of a stranger"), { remote: true, ...marks });
}

function failing(...failures: Error[]) {
  const left = [...failures];
  return vi.fn(async () => {
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return accountState();
  });
}

let lines: string[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("when a Durable Object fails", () => {
  it("a retryable failure is retried once, on a new stub", async () => {
    const state = failing(marked({ retryable: true }));
    const env = fakeEnv({ account: { state } });
    expect((await call(env, ROUTE)).status).toBe(200);
    expect(env.asked).toEqual(["directory directory", `account ${ACCOUNT_ID}`, `account ${ACCOUNT_ID}`]);
    expect(lines).toEqual([]);
  });

  it("a failure that stays returns 503 with Retry-After", async () => {
    const state = failing(marked({ retryable: true }), marked({ retryable: true }));
    const response = await call(fakeEnv({ account: { state } }), ROUTE);
    expect(response.headers.get("Retry-After")).toBe("5");
    expect(await refusal(response)).toMatchObject({ status: 503, code: "unavailable" });
    expect(state).toHaveBeenCalledTimes(2);
  });

  it.each([{ overloaded: true }, { overloaded: true, retryable: true }])(
    "an overload (%j) returns 503 at once: a retry would make it worse",
    async (marks) => {
      const state = failing(marked(marks));
      const response = await call(fakeEnv({ account: { state } }), ROUTE);
      expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
      expect(state).toHaveBeenCalledOnce();
    },
  );

  it("the same applies to the Directory", async () => {
    const accounts = vi.fn(async () => Promise.reject(marked({ overloaded: true })));
    expect((await call(fakeEnv({ directory: { accounts } }), "GET /api/accounts")).status).toBe(503);
    expect(accounts).toHaveBeenCalledOnce();
  });

  it("any other exception returns 500, without its message", async () => {
    const state = failing(new TypeError("secret text of a stranger"));
    const response = await call(fakeEnv({ account: { state } }), ROUTE);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).toContain('"code":"internal"');
    expect(text).not.toContain("secret");
    expect(state).toHaveBeenCalledOnce();
  });

  it("one log line contains the location, and no message", async () => {
    await call(fakeEnv({ account: { state: failing(new TypeError("secret text")) } }), ROUTE);
    await call(fakeEnv({ account: { state: failing(marked({ overloaded: true })) } }), ROUTE);
    const logged = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(logged).toEqual([
      {
        event: "request_failed",
        route: "GET /api/accounts/:id",
        code: "internal",
        error: expect.stringMatching(/^TypeError at /) as string,
      },
      {
        event: "request_failed",
        route: "GET /api/accounts/:id",
        code: "unavailable",
        error: expect.stringMatching(/^Error at /) as string,
      },
    ]);
    expect(lines.join()).not.toContain("secret");
    expect(lines.join()).not.toContain(ACCOUNT_ID);
  });
});
