/** `/deauthorize` and `/data-deletion`: a person has removed the app, or requests deletion of their data. */
import { type Context, Hono } from "hono";
import { sha256Hex } from "../../meta/sha256.ts";
import { importAppSecrets } from "../../meta/signature.ts";
import { readSignedRequest } from "../../meta/signed-request.ts";
import { readConfig } from "../config.ts";
import { page } from "../connect/responses.tsx";
import { publicOrigin, readConnectConfig } from "../connect/config.ts";
import type { ErasureKind } from "../../api/privacy.ts";
import type { EngineEnv } from "../env.ts";
import { readForm } from "../form.ts";
import { describe, log } from "../log.ts";
import { objectsOf } from "../objects.ts";
import { requestErasure, erasureUrl, newErasureCode } from "./erase-account.ts";
import { HowPage, StatusPage, UnknownCodePage } from "./pages.tsx";

interface PrivacyEnv {
  Bindings: EngineEnv;
}

/** Meta's requests are under a kilobyte. */
const MAX_BODY_BYTES = 16_384;

/**
 * Meta's two callbacks, and the status pages that their responses link to
 * (https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback).
 */
export function createPrivacyApp(): Hono<PrivacyEnv> {
  const app = new Hono<PrivacyEnv>();
  app.post("/deauthorize", (c) => takeRequest(c, "deauthorize"));
  app.post("/data-deletion", (c) => takeRequest(c, "deletion"));
  app.get("/data-deletion", () => page(<HowPage />));
  app.get("/data-deletion/:code", async (c) => {
    const code = c.req.param("code");
    if (!/^[0-9a-f]{32}$/.test(code)) return page(<UnknownCodePage />, 404);
    const erasure = await objectsOf(c.env).directory((directory) => directory.erasure(code));
    return erasure === null ? page(<UnknownCodePage />, 404) : page(<StatusPage erasure={erasure} />);
  });
  app.all("/deauthorize", () => refuse(405, { Allow: "POST" }));
  app.all("/data-deletion", () => refuse(405, { Allow: "GET, HEAD, POST" }));
  app.all("/deauthorize/*", () => refuse(404));
  app.all("/data-deletion/*", () => refuse(404));
  app.onError((error) => {
    log("erasure_failed", { error: describe(error) });
    return refuse(503, { "Retry-After": "60" });
  });
  return app;
}

/** Unauthenticated callers get only the status. */
const refuse = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers: { ...headers, "Cache-Control": "no-store" } });

async function takeRequest(c: Context<PrivacyEnv>, kind: ErasureKind): Promise<Response> {
  const [config, connect] = [readConfig(c.env), readConnectConfig(c.env)];
  if (!config.ok || !connect.ok) return refuse(503, { "Retry-After": "60" });
  const signedRequest = await readField(c.req.raw);
  if (signedRequest === null) return refuse(400);
  const request = await readSignedRequest(signedRequest, await importAppSecrets(config.value.metaAppSecrets));
  if (!request.ok) {
    log("erasure_refused", { code: request.error.reason, route: c.req.path });
    return refuse(400);
  }
  const { userId, issuedAt } = request.value;
  const code = newErasureCode();
  // A repeated request has the same key. A request without a time cannot be recognized, and erasing again does no harm.
  const key = sha256Hex(`replyline erasure ${kind} ${userId} ${issuedAt ?? code}`);
  const ports = { objects: objectsOf(c.env), log };
  const erasure = await requestErasure(ports, { code, key, kind, subject: userId });
  const url = erasureUrl(publicOrigin(connect.value, c.req.url), erasure.code);
  return Response.json({ url, confirmation_code: erasure.code }, { headers: { "Cache-Control": "no-store" } });
}

/** The form's `signed_request`; null: too large, or missing. */
async function readField(request: Request): Promise<string | null> {
  const value = (await readForm(request, MAX_BODY_BYTES))?.get("signed_request");
  return typeof value === "string" ? value : null;
}
