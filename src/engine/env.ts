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
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
}
