/** Signs in with the admin token, and out. */
import type { Context } from "hono";
import { SignInPage } from "../../console/pages/sign-in.tsx";
import type { AppEnv } from "../api/app-env.ts";
import { isCrossSiteChange } from "../auth/cross-site.ts";
import { secretsEqual } from "../../meta/signature.ts";
import { canHoldSession, closeSession, openSession } from "../auth/session.ts";
import { objectsOf } from "../objects.ts";
import { clientKey } from "../auth/client-key.ts";
import { readForm } from "../form.ts";
import { bareFrame } from "./frame.ts";

/** A token and a path fit many times over. */
const MAX_FORM_BYTES = 8_192;

const WRONG = "The admin token is not correct.";
const INSECURE =
  "This address uses http, which is not safe for a session. Open the console over https, or as http://localhost on this machine.";

/** The form; `to` in the address is where it leads afterwards. */
export async function showSignIn(c: Context<AppEnv>): Promise<Response> {
  return await signInPage(c, 200, pathWithin(c.req.query("to") ?? ""), null);
}

/**
 * The admin token for a session cookie, and on to where the person wanted to go. 401 when it is wrong, 429 after too many
 * attempts, 400 where a session could not be kept safely (plain http).
 */
export async function signIn(c: Context<AppEnv>): Promise<Response> {
  const url = new URL(c.req.url);
  const form = isCrossSiteChange(c.req.raw) ? null : await readFields(c.req.raw);
  const to = pathWithin(form?.to ?? "");
  if (form === null || !canHoldSession(url)) return await signInPage(c, 400, to, WRONG);

  const config = c.get("config");
  const objects = objectsOf(c.env);
  const client = await clientKey(c.req.raw, config.adminToken);
  const { allowed, retryAfterSeconds } = await objects.directory((of) => of.trySignIn(client));
  if (!allowed) {
    c.header("Retry-After", String(retryAfterSeconds));
    const minutes = Math.ceil(retryAfterSeconds / 60);
    return await signInPage(
      c,
      429,
      to,
      `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    );
  }
  if (!(await secretsEqual(form.token.trim(), config.adminToken))) return await signInPage(c, 401, to, WRONG);

  await objects.directory((of) => of.forgiveSignIn(client));
  c.header("Set-Cookie", await openSession(url, config));
  return c.redirect(to, 303);
}

/** Takes the cookie away. Not at the wish of another site. */
export function signOut(c: Context<AppEnv>): Response {
  if (isCrossSiteChange(c.req.raw)) return c.redirect("/console", 303);
  c.header("Set-Cookie", closeSession(new URL(c.req.url)));
  return c.redirect("/console/sign-in", 303);
}

/** Where to send a visitor who is not signed in. */
export function signInPath(url: URL): string {
  return `/console/sign-in?to=${encodeURIComponent(`${url.pathname}${url.search}`)}`;
}

async function signInPage(
  c: Context<AppEnv>,
  status: 200 | 400 | 401 | 429,
  to: string,
  problem: string | null,
): Promise<Response> {
  const insecure = canHoldSession(new URL(c.req.url)) ? null : INSECURE;
  return await c.html(<SignInPage frame={bareFrame(c)} to={to} problem={problem} insecure={insecure} />, status);
}

/** Only a page of ours that wants a sign-in: never another site, whatever the address says. */
function pathWithin(to: string): string {
  const url = URL.parse(to, "https://console.invalid");
  if (url === null || url.origin !== "https://console.invalid") return "/console";
  const within = /^\/(console|connect)(\/|$)/.test(url.pathname);
  return within && !url.pathname.startsWith("/console/sign-") ? `${url.pathname}${url.search}${url.hash}` : "/console";
}

/** null: not what a browser sends of the form, or too long. */
async function readFields(request: Request): Promise<{ to: string; token: string } | null> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers.get("Content-Type") ?? "")) return null;
  const form = await readForm(request, MAX_FORM_BYTES);
  if (form === null) return null;
  const field = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  return { to: field("to"), token: field("token") };
}
