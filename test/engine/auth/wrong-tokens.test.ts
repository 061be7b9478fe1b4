/** Wrong tokens at the API, over the real Directory. */
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, fakeEnv, refusal } from "../api/fakes.ts";

const QUARTER_OF_AN_HOUR_MS = 900_000;

let addresses = 0;
/** Addresses that only this test uses. */
const newAddress = (): string => `198.51.100.${++addresses}`;

const ask = (address: string, token: string): Promise<Response> =>
  exports.default.fetch(
    new Request("https://replyline.example/api/openapi.json", {
      headers: { Authorization: `Bearer ${token}`, "CF-Connecting-IP": address },
    }),
  );

async function statuses(address: string, token: string, times: number): Promise<number[]> {
  const seen: number[] = [];
  for (let attempt = 0; attempt < times; attempt++) seen.push((await ask(address, `${token}-${attempt}`)).status);
  return seen;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("wrong tokens at the API", () => {
  it("are limited to ten in 15 minutes; the next get 429 with a retry time", async () => {
    const guesser = newAddress();
    expect(await statuses(guesser, "guess", 12)).toEqual([...Array<number>(10).fill(401), 429, 429]);
    const response = await ask(guesser, "guess-again");
    expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(800);
    expect(await refusal(response)).toMatchObject({ status: 429, code: "too_many_attempts" });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + QUARTER_OF_AN_HOUR_MS + 1_000 });
    expect((await ask(guesser, "guess")).status).toBe(401);
  });

  it("never block the right token, even from the same address: a forgotten script may run next to your backend", async () => {
    const server = newAddress();
    await statuses(server, "last-months-token", 11);
    expect((await ask(server, env.ADMIN_TOKEN)).status).toBe(200);
  });

  it("are not counted together with a valid credential, and a right token needs no object", async () => {
    const trySignIn = vi.fn(() => Promise.resolve({ allowed: true, retryAfterSeconds: 0 }));
    const fakes = fakeEnv({ directory: { trySignIn } });
    expect((await call(fakes, "GET /api/openapi.json")).status).toBe(200);
    expect(fakes.asked).toEqual([]);
    await call(fakes, "GET /api/openapi.json", { bearer: "wrong" });
    expect(trySignIn).toHaveBeenCalledOnce();
  });

  it("do not reach the Directory after it has refused the client", async () => {
    const trySignIn = vi.fn(() => Promise.resolve({ allowed: false, retryAfterSeconds: 60 }));
    const headers = { "CF-Connecting-IP": newAddress() };
    for (let attempt = 0; attempt < 5; attempt++) {
      const fakes = fakeEnv({ directory: { trySignIn } });
      expect((await call(fakes, "GET /api/accounts", { bearer: "wrong", headers })).status).toBe(429);
    }
    expect(trySignIn).toHaveBeenCalledOnce();
  });
});
