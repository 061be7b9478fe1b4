/**
 * What a browser holds during a login: 256 random bits, of which only a hash is stored; and the cookie that ties the login
 * to the browser that began it. `state` alone would let an attacker send their own callback address to another person,
 * whose browser would then connect the attacker's account (RFC 6749, section 10.12).
 */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { base64url } from "jose";

const BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{43}$/;

export const randomSecret = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(BYTES)));

/** Whether this can be one of ours at all; nothing else is looked up. */
export const isSecret = (text: string | undefined | null): text is string => text != null && FORM.test(text);

/** SHA-256 in base64url. Random input needs no salt. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return base64url.encode(new Uint8Array(digest));
}

/** As long as a step of the login is good. */
export const STEP_MS = 600_000;

/** Browsers take `__Host-` cookies over https only; on the machine itself plain http has to do. */
const nameFor = (origin: string): string =>
  origin.startsWith("https:") ? "__Host-replyline_connect" : "replyline_connect";

/** The browser's secret; null: it has none, or something that is not ours. */
export function browserSecretOf(c: Context, origin: string): string | null {
  const value = getCookie(c, nameFor(origin));
  return isSecret(value) ? value : null;
}

/** The browser's secret, made now where it has none: a second tab must not end the login of the first. */
export function ensureBrowserSecret(c: Context, origin: string): string {
  const browser = browserSecretOf(c, origin) ?? randomSecret();
  setCookie(c, nameFor(origin), browser, {
    path: "/",
    httpOnly: true,
    secure: origin.startsWith("https:"),
    sameSite: "Lax",
    maxAge: STEP_MS / 1_000,
  });
  return browser;
}
