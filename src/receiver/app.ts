/** The receiver's routes. */
import { Hono } from "hono";
import { version } from "../../package.json";
import { empty, json, methodNotAllowed, text, tryAgain } from "./responses.ts";
import { readConfig, type ReceiverConfig } from "./config.ts";
import type { ReceiverEnv } from "./env.ts";
import { describeError, log } from "./log.ts";
import { deliver, handshake } from "./webhooks.ts";

/** Routes that the engine answers. It has no public URL. */
const ENGINE_PREFIXES = ["/console", "/api", "/connect", "/deauthorize", "/data-deletion"];

/** The Hono app. It reads nothing from `env` before the first request. */
export function createApp(): Hono<{ Bindings: ReceiverEnv }> {
  const app = new Hono<{ Bindings: ReceiverEnv }>();

  // With a slash at the end too, because callback URLs are copied by hand. Meta does not follow redirects.
  for (const path of ["/webhooks", "/webhooks/"]) {
    app.get(path, (c) => configured(c.env, (config) => handshake(c.req.raw, config)));
    app.post(path, (c) =>
      configured(c.env, (config) => deliver(c.req.raw, config, c.env, (work) => c.executionCtx.waitUntil(work))),
    );
    app.all(path, () => methodNotAllowed("GET, HEAD, POST"));
  }
  app.all("/webhooks/*", () => text(404, "Not found. The callback URL for Meta ends in /webhooks.\n"));

  app.get("/", () => text(200, "Replyline receives Instagram and Messenger webhooks. The console is at /console.\n"));

  app.get("/healthz", (c) => health(c.env));
  app.all("/healthz", () => methodNotAllowed("GET, HEAD"));

  // `/api/*` also matches `/api`, and never `/apiary`.
  for (const prefix of ENGINE_PREFIXES) app.all(`${prefix}/*`, (c) => passOn(c.req.raw, c.env.ENGINE));

  app.notFound(() => empty(404));
  app.onError((error) => {
    log("unexpected_error", { error: describeError(error) });
    return tryAgain();
  });
  return app;
}

/** With an invalid configuration the receiver answers 503 to everything. */
function configured(
  env: ReceiverEnv,
  answer: (config: ReceiverConfig) => Promise<Response>,
): Promise<Response> | Response {
  const config = readConfig(env);
  if (config.ok) return answer(config.value);
  for (const { variable, problem } of config.error) log("misconfigured", { variable, error: problem });
  return tryAgain();
}

function health(env: ReceiverEnv): Response {
  const config = readConfig(env);
  return config.ok
    ? json(200, { status: "ok", version })
    : json(503, { status: "misconfigured", version, problems: config.error });
}

/** Forwards the request unchanged, WebSocket upgrades included, and returns the response unchanged. */
async function passOn(request: Request, engine: Fetcher): Promise<Response> {
  try {
    return await engine.fetch(request);
  } catch (error) {
    log("engine_unavailable", { error: describeError(error) });
    return tryAgain();
  }
}
