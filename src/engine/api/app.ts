/** The engine's HTTP API: the table of endpoints, behind authentication. */
import { Hono } from "hono";
import type { AppEnv } from "./app-env.ts";
import { checksOf, valid } from "./checks.ts";
import { answerHeaders, authenticated, configured } from "./require-auth.ts";
import type { Endpoint } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { failureOf } from "./failure.ts";
import { problem, problemResponse } from "./problem.ts";
import { objectsOf } from "../objects.ts";

/** @returns the app, to mount at `/`; all its routes are under `/api` */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use("/api/*", answerHeaders, configured, authenticated);
  for (const endpoint of ENDPOINTS) mount(app, endpoint);
  for (const path of new Set(ENDPOINTS.map((endpoint) => endpoint.path))) {
    app.all(path, () => methodNotAllowed(path));
  }
  app.all("/api/*", () =>
    problemResponse(problem("not_found", "Route not found. GET /api/openapi.json lists all routes.")),
  );
  app.notFound(() => problemResponse(problem("not_found", "Not found. The API is under /api.")));
  app.onError((error, c) => problemResponse(failureOf(error, c)));
  return app;
}

function mount(app: Hono<AppEnv>, endpoint: Endpoint): void {
  const { method, path, answer } = endpoint;
  for (const check of checksOf(endpoint)) app.on(method, path, check);
  app.on(method, path, async (c) => {
    const result = await endpoint.run({
      params: valid(c, "param"),
      query: valid(c, "query"),
      headers: valid(c, "header"),
      body: valid(c, "json"),
      objects: objectsOf(c.env),
      config: c.get("config"),
      env: c.env,
      url: c.req.url,
    });
    if (!result.ok) return problemResponse(result.error);
    const { body, headers = {} } = result.value;
    const { status } = answer;
    return status === 204 ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
  });
}

function methodNotAllowed(path: string): Response {
  const methods = ENDPOINTS.filter((endpoint) => endpoint.path === path).map((endpoint) => endpoint.method);
  const allow = methods.flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name])).join(", ");
  const { code, message } = problem("method_not_allowed", `Method not allowed. Allowed: ${allow}.`);
  return problemResponse({ code, message, headers: { Allow: allow } });
}
