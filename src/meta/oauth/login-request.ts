/**
 * Calls of the two logins, as data.
 *
 * Instagram: https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
 * Facebook: https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and
 * https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 *
 * For most of these calls, Meta documents a GET with secret and token in the URL, where traces and proxy logs record
 * them. The Graph API also accepts parameters in the body and tokens in a header. So each such call has a quiet form
 * without secrets in the URL, which is tried first. No page confirms that Meta supports it. Calls with a token consume
 * nothing, so any refusal of the quiet form is followed by the documented form; a call with a code only where Meta
 * certainly did not read the quiet form (unsupported method, missing parameter). The form that worked is remembered, and
 * after that a refusal is about the token. `debug_token` has no quiet form: its page documents `input_token` only in
 * the URL.
 */
import type { GraphCall, GraphHosts } from "../graph/request.ts";

/** All without a trailing slash. */
export interface OAuthHosts extends GraphHosts {
  /** https://www.instagram.com: the login and consent page. */
  instagramOauthUrl: string;
  /** https://api.instagram.com: exchanges a code for a token. */
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

/** URL of Instagram's login and consent page, for the person's browser. */
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
 * The same for Facebook.
 * @param configId a Facebook Login for Business configuration, which defines the permissions instead of `scope`
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
  /** Must be identical to the `redirect_uri` of the authorize URL. */
  redirectUri: string;
  code: string;
}

/** Exchanges a code for a token that is valid for one hour. */
export const instagramCode = (hosts: OAuthHosts, exchange: CodeExchange): GraphCall =>
  post(`${hosts.instagramApiUrl}/oauth/access_token`, {
    client_id: exchange.clientId,
    client_secret: exchange.clientSecret,
    grant_type: "authorization_code",
    redirect_uri: exchange.redirectUri,
    code: exchange.code,
  });

/** A call with its secrets in body or header, and the same call as Meta documents it. */
export interface QuietCall {
  quiet: GraphCall;
  /** For the quiet form's Authorization header; null: none. */
  bearer: string | null;
  documented: GraphCall;
  /** The call may consume its code. So it is repeated only if Meta has certainly not read the quiet form. */
  consumes: boolean;
}

const inBody = (url: string, values: Record<string, string>, consumes = false): QuietCall => ({
  quiet: post(url, values),
  bearer: null,
  documented: get(url, values),
  consumes,
});

/** Exchanges a one-hour token for a 60-day token. */
export const instagramLongLived = (hosts: OAuthHosts, clientSecret: string, token: string): QuietCall =>
  inBody(`${hosts.instagramUrl}/access_token`, {
    grant_type: "ig_exchange_token",
    client_secret: clientSecret,
    access_token: token,
  });

/** Extends a token by 60 days. It must be at least one day old and still valid. */
export function instagramRefresh(hosts: GraphHosts, token: string): QuietCall {
  const url = `${hosts.instagramUrl}/refresh_access_token`;
  const grant = { grant_type: "ig_refresh_token" };
  const documented = get(url, { ...grant, access_token: token });
  return { quiet: get(url, grant), bearer: token, documented, consumes: false };
}

/** Reads the owner of the token: `user_id` is the `entry.id` of the webhooks, `id` is specific to this app. */
export const instagramMe = (hosts: GraphHosts): GraphCall =>
  get(`${hosts.instagramUrl}/${hosts.version}/me`, { fields: "id,user_id,username" });

/**
 * Exchanges the code for a token that is valid for one to two hours
 * (https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow).
 */
export const facebookCode = (hosts: OAuthHosts, exchange: CodeExchange): QuietCall =>
  inBody(
    `${hosts.facebookUrl}/${hosts.version}/oauth/access_token`,
    {
      client_id: exchange.clientId,
      client_secret: exchange.clientSecret,
      redirect_uri: exchange.redirectUri,
      code: exchange.code,
    },
    true,
  );

/**
 * Exchanges a user token for a 60-day token; the tokens of its Pages then do not expire
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

/** Reads an account by its id: whether this token can act for it. */
export const facebookAccount = (hosts: GraphHosts, accountId: string): GraphCall =>
  get(`${hosts.facebookUrl}/${hosts.version}/${encodeURIComponent(accountId)}`, { fields: "id" });

/** Reads the person who has logged in. The id is app-scoped, as in deauthorize and deletion callbacks. */
export const facebookMe = (hosts: GraphHosts): GraphCall =>
  get(`${hosts.facebookUrl}/${hosts.version}/me`, { fields: "id,name" });

/** The person's Pages, each with its token and its linked Instagram account. */
export const facebookPages = (hosts: GraphHosts, after: string | null): GraphCall =>
  get(`${hosts.facebookUrl}/${hosts.version}/me/accounts`, {
    fields: "id,name,access_token,tasks,instagram_business_account{id,username}",
    limit: "100",
    ...(after === null ? {} : { after }),
  });

/**
 * Reads the details of a token with an app token
 * (https://developers.facebook.com/docs/graph-api/reference/debug_token).
 */
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
 * Registers the callback of one object with exactly these fields. Meta then sends the verification request immediately.
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
