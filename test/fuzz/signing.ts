/** Signatures by Node's crypto, so that the receiver's code is not compared with itself. */
import { createHmac } from "node:crypto";

/** As in `META_APP_SECRETS`: one labelled secret and one without a label. */
export const SECRETS = ["fuzz_instagram_secret_not_real", "fuzz_other_secret_not_real"] as const;
export const META_APP_SECRETS = `instagram:${SECRETS[0]},${SECRETS[1]}`;

export const hmac = (body: Uint8Array | string, secret: string, algorithm: "sha256" | "sha1" = "sha256"): string =>
  createHmac(algorithm, secret).update(body).digest("hex");

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The `\uXXXX` form that Meta's Messenger page signs; null if there is none or it equals the body. */
export function escapedForm(body: Uint8Array): string | null {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return null;
  }
  let escaped = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    escaped += code < 0x80 ? text.charAt(i) : `\\u${code.toString(16).padStart(4, "0")}`;
  }
  return escaped === text ? null : escaped;
}

/** Whether this header proves that Meta wrote this body. */
export function isSigned(header: string | null, body: Uint8Array): boolean {
  if (header === null || !header.startsWith("sha256=")) return false;
  const claimed = header.slice("sha256=".length);
  const escaped = escapedForm(body);
  const forms = escaped === null ? [body] : [body, escaped];
  return SECRETS.some((secret) => forms.some((form) => hmac(form, secret) === claimed));
}
