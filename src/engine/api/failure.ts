import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import { log } from "../log.ts";
import type { AppEnv } from "./app-env.ts";
import { type Problem, problem } from "./problem.ts";
import { isUnavailable } from "../objects.ts";

/** Maps an exception to an error: a body that is not JSON, an unavailable object, or a bug. */
export function failureOf(error: Error, c: Context<AppEnv>): Problem {
  if (error instanceof HTTPException && error.status === 400) {
    return problem("malformed_json", "The body is not valid JSON. Check for a missing quote, comma or bracket.");
  }
  const failure = isUnavailable(error)
    ? problem("unavailable", "The account or the directory is temporarily unavailable. Try again in a few seconds.")
    : problem("internal", "Internal error. See the request_failed event in the log.");
  // The message of an exception may contain a payload, so only its class and location are logged.
  log("request_failed", {
    route: `${c.req.method} ${routePath(c)}`,
    code: failure.code,
    error: `${error.name} ${topFrame(error.stack)}`.trimEnd(),
  });
  return failure;
}

function topFrame(stack: string | undefined): string {
  const frame = stack?.split("\n").find((line) => /^\s+at /.test(line));
  return frame?.trim().slice(0, 200) ?? "";
}
