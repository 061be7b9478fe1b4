import { clientSecrets } from "../../meta/oauth/app-secrets.ts";
import { createOAuthClient, type OAuthClient } from "../../meta/oauth/login.ts";
import type { OAuthHosts } from "../../meta/oauth/login-request.ts";
import type { EngineEnv } from "../env.ts";
import { readConnectConfig } from "./config.ts";

export type OAuthEnv = Pick<
  EngineEnv,
  | "GRAPH_API_VERSION"
  | "INSTAGRAM_GRAPH_URL"
  | "FACEBOOK_GRAPH_URL"
  | "META_APP_SECRETS"
  | "META_APP_ID"
  | "INSTAGRAM_APP_ID"
> &
  Partial<Pick<EngineEnv, "INSTAGRAM_OAUTH_URL" | "INSTAGRAM_API_URL" | "FACEBOOK_OAUTH_URL" | "PUBLIC_URL">>;

/** Both logins of this deployment, over the platform's fetch. */
export function oauthOf(env: OAuthEnv): OAuthClient {
  return createOAuthClient({
    hosts: oauthHosts(env),
    instagram: { id: env.INSTAGRAM_APP_ID.trim(), secrets: clientSecrets("instagram", env.META_APP_SECRETS) },
    facebook: { id: env.META_APP_ID.trim(), secrets: clientSecrets("facebook", env.META_APP_SECRETS) },
    fetch: (url, init) => fetch(url, init),
  });
}

/** Where the logins and token endpoints are. Login addresses that are set wrongly give way to Meta's own. */
export function oauthHosts(env: OAuthEnv): OAuthHosts {
  const config = readConnectConfig(env);
  const { instagramOauthUrl, instagramApiUrl, facebookOauthUrl } = config.ok ? config.value : DEFAULT_HOSTS;
  const bare = (url: string): string => url.trim().replace(/\/+$/, "");
  return {
    instagramOauthUrl,
    instagramApiUrl,
    facebookOauthUrl,
    instagramUrl: bare(env.INSTAGRAM_GRAPH_URL),
    facebookUrl: bare(env.FACEBOOK_GRAPH_URL),
    version: env.GRAPH_API_VERSION.trim(),
  };
}

/** Token checks keep working while a login address is set wrongly. */
const DEFAULT_HOSTS = {
  instagramOauthUrl: "https://www.instagram.com",
  instagramApiUrl: "https://api.instagram.com",
  facebookOauthUrl: "https://www.facebook.com",
};
