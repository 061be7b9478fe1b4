/**
 * Calls of the two logins, as data.
 *
 * Instagram: https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
 * Facebook: https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and
 * https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 *
 * For most of these Meta documents a GET with secret and token in the address, where every trace and proxy log keeps
 * them. The Graph API takes parameters in a body and tokens in a header too, so each such call has a quiet form, which is
 * tried first; only if Meta does not understand it (the method is unsupported, a parameter missing), the documented one
 * follows. `debug_token` has no quiet form: its page knows `input_token` in the address only.
 */
import type { GraphCall, GraphHosts } from "../graph/request.ts";

/** All without a slash at the end. */
export interface OAuthHosts extends GraphHosts {
  /** https://www.instagram.com: the page that asks the person. */
  instagramOauthUrl: string;
  /** https://api.instagram.com: where a code becomes a token. */
  instagramApiUrl: string;
  /** https://www.facebook.com */
  facebookOauthUrl: string;
}

export interface Authorization {
  clientId: string;
  redirectUri: string;
  state: string;
  scopes: readonly string[];
}

/** Where the person's browser goes to log in to Instagram and to agree. */
export function instagramAuthorizeUrl(hosts: OAuthHosts, { clientId, redirectUri, state, scopes }: Authorization) {
  return withQuery(`${hosts.instagramOauthUrl}/oauth/authorize`, {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: scopes.join(","),
    state,
  });
}

/**
 * The same at Facebook.
 * @param configId a Facebook Login for Business configuration, which names the permissions instead of `scope`
 *   (https://developers.facebook.com/docs/facebook-login/facebook-login-for-business); null: none
 */
export function facebookAuthorizeUrl(
  hosts: OAuthHosts,
  { clientId, redirectUri, state, scopes }: Authorization,
  configId: string | null,
) {
  return withQuery(`${hosts.facebookOauthUrl}/${hosts.version}/dialog/oauth`, {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    ...(configId === null ? { scope: scopes.join(",") } : { config_id: configId }),
    state,
  });
}

export interface CodeExchange {
  clientId: string;
  clientSecret: string;
  /** Letter by letter the one that the authorize address had. */
  redirectUri: string;
  code: string;
}

/** A code becomes a token that lives an hour. */
export const instagramCode = (hosts: OAuthHosts, exchange: CodeExchange): GraphCall =>
  post(`${hosts.instagramApiUrl}/oauth/access_token`, {
    client_id: exchange.clientId,
    client_secret: exchange.clientSecret,
    grant_type: "authorization_code",
    redirect_uri: exchange.redirectUri,
    code: exchange.code,
  });

/** A call with its secrets in body or header, and the same as Meta documents it. */
export interface QuietCall {
  quiet: GraphCall;
  /** For the quiet form's Authorization header; null: none. */
  bearer: string | null;
  documented: GraphCall;
}

const inBody = (url: string, values: Record<string, string>): QuietCall => ({
  quiet: post(url, values),
  bearer: null,
  documented: get(url, values),
});

/** A token of an hour becomes one of 60 days. */
export const instagramLongLived = (hosts: OAuthHosts, clientSecret: string, token: string): QuietCall =>
  inBody(`${hosts.instagramUrl}/access_token`, {
    grant_type: "ig_exchange_token",
    client_secret: clientSecret,
    access_token: token,
  });

/** 60 days again, for a token that is at least a day old and still alive. */
export function instagramRefresh(hosts: GraphHosts, token: string): QuietCall {
  const url = `${hosts.instagramUrl}/refresh_access_token`;
  const grant = { grant_type: "ig_refresh_token" };
  return { quiet: get(url, grant), bearer: token, documented: get(url, { ...grant, access_token: token }) };
}

/** Whose token this is: `user_id` is the `entry.id` of the webhooks, `id` belongs to this app alone. */
export const instagramMe = (hosts: GraphHosts): GraphCall =>
  get(`${hosts.instagramUrl}/${hosts.version}/me`, { fields: "id,user_id,username" });

/**
 * The code for a token of about an hour or two
 * (https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow).
 */
export const facebookCode = (hosts: OAuthHosts, exchange: CodeExchange): QuietCall =>
  inBody(`${hosts.facebookUrl}/${hosts.version}/oauth/access_token`, {
    client_id: exchange.clientId,
    client_secret: exchange.clientSecret,
    redirect_uri: exchange.redirectUri,
    code: exchange.code,
  });

/**
 * 60 days for a user token; the tokens of its Pages then have no end
 * (https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived).
 */
export const facebookLongLived = (
  hosts: OAuthHosts,
  client: { clientId: string; clientSecret: string },
  token: string,
): QuietCall =>
  inBody(`${hosts.facebookUrl}/${hosts.version}/oauth/access_token`, {
    grant_type: "fb_exchange_token",
    client_id: client.clientId,
    client_secret: client.clientSecret,
    fb_exchange_token: token,
  });

/** Who has logged in: the id is the app-scoped one that deauthorize and deletion callbacks name. */
export const facebookMe = (hosts: GraphHosts): GraphCall =>
  get(`${hosts.facebookUrl}/${hosts.version}/me`, { fields: "id,name" });

/** Pages of the person, each with a token of its own and its linked Instagram account. */
export const facebookPages = (hosts: GraphHosts, after: string | null): GraphCall =>
  get(`${hosts.facebookUrl}/${hosts.version}/me/accounts`, {
    fields: "id,name,access_token,tasks,instagram_business_account{id,username}",
    limit: "100",
    ...(after === null ? {} : { after }),
  });

/** What Meta knows of a token (https://developers.facebook.com/docs/graph-api/reference/debug_token); asked by the app. */
export const debugToken = (hosts: GraphHosts, token: string): GraphCall =>
  get(`${hosts.facebookUrl}/${hosts.version}/debug_token`, { input_token: token });

/** The app's own callbacks (https://developers.facebook.com/docs/graph-api/reference/app/subscriptions). */
export const listAppSubscriptions = (hosts: GraphHosts, appId: string): GraphCall =>
  get(`${hosts.facebookUrl}/${hosts.version}/${appId}/subscriptions`, {});

export interface AppSubscription {
  object: string;
  callbackUrl: string;
  fields: readonly string[];
  verifyToken: string;
}

/**
 * Registers the callback of one object, with these fields and no others; Meta calls it with the verify token at once.
 */
export const subscribeApp = (hosts: GraphHosts, appId: string, wanted: AppSubscription): GraphCall =>
  post(`${hosts.facebookUrl}/${hosts.version}/${appId}/subscriptions`, {
    object: wanted.object,
    callback_url: wanted.callbackUrl,
    fields: wanted.fields.join(","),
    include_values: "true",
    verify_token: wanted.verifyToken,
  });

const get = (url: string, query: Record<string, string>): GraphCall => ({
  method: "GET",
  url: withQuery(url, query),
  body: null,
});

const post = (url: string, values: Record<string, string>): GraphCall => ({
  method: "POST",
  url,
  body: { contentType: "application/x-www-form-urlencoded", text: new URLSearchParams(values).toString() },
});

function withQuery(url: string, query: Record<string, string>): string {
  const search = new URLSearchParams(query).toString();
  return search === "" ? url : `${url}?${search}`;
}
