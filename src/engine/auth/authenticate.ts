/** Authenticates requests. The API and the console use only this function. */
import { err, type Result, ok } from "../../core/result.ts";
import type { EngineConfig } from "../config.ts";
import type { Objects } from "../objects.ts";
import { verifyAccessJwt } from "./access-jwt.ts";
import type { AuthenticationError, Principal } from "./principal.ts";
import { verifySession } from "./session.ts";
import { countWrongToken, refusedForSeconds } from "./wrong-tokens.ts";
import { secretsEqual } from "../../meta/signature.ts";

type Authenticator = (request: Request, config: EngineConfig) => Promise<Result<Principal, AuthenticationError>>;

/** Tried in this order; the first success decides. */
const AUTHENTICATORS: readonly Authenticator[] = [verifyAdminToken, verifyAccessJwt, verifySession];

/**
 * A wrong admin token is counted only when no other credential is valid: with a valid one it is not a guess.
 *
 * @returns the principal, or the most serious reason of all failures
 */
export async function authenticate(
  request: Request,
  config: EngineConfig,
  objects: Pick<Objects, "directory">,
): Promise<Result<Principal, AuthenticationError>> {
  let failure: AuthenticationError = { reason: "missing" };
  for (const authenticator of AUTHENTICATORS) {
    const result = await authenticator(request, config);
    if (result.ok) return result;
    if (result.error.reason !== "missing") failure = result.error;
  }
  if (bearerToken(request) === null) return err(failure);
  const now = Date.now();
  const retryAfterSeconds =
    (await refusedForSeconds(request, config, now)) || (await countWrongToken(request, config, objects, now));
  return err(retryAfterSeconds === 0 ? failure : { reason: "too_many", retryAfterSeconds });
}

/** The token of `Authorization: Bearer`; null if there is none. */
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
