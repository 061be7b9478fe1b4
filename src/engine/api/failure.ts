import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import { log } from "../log.ts";
import type { AppEnv } from "./app-env.ts";
import { type Problem, problem } from "./problem.ts";
import { isUnavailable } from "../objects.ts";

/** What an exception becomes: a body that is no JSON, an object that cannot answer now, or a bug. */
export function failureOf(error: Error, c: Context<AppEnv>): Problem {
  if (error instanceof HTTPException && error.status === 400) {
    return problem("malformed_json", "The body is not JSON. Look for a missing quote, comma or bracket.");
  }
  const failure = isUnavailable(error)
    ? problem("unavailable", "The object behind this is overloaded or being moved. Ask again in a moment.")
    : problem("internal", "Something failed inside. The log has a request_failed line for it.");
  // An exception may quote a payload in its message, so only its class is logged, and where it came from.
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
