/** Middleware that runs before every endpoint. */
import type { MiddlewareHandler } from "hono";
import { authenticate } from "../auth/authenticate.ts";
import { isCrossSiteChange } from "../auth/cross-site.ts";
import { readConfig } from "../config.ts";
import { objectsOf } from "../objects.ts";
import type { AppEnv } from "./app-env.ts";
import { problem, problemResponse } from "./problem.ts";

/** Responses are not cached, and browsers must not guess their type. */
export const answerHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  c.header("Cache-Control", "no-store");
  c.header("X-Content-Type-Options", "nosniff");
};

/** Refuses all requests if the configuration is incomplete. The response contains the missing variables. */
export const configured: MiddlewareHandler<AppEnv> = async (c, next) => {
  const config = readConfig(c.env);
  if (!config.ok) {
    return problemResponse(problem("misconfigured", config.error.map(({ message }) => message).join(" ")));
  }
  c.set("config", config.value);
  await next();
};

/**
 * Requires the admin token, a session or an Access JWT; otherwise 401. A change that a browser sends for another site,
 * with the browser's own credentials, gets 403.
 */
export const authenticated: MiddlewareHandler<AppEnv> = async (c, next) => {
  const principal = await authenticate(c.req.raw, c.get("config"), objectsOf(c.env));
  if (!principal.ok) {
    switch (principal.error.reason) {
      case "missing":
        return unauthorized("Missing or invalid bearer token. Send `Authorization: Bearer <ADMIN_TOKEN>`.", "");
      case "invalid":
        return unauthorized(
          "Invalid credentials. Send `Authorization: Bearer <ADMIN_TOKEN>`, or check the session or the Access token.",
          ', error="invalid_token"',
        );
      case "too_many": {
        const { code, message } = problem(
          "too_many_attempts",
          "Too many wrong tokens from this address. Try again after the time in `Retry-After`.",
        );
        return problemResponse({
          code,
          message,
          headers: { "Retry-After": String(principal.error.retryAfterSeconds) },
        });
      }
      case "keys_unavailable":
        return problemResponse(
          problem("unavailable", "The keys of Cloudflare Access are unavailable. Try again in a few seconds."),
        );
    }
  }
  if (principal.value.via !== "admin_token" && isCrossSiteChange(c.req.raw)) {
    return problemResponse(problem("cross_site", "Requests from other sites must not change data."));
  }
  c.set("principal", principal.value);
  await next();
};

/** https://datatracker.ietf.org/doc/html/rfc6750#section-3 */
function unauthorized(message: string, detail: string): Response {
  const headers = { "WWW-Authenticate": `Bearer realm="replyline"${detail}` };
  return problemResponse({ code: "unauthorized", message, headers });
}
