/**
 * The address of an invite: its id, when it ends, and a signature over both, so that nothing is looked up for an address
 * that somebody made up. Whether it was used or revoked, the Directory knows.
 */
import { base64url } from "jose";
import { err, ok, type Result } from "../../core/result.ts";
import type { Invite } from "../directory/contract.ts";

export type InviteLinkError = { reason: "not_ours" } | { reason: "expired" };

const FORM = /^([A-Za-z0-9_-]{22})\.([0-9a-z]{8,9})\.([A-Za-z0-9_-]{43})$/;
const ID_BYTES = 16;

/** 128 random bits in base64url. */
export const newInviteId = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(ID_BYTES)));

/** @param keys TOKEN_ENCRYPTION_KEY; the first signs, all are accepted */
export async function inviteUrl(
  origin: string,
  { id, expiresAt }: Pick<Invite, "id" | "expiresAt">,
  keys: readonly Uint8Array[],
): Promise<string> {
  const [newest] = keys;
  if (newest === undefined) throw new Error("TOKEN_ENCRYPTION_KEY holds no key");
  const ends = expiresAt.toString(36);
  const signature = await crypto.subtle.sign("HMAC", await signingKey(newest), signed(id, ends));
  return `${origin}/connect/invite/${id}.${ends}.${base64url.encode(new Uint8Array(signature))}`;
}

/** @returns the invite's id */
export async function readInviteToken(
  token: string,
  keys: readonly Uint8Array[],
  now: number,
): Promise<Result<string, InviteLinkError>> {
  const [, id, ends, signatureText] = FORM.exec(token) ?? [];
  if (id === undefined || ends === undefined || signatureText === undefined) return err({ reason: "not_ours" });
  const signature = base64url.decode(signatureText) as Uint8Array<ArrayBuffer>;
  let genuine = false;
  for (const key of keys) {
    if (await crypto.subtle.verify("HMAC", await signingKey(key), signature, signed(id, ends))) genuine = true;
  }
  if (!genuine) return err({ reason: "not_ours" });
  return Number.parseInt(ends, 36) > now ? ok(id) : err({ reason: "expired" });
}

const signed = (id: string, ends: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${id}.${ends}`) as Uint8Array<ArrayBuffer>;

/** A key of its own, derived from the one that encrypts tokens: no key serves two purposes. */
async function signingKey(key: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("replyline invite link");
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  return crypto.subtle.deriveKey(derivation, material, { name: "HMAC", hash: "SHA-256", length: 256 }, false, [
    "sign",
    "verify",
  ]);
}
