/** What every request passes before any endpoint sees it. */
import type { MiddlewareHandler } from "hono";
import { authenticate } from "../auth/authenticate.ts";
import { isCrossSiteChange } from "../auth/cross-site.ts";
import { readConfig } from "../config.ts";
import { objectsOf } from "../objects.ts";
import type { AppEnv } from "./app-env.ts";
import { problem, problemResponse } from "./problem.ts";

/** No answer is for caches, and each is what its type says, whatever a browser might think. */
export const answerHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  c.header("Cache-Control", "no-store");
  c.header("X-Content-Type-Options", "nosniff");
};

/** Without its secrets the engine lets nobody in; the answer names what is missing. */
export const configured: MiddlewareHandler<AppEnv> = async (c, next) => {
  const config = readConfig(c.env);
  if (!config.ok) {
    return problemResponse(problem("misconfigured", config.error.map(({ message }) => message).join(" ")));
  }
  c.set("config", config.value);
  await next();
};

/**
 * Lets in who has the admin token, a session or an Access JWT; 401 to others. A change that another site asks for with the
 * browser's own credentials is answered 403.
 */
export const authenticated: MiddlewareHandler<AppEnv> = async (c, next) => {
  const principal = await authenticate(c.req.raw, c.get("config"), objectsOf(c.env));
  if (!principal.ok) {
    switch (principal.error.reason) {
      case "missing":
        return unauthorized("Send Authorization: Bearer, with the ADMIN_TOKEN behind it.", "");
      case "invalid":
        return unauthorized("These credentials are not valid.", ', error="invalid_token"');
      case "too_many": {
        const { code, message } = problem("too_many_attempts", "Too many wrong tokens came from this address. Wait.");
        return problemResponse({
          code,
          message,
          headers: { "Retry-After": String(principal.error.retryAfterSeconds) },
        });
      }
      case "keys_unavailable":
        return problemResponse(problem("unavailable", "Cloudflare Access's keys could not be read. Ask again."));
    }
  }
  if (principal.value.via !== "admin_token" && isCrossSiteChange(c.req.raw)) {
    return problemResponse(problem("cross_site", "A page of another site may not change anything here."));
  }
  c.set("principal", principal.value);
  await next();
};

/** https://datatracker.ietf.org/doc/html/rfc6750#section-3 */
function unauthorized(message: string, detail: string): Response {
  const headers = { "WWW-Authenticate": `Bearer realm="replyline"${detail}` };
  return problemResponse({ code: "unauthorized", message, headers });
}
