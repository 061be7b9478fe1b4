/** An endpoint's schemas as middleware: what comes through is what the schema gives. */
import { sValidator } from "@hono/standard-validator";
import type { Context, MiddlewareHandler } from "hono";
import type { GenericSchema } from "valibot";
import type { AppEnv } from "./app-env.ts";
import { readBody } from "./body.ts";
import type { Endpoint } from "./endpoint.ts";
import { fieldProblems, type Issue, misplacedArrays, type Part } from "./issues.ts";
import { invalid, problem, problemResponse } from "./problem.ts";

/** In the order in which they run; the body is read last, and only when the rest is right. */
export function checksOf(endpoint: Endpoint): MiddlewareHandler<AppEnv>[] {
  const { params, query, headers, body, bodyFieldNames } = endpoint;
  const parts = [
    params === undefined ? [] : [check("param", params)],
    query === undefined ? [] : [check("query", query)],
    headers === undefined ? [] : [check("header", headers)],
    body === undefined ? [] : [bodyRead, check("json", body, bodyFieldNames)],
  ];
  return parts.flat();
}

/** What a schema has made of a part; undefined where the endpoint has no schema for it. */
export function valid(c: Context<AppEnv>, part: Part): unknown {
  return c.req.valid(part as never);
}

function check(part: Part, schema: GenericSchema, names?: Record<string, string>): MiddlewareHandler<AppEnv> {
  const middleware = sValidator(part, withoutMisplacedArrays(schema), (result) => {
    if (result.success) return;
    // valibot's own issues, or those of the check in front of it.
    const [first, ...others] = fieldProblems(result.error as readonly Issue[], part, names);
    return problemResponse(
      first === undefined ? problem("invalid", "The request is not valid.") : invalid([first, ...others]),
    );
  });
  // Its type says which schema it has checked; here the schemas are values of a table.
  return middleware as unknown as MiddlewareHandler<AppEnv>;
}

function withoutMisplacedArrays(schema: GenericSchema): Pick<GenericSchema, "~standard"> {
  const { "~standard": standard } = schema;
  return {
    "~standard": {
      version: 1,
      vendor: standard.vendor,
      validate(value) {
        const issues = misplacedArrays(schema, value);
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
