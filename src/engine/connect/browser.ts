/**
 * The cookie that ties a login to the browser that began it: `state` alone would let somebody send their own callback
 * address to another person, whose browser would then connect the sender's account (RFC 6749, section 10.12).
 */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { isRandomText, randomText } from "./random.ts";

/** As long as a step of the login is good. */
export const STEP_MS = 600_000;

/** Browsers take `__Host-` cookies over https only; on the machine itself plain http has to do. */
const nameFor = (origin: string): string =>
  origin.startsWith("https:") ? "__Host-replyline_connect" : "replyline_connect";

/** The browser's secret; null: it has none, or something that is not ours. */
export function browserOf(c: Context, origin: string): string | null {
  const value = getCookie(c, nameFor(origin));
  return isRandomText(value) ? value : null;
}

/** The browser's secret, made now where it has none: a second tab must not end the login of the first. */
export function ensureBrowser(c: Context, origin: string): string {
  const browser = browserOf(c, origin) ?? randomText();
  setCookie(c, nameFor(origin), browser, {
    path: "/",
    httpOnly: true,
    secure: origin.startsWith("https:"),
    sameSite: "Lax",
    maxAge: STEP_MS / 1_000,
  });
  return browser;
}
