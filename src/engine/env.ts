import type { Account } from "./account/object.ts";
import type { Directory } from "./directory/object.ts";

/** The engine's bindings, as declared in wrangler.engine.toml. */
export interface EngineEnv {
  ACCOUNTS: DurableObjectNamespace<Account>;
  DIRECTORY: DurableObjectNamespace<Directory>;
  KV: KVNamespace;
  GRAPH_API_VERSION: string;
  INSTAGRAM_GRAPH_URL: string;
  FACEBOOK_GRAPH_URL: string;
  REPLY_DEFER_SECONDS: string;
  ADMIN_TOKEN: string;
  TOKEN_ENCRYPTION_KEY: string;
  META_APP_SECRETS: string;
  META_APP_ID: string;
  INSTAGRAM_APP_ID: string;
  /** The receiver's token, to register and check callbacks. Without it, the API request must contain the token. */
  META_VERIFY_TOKEN?: string;
  /** The public address of the deployment; if missing, the address of each request is used. */
  PUBLIC_URL?: string;
  INSTAGRAM_OAUTH_URL?: string;
  INSTAGRAM_API_URL?: string;
  FACEBOOK_OAUTH_URL?: string;
  FACEBOOK_LOGIN_CONFIG_ID?: string;
  FACEBOOK_EXTRA_SCOPES?: string;
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
}
