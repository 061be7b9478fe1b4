/**
 * The verification request that Meta sends when the callback URL is entered in the App Dashboard.
 *
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 */
import { err, ok, type Result } from "../core/result.ts";
import { secretsEqual } from "../meta/signature.ts";

export type HandshakeRefusal = "malformed" | "wrong_token";

/**
 * Meta's pages call the challenge an int here and a random string there. Whatever it is, it is sent back as it came,
 * so nothing is accepted that could mean something to a browser.
 */
const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/;

/** The challenge to answer with, or why not. */
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

/** A parameter that is there exactly once. */
function only(query: URLSearchParams, name: string): string | null {
  const [value, ...more] = query.getAll(name);
  return value === undefined || more.length > 0 ? null : value;
}
