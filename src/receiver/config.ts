/** The configuration of the receiver, checked once per isolate. */
import { parseAppSecrets } from "../meta/signature.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { ReceiverEnv } from "./env.ts";

export interface ReceiverConfig {
  /** `META_APP_SECRETS` as configured; never empty. */
  appSecrets: string;
  verifyToken: string;
  maxBodyBytes: number;
  requireMtls: boolean;
}

export interface ConfigProblem {
  variable: "META_APP_SECRETS" | "META_VERIFY_TOKEN" | "MAX_BODY_BYTES" | "REQUIRE_MTLS";
  /** The problem and how to fix it; never the value. */
  problem: string;
}

/**
 * The largest body documented for any of Meta's webhooks is 3 MB (WhatsApp); a full batch of comments is about 220 KiB.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
 */
const DEFAULT_MAX_BODY_BYTES = 4 * 1024 * 1024;

/** All settings, or all problems in them. With a problem, the receiver answers 503, never 200. */
export function readConfig(env: ReceiverEnv): Result<ReceiverConfig, ConfigProblem[]> {
  const known = checked.get(env);
  if (known !== undefined) return known;
  const result = check(env);
  checked.set(env, result);
  return result;
}

const checked = new WeakMap<ReceiverEnv, Result<ReceiverConfig, ConfigProblem[]>>();

function check(env: Partial<ReceiverEnv>): Result<ReceiverConfig, ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const appSecrets = env.META_APP_SECRETS ?? "";
  if (parseAppSecrets(appSecrets).length === 0) {
    problems.push({ variable: "META_APP_SECRETS", problem: "missing: npx wrangler secret put META_APP_SECRETS" });
  }
  // Copied values often end with a space or a line break, which Meta does not send back.
  const verifyToken = (env.META_VERIFY_TOKEN ?? "").trim();
  if (verifyToken === "") {
    problems.push({ variable: "META_VERIFY_TOKEN", problem: "missing: npx wrangler secret put META_VERIFY_TOKEN" });
  }
  const maxBodyBytes = Number(env.MAX_BODY_BYTES ?? DEFAULT_MAX_BODY_BYTES);
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes <= 0) {
    problems.push({ variable: "MAX_BODY_BYTES", problem: "must be a whole number of bytes, such as 4194304" });
  }
  const mtls = (env.REQUIRE_MTLS ?? "off").trim();
  if (mtls !== "on" && mtls !== "off") problems.push({ variable: "REQUIRE_MTLS", problem: 'must be "on" or "off"' });
  if (problems.length > 0) return err(problems);
  return ok({ appSecrets, verifyToken, maxBodyBytes, requireMtls: mtls === "on" });
}
