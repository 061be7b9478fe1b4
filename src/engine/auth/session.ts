/**
 * The console's session: a signed cookie, created after a sign-in with the admin token. Nothing is stored. The key is
 * derived from the token, so a new ADMIN_TOKEN ends every session.
 */
import { generateCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";
import { errors, jwtVerify, SignJWT } from "jose";
import { err, ok, type Result } from "../../core/result.ts";
import type { EngineConfig } from "../config.ts";
import type { AuthenticationError, Principal } from "./principal.ts";

/** Covers a working day, but not the night after it. */
export const SESSION_SECONDS = 12 * 3_600;

const ALGORITHM = "HS256";
const ISSUER = "replyline";
const AUDIENCE = "replyline-console";

/**
 * `__Host-`: the browser accepts the cookie only from this host, over https, for every path
 * (https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes).
 */
const COOKIE = "__Host-replyline";
/** `wrangler dev` uses plain http on the loopback address, where not every browser stores a Secure cookie. */
const LOCAL_COOKIE = "replyline-local";
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a session is possible at this address: over https, or on the local machine. */
export function canHoldSession(url: URL): boolean {
  return url.protocol === "https:" || isLocal(url);
}

/** `Set-Cookie` of a new session. */
export async function openSession(url: URL, config: EngineConfig): Promise<string> {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${SESSION_SECONDS}s`)
    .setJti(crypto.randomUUID())
    .sign(await keyOf(config));
  return cookie(url, token, SESSION_SECONDS);
}

/** `Set-Cookie` that ends the session in this browser. */
export function closeSession(url: URL): string {
  return cookie(url, "", 0);
}

/** Verifies the session cookie of a request. */
export async function verifySession(
  request: Request,
  config: EngineConfig,
): Promise<Result<Principal, AuthenticationError>> {
  const name = isLocal(new URL(request.url)) ? LOCAL_COOKIE : COOKIE;
  const token = parse(request.headers.get("Cookie") ?? "", name)[name] ?? "";
  if (token === "") return err({ reason: "missing" });
  try {
    const { payload } = await jwtVerify(token, await keyOf(config), {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ["exp", "iat"],
    });
    return ok({ via: "session", until: (payload.exp ?? 0) * 1_000 });
  } catch (error) {
    if (error instanceof errors.JOSEError) return err({ reason: "invalid" });
    throw error;
  }
}

function isLocal(url: URL): boolean {
  return url.protocol === "http:" && LOOPBACK_HOSTS.has(url.hostname);
}

function cookie(url: URL, value: string, maxAge: number): string {
  const local = isLocal(url);
  return generateCookie(local ? LOCAL_COOKIE : COOKIE, value, {
    path: "/",
    maxAge,
    httpOnly: true,
    sameSite: "Strict",
    secure: !local,
  });
}

/** HKDF (https://datatracker.ietf.org/doc/html/rfc5869): the token is not used directly as the signing key. */
async function keyOf({ adminToken }: EngineConfig): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const token = await crypto.subtle.importKey("raw", encoder.encode(adminToken), "HKDF", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode("replyline console session 1") },
    token,
    256,
  );
  return new Uint8Array(bits);
}
