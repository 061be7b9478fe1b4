/** Routes a request to the Graph API or to the control routes. */
import { fail } from "../control/control-json.ts";
import { control } from "../control/control-routes.ts";
import { GRAPH_VERSION } from "../graph/graph-router.ts";
import { anyError, errorBody } from "../graph/graph-error.ts";
import { handleGraphRequest } from "./graph-endpoint.ts";
import type { Simulator } from "../simulator.ts";

/** A path may start with one of these hosts, so that both hosts can share the simulator's address in a base URL. */
const HOST_SEGMENT = /^(graph|api|www)\.(instagram|facebook)\.com$/;
const ROOT_PATHS = new Set(["oauth", "access_token", "refresh_access_token", "dialog", "debug_token", "me"]);

const CONTROL_PREFIX = "__meta";

/** Requested regularly while a local stack runs; see `keepWarm` in cli/stack/local-stack.ts. */
export const WARM_PATH = "/__meta/warm";

/** Whether a path belongs to Meta. */
export function isMetaPath(pathname: string): boolean {
  const [first = ""] = pathname.split("/").slice(1);
  return first === CONTROL_PREFIX || HOST_SEGMENT.test(first) || GRAPH_VERSION.test(first) || ROOT_PATHS.has(first);
}

/**
 * Responds to a request to any of Meta's hosts, or to `/__meta`. A bug in the simulator gives the response that Meta gives
 * for an internal error, never a stack trace.
 */
export async function handleRequest(simulator: Simulator, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const segments = url.pathname.split("/").filter(Boolean).map(decoded);
  try {
    return await route(simulator, request, segments, url);
  } catch (error) {
    console.error(error);
    if (segments[0] === CONTROL_PREFIX)
      return fail(500, "Internal error in the simulator. See its output for the reason.");
    return Response.json(errorBody(anyError(1, null, 500), "Asimulator"), { status: 500 });
  }
}

async function route(simulator: Simulator, request: Request, segments: string[], url: URL): Promise<Response> {
  if (segments[0] === CONTROL_PREFIX) return control(simulator, request, segments.slice(1), url.searchParams);
  if (HOST_SEGMENT.test(segments[0] ?? "")) segments.shift();
  if (GRAPH_VERSION.test(segments[0] ?? "")) segments.shift();
  return handleGraphRequest(simulator, request, segments, url);
}

/** Decodes a segment. An invalid escape stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
