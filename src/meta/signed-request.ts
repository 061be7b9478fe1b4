/**
 * `signed_request`: Meta's notification that a person has removed the app or requests deletion of their data.
 *
 * It has two base64url parts, joined by a dot: the signature and the payload. The signature is over the encoded
 * payload. The payload is not parsed before the signature is verified.
 * https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback
 */
import { err, ok, type Result } from "../core/result.ts";
import { idAt, objectAt, parseJson, textAt, timeAt } from "./json.ts";
import type { AppSecret } from "./signature.ts";

export interface SignedRequest {
  /** App-scoped id of the person. */
  userId: string;
  /** ms since the epoch; null if the payload has none. */
  issuedAt: number | null;
  /** Label of the matching secret. It distinguishes the app of Instagram Login from the other app. */
  secret: string;
}

/** For the log only, never in the response. */
export type SignedRequestError =
  | { reason: "malformed" }
  | { reason: "wrong_secret" }
  /** The signature is valid, but the payload names another algorithm, is not JSON, or has no person. */
  | { reason: "bad_payload" };

/** Meta's signed requests have under 400 characters. */
const MAX_LENGTH = 4_096;
/** 43 characters of base64url are the 32 bytes of HMAC-SHA256. Meta writes no padding, but PHP's encoder may. */
const FORM = /^([A-Za-z0-9_-]{43})=?\.([A-Za-z0-9_-]+={0,2})$/;
const ALGORITHM = "HMAC-SHA256";

/** @returns the person, or why the request is refused. WebCrypto compares in constant time. */
export async function readSignedRequest(
  signedRequest: string,
  secrets: readonly AppSecret[],
): Promise<Result<SignedRequest, SignedRequestError>> {
  const [, signatureText, payloadText] = (signedRequest.length <= MAX_LENGTH ? FORM.exec(signedRequest) : null) ?? [];
  if (signatureText === undefined || payloadText === undefined) return err({ reason: "malformed" });
  const signature = decode(signatureText);
  const signed = new TextEncoder().encode(payloadText);
  if (signature === null || signature.length !== 32) return err({ reason: "malformed" });

  // Every secret is tried, even after a match, so that the duration reveals nothing.
  let label: string | null = null;
  for (const secret of secrets) {
    const matches = await crypto.subtle.verify("HMAC", secret.key, signature, signed);
    if (matches && label === null) label = secret.label;
  }
  if (label === null) return err({ reason: "wrong_secret" });

  const payload = parse(decode(payloadText));
  if (textAt(payload, "algorithm")?.toUpperCase() !== ALGORITHM) return err({ reason: "bad_payload" });
  // Older requests have the id in a nested object.
  const userId = idAt(payload, "user_id") ?? idAt(objectAt(payload, "user"), "id");
  if (userId === null || !/^[A-Za-z0-9_-]{1,128}$/.test(userId)) return err({ reason: "bad_payload" });
  return ok({ userId, issuedAt: timeAt(payload, "issued_at"), secret: label });
}

function parse(bytes: Uint8Array | null): unknown {
  if (bytes === null) return null;
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
