/**
 * The verification request that Meta sends when a callback URL is saved in the App Dashboard.
 *
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 */
import { err, ok, type Result } from "../core/result.ts";
import { secretsEqual } from "../meta/signature.ts";

export type HandshakeRefusal = "malformed" | "wrong_token";

/**
 * Meta's pages describe the challenge as an int in one place and as a random string in another. It is returned
 * unchanged, so characters that a browser could interpret (as HTML) are not accepted.
 */
const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/;

/** The challenge to return, or why the request is refused. */
export async function answerHandshake(
  query: URLSearchParams,
  verifyToken: string,
): Promise<Result<string, HandshakeRefusal>> {
  const mode = only(query, "hub.mode");
  const token = only(query, "hub.verify_token");
  const challenge = only(query, "hub.challenge");
  if (mode !== "subscribe" || token === null || challenge === null || !CHALLENGE.test(challenge)) {
    return err("malformed");
  }
  return (await secretsEqual(token, verifyToken)) ? ok(challenge) : err("wrong_token");
}

/** The value of a parameter that occurs exactly once; otherwise null. */
function only(query: URLSearchParams, name: string): string | null {
  const [value, ...more] = query.getAll(name);
  return value === undefined || more.length > 0 ? null : value;
}
