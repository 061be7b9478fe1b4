/**
 * The engine's configuration: strings from wrangler.engine.toml and `wrangler secret put`, validated into one object.
 */
import { MAX_DEFER_SECONDS } from "../core/settings.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { EngineEnv } from "./env.ts";

export interface EngineConfig {
  /** `v26.0`. */
  graphApiVersion: string;
  /** Without a trailing slash. */
  instagramGraphUrl: string;
  facebookGraphUrl: string;
  /** Seconds between a comment and its reply, if neither the automation nor the account sets them. */
  replyDeferSeconds: number;
  adminToken: string;
  /** 32 bytes each. The first encrypts, all decrypt. */
  tokenEncryptionKeys: Uint8Array[];
  /** The unparsed value: one or more secrets, comma separated, each with an optional label. */
  metaAppSecrets: string;
  metaAppId: string;
  instagramAppId: string;
  /** Null: Cloudflare Access is not used, and only the admin token authenticates API requests. */
  access: AccessConfig | null;
}

export interface AccessConfig {
  /** `https://<team>.cloudflareaccess.com`: the issuer of the tokens, which also serves their keys. */
  issuer: string;
  /** The Application Audience (AUD) tag of the Access application. */
  audience: string;
}

/** One variable that is missing or wrong. `message` contains its name and how to set it, never its value. */
export interface ConfigProblem {
  variable: keyof EngineEnv;
  message: string;
}

/** The variables that are read. Any may be missing, whatever the type of the environment says. */
export type ConfigSource = Partial<
  Pick<
    EngineEnv,
    | "GRAPH_API_VERSION"
    | "INSTAGRAM_GRAPH_URL"
    | "FACEBOOK_GRAPH_URL"
    | "REPLY_DEFER_SECONDS"
    | "ADMIN_TOKEN"
    | "TOKEN_ENCRYPTION_KEY"
    | "META_APP_SECRETS"
    | "META_APP_ID"
    | "INSTAGRAM_APP_ID"
    | "ACCESS_TEAM_DOMAIN"
    | "ACCESS_AUD"
  >
>;

/** A bearer token can be guessed. 16 random characters make that infeasible. */
const ADMIN_TOKEN_MIN_LENGTH = 16;
/** AES-256 (https://datatracker.ietf.org/doc/html/rfc7518#section-5.3, A256GCM). */
const ENCRYPTION_KEY_BYTES = 32;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @returns the configuration, or every variable that is missing or wrong: a partly configured engine must not run */
export function readConfig(env: ConfigSource): Result<EngineConfig, ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const refuse = (variable: keyof ConfigSource, what: string, how: string): void => {
    problems.push({ variable, message: `${variable} ${what}. ${how}` });
  };

  const secret = (variable: keyof ConfigSource): string => {
    const value = env[variable]?.trim() ?? "";
    if (value === "") refuse(variable, "is missing", howToSetSecret(variable));
    return value;
  };

  const graphUrl = (variable: keyof ConfigSource, otherwise: string): string => {
    const value = env[variable]?.trim() || otherwise;
    const url = URL.parse(value);
    const isLocal = url?.protocol === "http:" && LOOPBACK_HOSTS.has(url.hostname);
    const safe = url !== null && (url.protocol === "https:" || isLocal);
    if (!safe || url.search !== "" || url.hash !== "" || url.username !== "") {
      refuse(variable, "is not an https address", `Set it under [vars] in wrangler.engine.toml, such as ${otherwise}.`);
    }
    return value.replace(/\/+$/, "");
  };

  const adminToken = secret("ADMIN_TOKEN");
  if (adminToken !== "" && adminToken.length < ADMIN_TOKEN_MIN_LENGTH) {
    refuse(
      "ADMIN_TOKEN",
      `is too short (at least ${ADMIN_TOKEN_MIN_LENGTH} characters)`,
      howToSetSecret("ADMIN_TOKEN"),
    );
  }

  const tokenEncryptionKeys: Uint8Array[] = [];
  const keyTexts = secret("TOKEN_ENCRYPTION_KEY");
  for (const keyText of keyTexts.split(",")) {
    const key = decodeKey(keyText.trim());
    if (key !== null) tokenEncryptionKeys.push(key);
    else if (keyTexts !== "") {
      refuse(
        "TOKEN_ENCRYPTION_KEY",
        `is not ${ENCRYPTION_KEY_BYTES} bytes in base64url`,
        howToSetSecret("TOKEN_ENCRYPTION_KEY"),
      );
    }
  }

  const graphApiVersion = env.GRAPH_API_VERSION?.trim() || "v26.0";
  if (!/^v[0-9]{1,3}\.[0-9]$/.test(graphApiVersion)) {
    refuse("GRAPH_API_VERSION", "is not a version such as v26.0", "Set it under [vars] in wrangler.engine.toml.");
  }

  const replyDeferSeconds = Number(env.REPLY_DEFER_SECONDS?.trim() || "10");
  if (!Number.isInteger(replyDeferSeconds) || replyDeferSeconds < 0 || replyDeferSeconds > MAX_DEFER_SECONDS) {
    refuse(
      "REPLY_DEFER_SECONDS",
      `is not a whole number from 0 to ${MAX_DEFER_SECONDS}`,
      "Set it under [vars] in wrangler.engine.toml.",
    );
  }

  const config: EngineConfig = {
    graphApiVersion,
    instagramGraphUrl: graphUrl("INSTAGRAM_GRAPH_URL", "https://graph.instagram.com"),
    facebookGraphUrl: graphUrl("FACEBOOK_GRAPH_URL", "https://graph.facebook.com"),
    replyDeferSeconds,
    adminToken,
    tokenEncryptionKeys,
    metaAppSecrets: secret("META_APP_SECRETS"),
    metaAppId: secret("META_APP_ID"),
    instagramAppId: secret("INSTAGRAM_APP_ID"),
    access: readAccess(env, refuse),
  };
  return problems.length === 0 ? ok(config) : err(problems);
}

/**
 * The configuration of the Account object. It ignores the settings of API authentication: a missing or short
 * ADMIN_TOKEN closes the API, but events must still be stored and due replies sent.
 */
export function readAccountConfig(
  env: ConfigSource,
): Result<Omit<EngineConfig, "adminToken" | "access">, ConfigProblem[]> {
  return readConfig({ ...env, ADMIN_TOKEN: "not used by the Account", ACCESS_TEAM_DOMAIN: "", ACCESS_AUD: "" });
}

type Refuse = (variable: keyof ConfigSource, what: string, how: string) => void;

function readAccess(env: ConfigSource, refuse: Refuse): AccessConfig | null {
  const domain = env.ACCESS_TEAM_DOMAIN?.trim() ?? "";
  const audience = env.ACCESS_AUD?.trim() ?? "";
  if (domain === "" && audience === "") return null;
  // One variable alone would look like protection but protect nothing.
  if (audience === "")
    refuse("ACCESS_AUD", "is missing", "Copy the AUD tag of the Access application, or remove both.");
  const host = domain.replace(/^https:\/\//, "").replace(/\/+$/, "");
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host)) {
    refuse(
      "ACCESS_TEAM_DOMAIN",
      "is not a host name",
      "Set it to <team>.cloudflareaccess.com, or remove ACCESS_AUD too.",
    );
  }
  return { issuer: `https://${host.toLowerCase()}`, audience };
}

function howToSetSecret(variable: string): string {
  const example =
    variable === "TOKEN_ENCRYPTION_KEY" || variable === "ADMIN_TOKEN" ? ` (32 random bytes in base64url)` : "";
  return `Set it${example}: npx wrangler secret put ${variable} -c wrangler.engine.toml; locally in .dev.vars.`;
}

/** 32 bytes are 43 characters of base64url, plus one `=` if padded. */
function decodeKey(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]{43}=?$/.test(text)) return null;
  const binary = atob(text.slice(0, 43).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
