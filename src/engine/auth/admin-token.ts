import { err, ok, type Result } from "../../core/result.ts";
import type { EngineConfig } from "../config.ts";
import type { AuthenticationError, Principal } from "./principal.ts";
import { secretsEqual } from "./secrets-equal.ts";

/** `Authorization: Bearer <ADMIN_TOKEN>` (https://datatracker.ietf.org/doc/html/rfc6750#section-2.1). */
export async function verifyAdminToken(
  request: Request,
  config: EngineConfig,
): Promise<Result<Principal, AuthenticationError>> {
  const header = request.headers.get("Authorization");
  if (header === null) return err({ reason: "missing" });
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined || !(await secretsEqual(token, config.adminToken))) return err({ reason: "invalid" });
  return ok({ via: "admin_token" });
}
