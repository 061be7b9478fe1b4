/** Where the logins are, and under which address we are ourselves. A mistake here stops the logins, and nothing else. */
import { err, ok, type Result } from "../../core/result.ts";
import type { EngineEnv } from "../env.ts";

export interface ConnectConfig {
  instagramOauthUrl: string;
  instagramApiUrl: string;
  facebookOauthUrl: string;
  /** `https://replyline.example.com`; null: the address of each request. */
  publicUrl: string | null;
  /** A Facebook Login for Business configuration; null: permissions are named one by one. */
  facebookLoginConfigId: string | null;
  /** Permissions that the Facebook login requests in addition to those of the product. */
  facebookExtraScopes: readonly string[];
  /** The receiver's META_VERIFY_TOKEN, where the engine was given it too. */
  verifyToken: string | null;
}

export type ConnectVariable =
  | "INSTAGRAM_OAUTH_URL"
  | "INSTAGRAM_API_URL"
  | "FACEBOOK_OAUTH_URL"
  | "PUBLIC_URL"
  | "FACEBOOK_LOGIN_CONFIG_ID"
  | "FACEBOOK_EXTRA_SCOPES"
  | "META_VERIFY_TOKEN";

export interface ConnectProblem {
  variable: ConnectVariable;
  message: string;
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @returns the settings, or every variable that is wrong */
export function readConnectConfig(
  env: Partial<Pick<EngineEnv, ConnectVariable>>,
): Result<ConnectConfig, ConnectProblem[]> {
  const problems: ConnectProblem[] = [];
  const address = (variable: ConnectVariable, otherwise: string): string => {
    const value = env[variable]?.trim() || otherwise;
    if (value === "" || isAddress(value)) return value.replace(/\/+$/, "");
    const example = otherwise || "https://replyline.example.com";
    problems.push({
      variable,
      message: `${variable} is not an https address. Set it under [vars] in wrangler.engine.toml, such as ${example}.`,
    });
    return value;
  };
  const config: ConnectConfig = {
    instagramOauthUrl: address("INSTAGRAM_OAUTH_URL", "https://www.instagram.com"),
    instagramApiUrl: address("INSTAGRAM_API_URL", "https://api.instagram.com"),
    facebookOauthUrl: address("FACEBOOK_OAUTH_URL", "https://www.facebook.com"),
    publicUrl: address("PUBLIC_URL", "") || null,
    facebookExtraScopes: (env.FACEBOOK_EXTRA_SCOPES ?? "").split(/[\s,]+/).filter((scope) => scope !== ""),
    facebookLoginConfigId: env.FACEBOOK_LOGIN_CONFIG_ID?.trim() || null,
    verifyToken: env.META_VERIFY_TOKEN?.trim() || null,
  };
  if (config.publicUrl !== null && URL.parse(config.publicUrl)?.pathname !== "/") {
    problems.push({ variable: "PUBLIC_URL", message: "PUBLIC_URL must be an address without a path." });
  }
  const notAScope = config.facebookExtraScopes.find((scope) => !/^[a-z][a-z0-9_]*$/.test(scope));
  if (notAScope !== undefined) {
    problems.push({
      variable: "FACEBOOK_EXTRA_SCOPES",
      message:
        "FACEBOOK_EXTRA_SCOPES must be names of permissions with commas between them, such as business_management.",
    });
  }
  return problems.length === 0 ? ok(config) : err(problems);
}

function isAddress(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "") return false;
  return url.protocol === "https:" || isLoopback(url);
}

/** Over plain http only the machine itself may be asked, or answer. */
export const isLoopback = (url: URL): boolean => url.protocol === "http:" && LOOPBACK_HOSTS.has(url.hostname);

/** The origin that Meta and people know us by. */
export const publicOrigin = (config: ConnectConfig, requestUrl: string): string =>
  config.publicUrl ?? new URL(requestUrl).origin;
