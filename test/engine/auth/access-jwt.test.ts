import { exportJWK, generateKeyPair, SignJWT, type JWK } from "jose";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { call, fakeEnv, type Fakes } from "../api/fakes.ts";

const AUDIENCE = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
const HOUR_SECONDS = 3_600;

let signingKey: CryptoKey;
let strangersKey: CryptoKey;
let publicJwk: JWK;
/** Each test has its own team, because keys are cached by team. */
let team: string;
let teams = 0;
let certs: () => Response | Promise<Response>;
let fetched: string[];

beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  signingKey = pair.privateKey;
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: "key-1", alg: "RS256", use: "sig" };
  strangersKey = (await generateKeyPair("RS256")).privateKey;
});

beforeEach(() => {
  teams += 1;
  team = `team-${teams}.cloudflareaccess.com`;
  fetched = [];
  certs = () => Response.json({ keys: [publicJwk] });
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const url = input instanceof Request ? input.url : String(input);
    fetched.push(url);
    if (url !== `https://${team}/cdn-cgi/access/certs`) throw new Error(`unexpected request to ${url}`);
    return await certs();
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

interface Claims {
  issuer?: string;
  audience?: string | string[];
  expiresIn?: number;
  notBefore?: number;
  claims?: Record<string, unknown>;
  key?: CryptoKey;
  header?: { alg?: string; kid?: string };
}

async function jwt(given: Claims = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { issuer = `https://${team}`, audience = [AUDIENCE], expiresIn = HOUR_SECONDS, key = signingKey } = given;
  const token = new SignJWT({ email: "ana@example.com", type: "app", ...given.claims })
    .setProtectedHeader({ alg: "RS256", kid: "key-1", ...given.header })
    .setSubject("user-1")
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + expiresIn);
  if (given.notBefore !== undefined) token.setNotBefore(now + given.notBefore);
  return await token.sign(key);
}

const withAccess = (): Fakes => ({ vars: { ACCESS_TEAM_DOMAIN: team, ACCESS_AUD: AUDIENCE } });

async function knock(token: string, init: { route?: string; headers?: Record<string, string>; fakes?: Fakes } = {}) {
  const { route = "GET /api/openapi.json", headers = {}, fakes = withAccess() } = init;
  return await call(fakeEnv(fakes), route, {
    bearer: null,
    headers: { "Cf-Access-Jwt-Assertion": token, ...headers },
  });
}

describe("a token of Cloudflare Access", () => {
  it("gives access to the API", async () => {
    expect((await knock(await jwt())).status).toBe(200);
  });

  it("gives access for a service token too, which has no e-mail address", async () => {
    const token = await jwt({ claims: { email: undefined, common_name: "robot.access", sub: "" } });
    expect((await knock(token)).status).toBe(200);
  });

  it.each<[string, Claims]>([
    ["of another application", { audience: ["another-application"] }],
    ["of another team", { issuer: "https://team-0.cloudflareaccess.com" }],
    ["that has expired", { expiresIn: -60 }],
    ["that is not valid yet", { notBefore: 600 }],
    ["with an unknown key id", { header: { kid: "key-9" } }],
  ])("%s is refused", async (_what, claims) => {
    expect((await knock(await jwt(claims))).status).toBe(401);
  });

  it("signed by another key with our key id is refused", async () => {
    expect((await knock(await jwt({ key: strangersKey }))).status).toBe(401);
  });

  it("with another algorithm is refused, with any key", async () => {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: `https://${team}`, aud: AUDIENCE, iat: now, exp: now + HOUR_SECONDS, sub: "user-1" };
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
    const symmetric = await new SignJWT(payload).setProtectedHeader({ alg: "HS256", kid: "key-1" }).sign(secret);
    const encode = (part: object): string => btoa(JSON.stringify(part)).replaceAll("=", "");
    const unsigned = `${encode({ alg: "none", kid: "key-1" })}.${encode(payload)}.`;
    for (const token of [symmetric, unsigned]) expect((await knock(token)).status).toBe(401);
  });

  it("with another algorithm is refused, even with the right key", async () => {
    const pair = await generateKeyPair("PS256", { extractable: true });
    // A key without an algorithm would match any algorithm for RSA keys.
    const { kty, n, e } = await exportJWK(pair.publicKey);
    certs = () => Response.json({ keys: [{ kty, n, e, kid: "key-2" }] });
    const header = { alg: "PS256", kid: "key-2" };
    expect((await knock(await jwt({ key: pair.privateKey, header }))).status).toBe(401);
  });

  it("without an expiry is refused", async () => {
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: "RS256", kid: "key-1" })
      .setIssuer(`https://${team}`)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .sign(signingKey);
    expect((await knock(token)).status).toBe(401);
  });

  it.each(["", "x", "a.b.c", "..", "é.é.é", "x".repeat(10_000)])(
    "that is malformed (%.10s) is refused",
    async (token) => {
      const response = await call(fakeEnv(withAccess()), "GET /api/openapi.json", {
        bearer: null,
        headers: { "Cf-Access-Jwt-Assertion": encodeURI(token) },
      });
      expect(response.status).toBe(401);
    },
  );

  it("is ignored if Cloudflare Access is not configured", async () => {
    const response = await knock(await jwt(), { fakes: {} });
    expect(response.status).toBe(401);
    expect(fetched).toEqual([]);
  });

  it("gives access together with a wrong admin token: one valid credential is enough", async () => {
    const response = await knock(await jwt(), { headers: { Authorization: "Bearer nonsense" } });
    expect(response.status).toBe(200);
  });

  it("is not needed with the admin token", async () => {
    expect((await call(fakeEnv(withAccess()), "GET /api/openapi.json")).status).toBe(200);
    expect(fetched).toEqual([]);
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ["cannot be reached", () => Promise.reject(new TypeError("network connection lost"))],
    ["return an error", () => new Response("down", { status: 502 })],
    ["are no keys", () => Response.json({ keys: "none" })],
  ])("gets 503 when Cloudflare's keys %s, because it cannot be verified now", async (_what, answer) => {
    certs = answer;
    const response = await knock(await jwt());
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
  });

  it("has its keys fetched once, not for every request", async () => {
    for (let request = 0; request < 3; request += 1) expect((await knock(await jwt())).status).toBe(200);
    expect(fetched).toHaveLength(1);
  });
});

describe("a browser that Cloudflare Access allows", () => {
  const change = "POST /api/accounts/1/replies/r-1/cancel";
  const read = "GET /api/openapi.json";

  it.each<[string, Record<string, string>, number]>([
    [change, { "Sec-Fetch-Site": "cross-site" }, 403],
    [change, { "Sec-Fetch-Site": "same-site" }, 403],
    [change, { Origin: "https://evil.example" }, 403],
    [change, { Origin: "null" }, 403],
    [read, { "Sec-Fetch-Site": "cross-site" }, 200],
    [change, { "Sec-Fetch-Site": "same-origin", Origin: "https://replyline.example" }, 404],
    [change, { Origin: "https://replyline.example" }, 404],
    [change, {}, 404],
  ])("changes nothing for another site: %s with %j returns %i", async (route, headers, status) => {
    const fakes = { ...withAccess(), directory: { account: () => Promise.resolve(null) } };
    const response = await knock(await jwt(), { route, headers, fakes });
    expect(response.status).toBe(status);
  });

  it("is not checked when it sends the admin token, which no browser adds automatically", async () => {
    const env = fakeEnv({ directory: { account: () => Promise.resolve(null) } });
    const response = await call(env, change, { headers: { "Sec-Fetch-Site": "cross-site" } });
    expect(response.status).toBe(404);
  });
});
