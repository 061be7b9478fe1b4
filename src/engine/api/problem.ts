/** Errors of the API: `{"error":{"code","message","fields"?}}`. */
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Every code with its status. Programs use the code; the message is for people. */
export const PROBLEM_STATUS = {
  malformed_json: 400,
  invalid: 400,
  unauthorized: 401,
  cross_site: 403,
  not_found: 404,
  account_not_found: 404,
  method_not_allowed: 405,
  not_connected: 409,
  subscription_shared: 409,
  version_conflict: 409,
  already_replied: 409,
  key_reused: 409,
  outside_window: 409,
  human_active: 409,
  comment_gone: 409,
  text_too_long: 422,
  not_on_platform: 422,
  too_late: 409,
  not_uncertain: 409,
  not_sent: 409,
  sending_off: 409,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_attempts: 429,
  internal: 500,
  refused_by_meta: 502,
  meta_unreachable: 502,
  replay_failed: 502,
  misconfigured: 503,
  unavailable: 503,
} as const satisfies Record<string, ContentfulStatusCode>;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

export interface FieldProblem {
  /** Path of the field, such as `automations[2].trigger.keywords`, or the name of a query parameter or header. */
  field: string;
  /** How to fix it. */
  message: string;
}

export interface Problem {
  code: ProblemCode;
  message: string;
  fields?: FieldProblem[];
  headers?: Record<string, string>;
}

/** Default seconds until a retry. */
const RETRY_AFTER_SECONDS = "5";

/** Creates an error. The code determines the status. Errors with status 503 have a Retry-After header. */
export function problem(code: ProblemCode, message: string): Problem {
  return PROBLEM_STATUS[code] === 503
    ? { code, message, headers: { "Retry-After": RETRY_AFTER_SECONDS } }
    : { code, message };
}

/** An invalid request. The message contains the first of all wrong fields. */
export function invalid(fields: [FieldProblem, ...FieldProblem[]]): Problem {
  const [first, ...others] = fields;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return { code: "invalid", message: `${first.field}: ${first.message}${more}`, fields };
}

/** Converts the problem to a response. */
export function problemResponse({ code, message, fields, headers = {} }: Problem): Response {
  const error = fields === undefined ? { code, message } : { code, message, fields };
  return Response.json({ error }, { status: PROBLEM_STATUS[code], headers });
}
