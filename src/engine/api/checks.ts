/** An endpoint's schemas as middleware: handlers get the output of the schemas. */
import { sValidator } from "@hono/standard-validator";
import type { Context, MiddlewareHandler } from "hono";
import type { GenericSchema } from "valibot";
import type { AppEnv } from "./app-env.ts";
import type { Endpoint } from "./endpoint.ts";
import { fieldProblems, type Issue, misplacedArrays, type Part } from "./issues.ts";
import { invalid, problem, problemResponse, type Problem } from "./problem.ts";
import { err, ok, type Result } from "../../core/result.ts";

/** In order of execution. The body is read last, and only if all other parts are valid. */
export function checksOf(endpoint: Endpoint): MiddlewareHandler<AppEnv>[] {
  const { params, query, headers, body, bodyShape = body, bodyFieldNames } = endpoint;
  const parts = [
    params === undefined ? [] : [check("param", params)],
    query === undefined ? [] : [check("query", query)],
    headers === undefined ? [] : [check("header", headers)],
    body === undefined ? [] : [bodyRead, check("json", body, bodyShape, bodyFieldNames)],
  ];
  return parts.flat();
}

/** The output of a part's schema; undefined if the endpoint has no schema for it. */
export function valid(c: Context<AppEnv>, part: Part): unknown {
  return c.req.valid(part as never);
}

/** @param shape where `schema` expects objects, if a transformation hides that in the schema itself */
function check(
  part: Part,
  schema: GenericSchema,
  shape = schema,
  names?: Record<string, string>,
): MiddlewareHandler<AppEnv> {
  const middleware = sValidator(part, withoutMisplacedArrays(schema, shape), (result) => {
    if (result.success) return;
    // valibot's issues, or those of the check before it.
    const [first, ...others] = fieldProblems(result.error as readonly Issue[], part, names, Array.isArray(result.data));
    return problemResponse(
      first === undefined ? problem("invalid", "The request is not valid.") : invalid([first, ...others]),
    );
  });
  // The middleware's type contains its schema; here the schemas are values of a table.
  return middleware as unknown as MiddlewareHandler<AppEnv>;
}

function withoutMisplacedArrays(schema: GenericSchema, shape: GenericSchema): Pick<GenericSchema, "~standard"> {
  const { "~standard": standard } = schema;
  return {
    "~standard": {
      version: 1,
      vendor: standard.vendor,
      validate(value) {
        const issues = misplacedArrays(shape, value);
        return issues.length > 0
          ? ({ issues } as Awaited<ReturnType<typeof standard.validate>>)
          : standard.validate(value);
      },
    },
  };
}

const bodyRead: MiddlewareHandler<AppEnv> = async (c, next) => {
  const read = await readBody(c.req.raw);
  if (!read.ok) return problemResponse(read.error);
  c.req.raw = read.value;
  await next();
};

/**
 * Several times the size of 200 automations with 100 keywords each. Counted while reading; the header is not trusted.
 */
export const MAX_BODY_BYTES = 1_048_576;

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** @returns the same request with its body read, or why it is refused */
export async function readBody(request: Request): Promise<Result<Request, Problem>> {
  // This also blocks requests from other sites: a browser sends this type to another site only after a preflight
  // request, which never succeeds here.
  if (!JSON_TYPE.test(request.headers.get("Content-Type") ?? "")) {
    return err(
      problem(
        "unsupported_media_type",
        "Unsupported media type. Send the body as JSON, with `Content-Type: application/json`.",
      ),
    );
  }
  const tooLarge = problem("too_large", `The body is larger than ${MAX_BODY_BYTES} bytes. Send a smaller body.`);
  if (Number(request.headers.get("Content-Length") ?? 0) > MAX_BODY_BYTES) return err(tooLarge);

  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return err(tooLarge);
    chunks.push(chunk);
  }
  return ok(new Request(request, { method: request.method, body: new Blob(chunks) }));
}
