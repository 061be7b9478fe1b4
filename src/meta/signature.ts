/**
 * `X-Hub-Signature-256`: proves that a delivery is from Meta. Meta computes it over the bytes with the app secret.
 *
 * Instagram Login deliveries are signed with the Instagram app secret, all others with the Meta app secret. During a
 * rotation there is an old and a new secret. So several secrets are tried, and the matching one is recorded.
 *
 * The bytes are hashed as received. According to Meta's Messenger page, the signature is over a form of the body in
 * which every non-ASCII character is written as `\uXXXX` in lower-case hexadecimal. Meta normally sends the body in
 * that form. If the bytes as received do not match, contain non-ASCII characters and are not larger than
 * `MAX_ESCAPED_BODY_BYTES`, the escaped form is tried. Both forms are the same JSON, so this accepts nothing that Meta
 * has not signed.
 *
 * A refusal must be cheap, because anyone can send a wrong signature. It costs one hash of the body per secret, at most
 * one more of the escaped form per secret, and a look at the first bytes for the log. `npm run bench -- verification`
 * measures it.
 *
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validating-payloads
 * @see https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks#validate-payloads
 */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Proof } from "../core/event.ts";
import { err, ok, type Result } from "../core/result.ts";

/** WebCrypto's `CryptoKey`, which is not a global type in Node. */
type VerifyKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** An imported app secret, ready for verification. */
export interface AppSecret {
  label: string;
  key: VerifyKey;
}

/**
 * Why a delivery is refused, as far as it is known. For the log only, never in the response.
 *
 * - `missing`: no signature
 * - `sha1_only`: only `X-Hub-Signature`, the SHA-1 form of Meta's older pages; it is not accepted
 * - `malformed`: not `sha256=` and 64 lower-case hexadecimal digits
 * - `truncated`: fewer or more bytes arrived than `Content-Length` announced
 * - `re_encoded`: the body is not in the form that Meta writes, so a proxy has rewritten it or it is not from Meta
 * - `wrong_secret`: Meta's form, but the signature matches no configured secret
 */
export interface SignatureFailure {
  reason: "missing" | "sha1_only" | "malformed" | "truncated" | "re_encoded" | "wrong_secret";
}

export interface SignedDelivery {
  /** `X-Hub-Signature-256`. */
  signature: string | null;
  /** `X-Hub-Signature`, the SHA-1 form; used only to find the reason of a refusal. */
  sha1Signature: string | null;
  /** `Content-Length`; used only to find the reason of a refusal. */
  contentLength: string | null;
  body: Uint8Array<ArrayBuffer>;
}

const ALGORITHM = { name: "HMAC", hash: "SHA-256" } as const;
const encoder = new TextEncoder();

/**
 * Splits `META_APP_SECRETS`: one or more secrets, comma-separated, each with an optional label
 * (`instagram:0123…,meta:4567…`). Meta's secrets are hexadecimal, so text before a colon is a label.
 */
export function parseAppSecrets(setting: string): { label: string; secret: string }[] {
  const entries = setting.split(",").map((entry) => entry.trim());
  return entries
    .map((entry, index) => {
      const [, label, secret] = LABELLED.exec(entry) ?? [];
      return { label: label ?? `secret${index + 1}`, secret: (secret ?? entry).trim() };
    })
    .filter(({ secret }) => secret !== "");
}

const LABELLED = /^([A-Za-z][A-Za-z0-9_-]*):(.*)$/;

/** Imports the secrets of `META_APP_SECRETS`; none if the setting is empty. */
export const importAppSecrets = (setting: string): Promise<AppSecret[]> =>
  Promise.all(
    parseAppSecrets(setting).map(async ({ label, secret }) => ({ label, key: await importKey(secret, "verify") })),
  );

const importKey = (secret: string, usage: "sign" | "verify"): Promise<VerifyKey> =>
  crypto.subtle.importKey("raw", encoder.encode(secret), ALGORITHM, false, [usage]);

/**
 * Checks only the format of a signature header, so that the body of an unsigned delivery is not read.
 *
 * @returns the 32 bytes of the signature
 */
export function parseSignature(
  signature: string | null,
  sha1Signature: string | null,
): Result<Uint8Array<ArrayBuffer>, SignatureFailure> {
  if (signature === null) return err({ reason: sha1Signature === null ? "missing" : "sha1_only" });
  const digits = SIGNATURE.exec(signature)?.[1];
  if (digits === undefined) return err({ reason: "malformed" });
  return ok(hexToBytes(digits) as Uint8Array<ArrayBuffer>);
}

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Whether one of the secrets signed this body. WebCrypto compares in constant time. */
export async function verifySignature(
  delivery: SignedDelivery,
  secrets: readonly AppSecret[],
): Promise<Result<Proof, SignatureFailure>> {
  const signature = parseSignature(delivery.signature, delivery.sha1Signature);
  if (!signature.ok) return signature;
  const { body } = delivery;
  const raw = await signedBy(secrets, signature.value, body);
  if (raw !== null) return ok({ secret: raw, form: "raw" });
  const escaped = escapeUnicode(body);
  if (escaped !== null) {
    const label = await signedBy(secrets, signature.value, escaped);
    if (label !== null) return ok({ secret: label, form: "escaped" });
  }
  return err({ reason: likelyCause(delivery) });
}

async function signedBy(
  secrets: readonly AppSecret[],
  signature: Uint8Array<ArrayBuffer>,
  body: Uint8Array<ArrayBuffer>,
): Promise<string | null> {
  for (const { label, key } of secrets) {
    if (await crypto.subtle.verify(ALGORITHM, key, signature, body)) return label;
  }
  return null;
}

/** Signs a body as Meta does: the value of `X-Hub-Signature-256`. */
export const sign = async (body: Uint8Array<ArrayBuffer>, secret: string): Promise<string> =>
  `sha256=${await hmacOf(body, secret)}`;

/** The HMAC-SHA256 of a text, as 64 hex digits. */
export const hmacSha256Hex = (text: string, secret: string): Promise<string> =>
  hmacOf(new Uint8Array(encoder.encode(text)), secret);

async function hmacOf(bytes: Uint8Array<ArrayBuffer>, secret: string): Promise<string> {
  const signature = await crypto.subtle.sign(ALGORITHM, await importKey(secret, "sign"), bytes);
  return bytesToHex(new Uint8Array(signature));
}

/**
 * Compares two secrets of any length in constant time: WebCrypto compares their HMACs, with a random key that is used
 * only once (https://developers.cloudflare.com/workers/examples/protect-against-timing-attacks/).
 */
export async function secretsEqual(given: string, expected: string): Promise<boolean> {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey("raw", random, ALGORITHM, false, ["sign", "verify"]);
  const right = await crypto.subtle.sign(ALGORITHM, key, encoder.encode(expected));
  return crypto.subtle.verify(ALGORITHM, key, right, encoder.encode(given));
}

/**
 * A larger body is not tried in its escaped form, which has up to three times its bytes. Meta's largest batch of
 * comments is about 220 KiB, and Meta sends ASCII: a larger body in raw UTF-8 is not plausible.
 */
export const MAX_ESCAPED_BODY_BYTES = 256 * 1024;

/** The body with every non-ASCII UTF-16 unit as `\uXXXX`; null if nothing changes, or the body is large or not UTF-8. */
function escapeUnicode(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (body.length > MAX_ESCAPED_BODY_BYTES || isAscii(body)) return null;
  const text = decode(body);
  if (text === null) return null;
  // The exact size first, then one loop over numbers: a regular expression with a function took 40 times as long.
  let size = text.length;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) size += 5;
  const escaped = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit <= 0x7f) {
      escaped[at++] = unit;
      continue;
    }
    escaped[at++] = BACKSLASH;
    escaped[at++] = LOWER_U;
    escaped[at++] = hexDigit(unit >> 12);
    escaped[at++] = hexDigit((unit >> 8) & 15);
    escaped[at++] = hexDigit((unit >> 4) & 15);
    escaped[at++] = hexDigit(unit & 15);
  }
  return escaped;
}

const BACKSLASH = 0x5c;
const LOWER_U = 0x75;

/** The character code of a digit from 0 to 15, in lower case. */
const hexDigit = (digit: number): number => (digit < 10 ? 0x30 : 0x57) + digit;

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) > 0x7f) return false;
  return true;
}

/** Meta's bodies are ASCII, escape every slash, and have no space between tokens. */
const NOT_META_FORM = /[\u0080-\uffff]|(?<!\\)\/|^\s|^[{[]\s|^\{"\w*"\s*:\s/;

/** Bytes at the start of a body that are searched for the cause of a refusal. */
const CAUSE_BYTES = 16 * 1024;

function likelyCause({ contentLength, body }: SignedDelivery): SignatureFailure["reason"] {
  if (contentLength !== null && Number(contentLength) !== body.length) return "truncated";
  const end = body.at(-1);
  const start = decode(body.subarray(0, CAUSE_BYTES), { stream: body.length > CAUSE_BYTES });
  if (start === null || NOT_META_FORM.test(start)) return "re_encoded";
  return end !== undefined && WHITE_SPACE.has(end) ? "re_encoded" : "wrong_secret";
}

/** JSON's white space. */
const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** @param options.stream the bytes may end inside a character */
function decode(bytes: Uint8Array, options = { stream: false }): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, options);
  } catch {
    return null;
  }
}
