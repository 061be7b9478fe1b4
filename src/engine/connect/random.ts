/** What the browser holds is 256 random bits; what is stored of it is a hash. */
import { base64url } from "jose";

const BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{43}$/;

export const randomText = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(BYTES)));

/** Whether this can be one of ours at all; nothing else is looked up. */
export const isRandomText = (text: string | undefined | null): text is string => text != null && FORM.test(text);

/** SHA-256 in base64url. Random input needs no salt. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return base64url.encode(new Uint8Array(digest));
}
