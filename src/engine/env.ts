import type { Account } from "./account/object.ts";
import type { Directory } from "./directory/object.ts";

/** The engine's bindings, as wrangler.engine.toml declares them. */
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
  /** The receiver's, for registering callbacks and checking them; without it both must be told. */
  META_VERIFY_TOKEN?: string;
  /** The address that Meta and people know; where absent, the address of each request. */
  PUBLIC_URL?: string;
  INSTAGRAM_OAUTH_URL?: string;
  INSTAGRAM_API_URL?: string;
  FACEBOOK_OAUTH_URL?: string;
  FACEBOOK_LOGIN_CONFIG_ID?: string;
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
}
