/**
 * One endpoint: its parameters, its response and its handler. The app (`app.ts`) and the OpenAPI description
 * (`openapi.ts`) use the same table of endpoints, so both always have the same routes.
 */
import type * as v from "valibot";
import type { Result } from "../../core/result.ts";
import type { EngineConfig } from "../config.ts";
import type { EngineEnv } from "../env.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import type { Objects } from "../objects.ts";

export type Method = "GET" | "PUT" | "POST" | "DELETE";

export const TAGS = [
  "accounts",
  "automations",
  "events",
  "replies",
  "conversations",
  "settings",
  "kept",
  "incident",
  "reference",
  "connect",
  "privacy",
  "doctor",
] as const;

export interface EndpointInput<P = unknown, Q = unknown, H = unknown, B = unknown> {
  params: P;
  query: Q;
  headers: H;
  body: B;
  objects: Objects;
  config: EngineConfig;
  env: EngineEnv;
  /** The request's URL. Its origin is the public address if PUBLIC_URL is not set. */
  url: string;
}

export interface Answer<A = unknown> {
  body: A;
  headers?: Record<string, string>;
}

/** An endpoint without its handler. */
export interface EndpointShape {
  method: Method;
  /** In Hono's syntax: `/api/accounts/:id`. */
  path: string;
  /** `operationId` in the description; unique. */
  name: string;
  tag: (typeof TAGS)[number];
  summary: string;
  description?: string;
  params?: v.GenericSchema;
  query?: v.GenericSchema;
  /** Names in lower case. */
  headers?: v.GenericSchema;
  body?: v.GenericSchema;
  /** The body in the description, if `body` first converts several forms into one. */
  bodyShape?: v.GenericSchema;
  /** Names of the body's top-level fields in error paths. */
  bodyFieldNames?: Record<string, string>;
  /** 204 has no schema, because there is no body. */
  answer: { status: 200 | 201; schema: v.GenericSchema; headers?: Record<string, string> } | { status: 204 };
  /** Error codes in addition to those of every endpoint. */
  problems: readonly ProblemCode[];
}

export interface Endpoint extends EndpointShape {
  run(input: EndpointInput): Promise<Result<Answer, Problem>>;
}

type Output<S> = S extends v.GenericSchema ? v.InferOutput<S> : undefined;

type AnswerOf<A> = A extends { schema: infer S extends v.GenericSchema } ? v.InferOutput<S> : null;

type RunInput<S extends EndpointShape> = EndpointInput<
  Output<S["params"]>,
  Output<S["query"]>,
  Output<S["headers"]>,
  Output<S["body"]>
>;

export type Run<S extends EndpointShape> = (
  input: RunInput<S>,
) => Promise<Result<Answer<AnswerOf<S["answer"]>>, Problem>>;

/** Ties the types of an endpoint's schemas to the function that runs it. */
export function endpoint<const S extends EndpointShape>(shape: S, run: Run<S>): Endpoint {
  // The types are right because the app validates every part with its schema before it calls `run`.
  return { ...shape, run };
}
