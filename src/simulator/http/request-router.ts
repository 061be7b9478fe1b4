/** Which requests are Meta's, and who answers them: the Graph API, or the routes that steer the simulator. */
import { fail } from "../control/control-json.ts";
import { control } from "../control/control-routes.ts";
import { GRAPH_VERSION } from "../graph/graph-router.ts";
import { anyError, errorBody } from "../graph/graph-error.ts";
import { handleGraphRequest } from "./graph-endpoint.ts";
import type { Simulator } from "../simulator.ts";

/** Hosts whose names may stand in front of a path: they can be put into a base URL where both share an address. */
const HOST_SEGMENT = /^(graph|api|www)\.(instagram|facebook)\.com$/;
const ROOT_PATHS = new Set(["oauth", "access_token", "refresh_access_token", "dialog", "debug_token", "me"]);

const CONTROL_PREFIX = "__meta";

/** Asked again and again by what runs a local stack; see `keepWarm` of the command line. */
export const WARM_PATH = "/__meta/warm";

/** Whether a path is Meta's; all others are somebody else's. */
export function isMetaPath(pathname: string): boolean {
  const [first = ""] = pathname.split("/").slice(1);
  return first === CONTROL_PREFIX || HOST_SEGMENT.test(first) || GRAPH_VERSION.test(first) || ROOT_PATHS.has(first);
}

/**
 * Answers a request to any of Meta's hosts, or to `/__meta`. A mistake of the simulator's own is answered as Meta answers
 * one of hers: a receiver must never have to read a stack trace.
 */
export async function handleRequest(simulator: Simulator, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const segments = url.pathname.split("/").filter(Boolean).map(decoded);
  try {
    return await route(simulator, request, segments, url);
  } catch (error) {
    console.error(error);
    if (segments[0] === CONTROL_PREFIX) return fail(500, "the simulator itself has failed; it has written why");
    return Response.json(errorBody(anyError(1, null, 500), "Asimulator"), { status: 500 });
  }
}

async function route(simulator: Simulator, request: Request, segments: string[], url: URL): Promise<Response> {
  if (segments[0] === CONTROL_PREFIX) return control(simulator, request, segments.slice(1), url.searchParams);
  if (HOST_SEGMENT.test(segments[0] ?? "")) segments.shift();
  if (GRAPH_VERSION.test(segments[0] ?? "")) segments.shift();
  return handleGraphRequest(simulator, request, segments, url);
}

/** A segment that is no valid escape stands for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
