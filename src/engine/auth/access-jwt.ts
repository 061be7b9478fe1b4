import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { err, ok, type Result } from "../../core/result.ts";
import type { EngineConfig } from "../config.ts";
import type { AuthenticationError, Principal } from "./principal.ts";

/** Cloudflare Access signs with RS256 only. A token with another algorithm is refused without being verified. */
const ALGORITHMS = ["RS256"];
/** Cloudflare's clocks agree. This tolerance is for a token that is used in the second in which it was issued. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** One per issuer: `jose` caches the keys for ten minutes, and fetches them again for a new key id. */
const keySets = new Map<string, JWTVerifyGetKey>();

/**
 * Verifies the `Cf-Access-Jwt-Assertion` header, which Cloudflare Access adds to every request that it allows. Access
 * in front of the Worker is not sufficient: a request that bypasses Access has no such token
 * (https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/).
 */
export async function verifyAccessJwt(
  request: Request,
  config: EngineConfig,
): Promise<Result<Principal, AuthenticationError>> {
  const token = request.headers.get("Cf-Access-Jwt-Assertion");
  if (token === null || config.access === null) return err({ reason: "missing" });
  const { issuer, audience } = config.access;
  try {
    const { payload } = await jwtVerify(token, keySetOf(issuer), {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ["exp", "iat"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    const email = payload["email"];
    return ok({ via: "access", subject: payload.sub ?? "", email: typeof email === "string" ? email : null });
  } catch (error) {
    return err({ reason: isAboutTheToken(error) ? "invalid" : "keys_unavailable" });
  }
}

function keySetOf(issuer: string): JWTVerifyGetKey {
  const known = keySets.get(issuer);
  if (known !== undefined) return known;
  const keySet = createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`));
  keySets.set(issuer, keySet);
  return keySet;
}

/** All other errors are about fetching the keys: a timeout, a broken connection, a response that is no key set. */
function isAboutTheToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return (
    /^ERR_(JWT|JWS|JOSE_(ALG|NOT))_/.test(error.code) || /^ERR_JWKS_(NO|MULTIPLE)_MATCHING_KEYS?$/.test(error.code)
  );
}
