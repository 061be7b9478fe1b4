import { err, ok, type Result } from "../../core/result.ts";
import type { EngineConfig } from "../config.ts";
import type { AuthenticationError, Principal } from "./principal.ts";
import { secretsEqual } from "../../meta/signature.ts";

/** What stands behind `Authorization: Bearer`; null: nothing does. */
export function bearerToken(request: Request): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? null;
}

/** `Authorization: Bearer <ADMIN_TOKEN>` (https://datatracker.ietf.org/doc/html/rfc6750#section-2.1). */
export async function verifyAdminToken(
  request: Request,
  config: EngineConfig,
): Promise<Result<Principal, AuthenticationError>> {
  if (!request.headers.has("Authorization")) return err({ reason: "missing" });
  const token = bearerToken(request);
  if (token === null || !(await secretsEqual(token, config.adminToken))) return err({ reason: "invalid" });
  return ok({ via: "admin_token" });
}
