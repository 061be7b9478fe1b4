/** Who is asking. The API and the console's pages let nobody in but through here. */
import { err, type Result } from "../../core/result.ts";
import type { EngineConfig } from "../config.ts";
import { verifyAccessJwt } from "./access-jwt.ts";
import { verifyAdminToken } from "./admin-token.ts";
import { verifySession } from "./session.ts";

export type Principal =
  /** Holds the admin token. */
  | { via: "admin_token" }
  /** Signed in at Cloudflare Access; `email` is null for a service token. */
  | { via: "access"; subject: string; email: string | null }
  /** Signed in to the console with the admin token; until then, ms since the epoch. */
  | { via: "session"; until: number };

export type AuthenticationError =
  /** No credentials were sent. */
  | { reason: "missing" }
  /** Credentials were sent, and are not good. Which part of them is not said. */
  | { reason: "invalid" }
  /** Cloudflare Access's keys could not be read: nothing can be said about the token now. */
  | { reason: "keys_unavailable" };

type Authenticator = (request: Request, config: EngineConfig) => Promise<Result<Principal, AuthenticationError>>;

/** Asked in this order; the first that is satisfied decides. */
const AUTHENTICATORS: readonly Authenticator[] = [verifyAdminToken, verifyAccessJwt, verifySession];

/** @returns who is asking, or why nobody is let in: the gravest reason of all that were tried */
export async function authenticate(
  request: Request,
  config: EngineConfig,
): Promise<Result<Principal, AuthenticationError>> {
  let failure: AuthenticationError = { reason: "missing" };
  for (const authenticator of AUTHENTICATORS) {
    const result = await authenticator(request, config);
    if (result.ok) return result;
    if (result.error.reason !== "missing") failure = result.error;
  }
  return err(failure);
}
