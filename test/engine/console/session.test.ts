import { SignJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { closeSession, openSession, SESSION_SECONDS, verifySession } from "../../../src/engine/auth/session.ts";
import { type EngineConfig, readConfig } from "../../../src/engine/config.ts";
import { VARS } from "../api/fakes.ts";

const HTTPS = new URL("https://replyline.example/console");
const LOCAL = new URL("http://127.0.0.1:8787/console");

function configWith(adminToken = VARS.ADMIN_TOKEN): EngineConfig {
  const config = readConfig({ ...VARS, ADMIN_TOKEN: adminToken });
  if (!config.ok) throw new Error("the settings of the tests are wrong");
  return config.value;
}

const cookieOf = (setCookie: string): string => setCookie.split(";")[0] ?? "";
const ask = (url: URL, cookie: string, config = configWith()) =>
  verifySession(new Request(url, { headers: { Cookie: cookie } }), config);

afterEach(() => {
  vi.useRealTimers();
});

describe("a session", () => {
  it("is a cookie of this host alone, over https alone, which no script and no other site gets", async () => {
    const setCookie = await openSession(HTTPS, configWith());
    expect(setCookie).toMatch(/^__Host-replyline=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(setCookie).not.toContain(VARS.ADMIN_TOKEN);
  });

  it("has a cookie without the prefix on the loopback address only, where plain http is all there is", async () => {
    const setCookie = await openSession(LOCAL, configWith());
    expect(setCookie).toMatch(/^replyline-local=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    // Over https that one counts for nothing: any page of a neighboring host could have set it.
    expect(await ask(HTTPS, cookieOf(setCookie))).toEqual({ ok: false, error: { reason: "missing" } });
  });

  it("opens until it ends, and not a second longer", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 20, 12) });
    const cookie = cookieOf(await openSession(HTTPS, configWith()));
    vi.setSystemTime(Date.UTC(2026, 10, 20, 12) + (SESSION_SECONDS - 1) * 1_000);
    expect(await ask(HTTPS, cookie)).toEqual({
      ok: true,
      value: { via: "session", until: Date.UTC(2026, 10, 21, 0) },
    });
    vi.setSystemTime(Date.UTC(2026, 10, 20, 12) + SESSION_SECONDS * 1_000);
    expect(await ask(HTTPS, cookie)).toEqual({ ok: false, error: { reason: "invalid" } });
  });

  it("ends with the admin token that it was opened with", async () => {
    const cookie = cookieOf(await openSession(HTTPS, configWith()));
    expect(await ask(HTTPS, cookie, configWith("another-admin-token-of-the-tests"))).toMatchObject({ ok: false });
    expect(await ask(HTTPS, cookie)).toMatchObject({ ok: true });
  });

  it("is refused when a character of it is another, when it is unsigned, and when the admin token itself signed it", async () => {
    const cookie = cookieOf(await openSession(HTTPS, configWith()));
    const [header = "", payload = "", signature = ""] = cookie.split("=").slice(1).join("=").split(".");
    const claims = { iss: "replyline", aud: "replyline-console", iat: 1, exp: 9_999_999_999 };
    const none = btoa(JSON.stringify({ alg: "none" })).replaceAll("=", "");
    const byToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(VARS.ADMIN_TOKEN));
    const flipped = signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    for (const forged of [
      `${header}.${payload}.${flipped}`,
      `${header}.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.${signature}`,
      `${none}.${payload}.`,
      byToken,
      "nonsense",
    ]) {
      expect(await ask(HTTPS, `__Host-replyline=${forged}`), forged.slice(0, 30)).toEqual({
        ok: false,
        error: { reason: "invalid" },
      });
    }
  });

  it("is found among other cookies, and closed with an empty one of the same name", async () => {
    const cookie = cookieOf(await openSession(HTTPS, configWith()));
    expect(await ask(HTTPS, `replyline-theme=dark; ${cookie}; x=y`)).toMatchObject({ ok: true });
    expect(closeSession(HTTPS)).toBe("__Host-replyline=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict");
    expect(await ask(HTTPS, "__Host-replyline=")).toEqual({ ok: false, error: { reason: "missing" } });
  });
});
