import type { Login } from "../../meta/graph/request.ts";
import { scopesOf } from "../../meta/oauth/permissions.ts";
import { facebookAuthorizeUrl, instagramAuthorizeUrl } from "../../meta/oauth/login-request.ts";
import { ensureBrowserSecret, hashOf, randomSecret } from "./login-secrets.ts";
import type { ConnectContext } from "./connect-context.ts";
import { oauthHosts } from "./oauth.ts";
import { keepStep } from "./login-steps.ts";
import { failed } from "./responses.tsx";

/** Sends the browser to Meta, with a `state` that only this browser can bring back, once, within ten minutes. */
export async function redirectToMeta(c: ConnectContext, login: Login, inviteId: string | null): Promise<Response> {
  const origin = c.get("origin");
  const state = randomSecret();
  const browser = await hashOf(ensureBrowserSecret(c, origin));
  const redirectUri = `${origin}/connect/${login}/callback`;
  const hash = await hashOf(state);
  const kept = await keepStep(c, { hash, browser, step: "login", login, redirectUri, inviteId, sealed: null });
  if (!kept.ok) return failed(kept.error, null, inviteId !== null);
  const { instagramAppId, metaAppId } = c.get("config");
  const hosts = oauthHosts(c.env);
  const { facebookLoginConfigId, facebookExtraScopes } = c.get("connect");
  const extra = login === "facebook" ? facebookExtraScopes : [];
  const wanted = { redirectUri, state, scopes: [...new Set([...scopesOf(login), ...extra])] };
  c.header("Cache-Control", "no-store");
  c.header("Referrer-Policy", "no-referrer");
  return c.redirect(
    login === "instagram"
      ? instagramAuthorizeUrl(hosts, { ...wanted, clientId: instagramAppId })
      : facebookAuthorizeUrl(hosts, { ...wanted, clientId: metaAppId }, facebookLoginConfigId),
    302,
  );
}
