/**
 * Access tokens at rest: a JWE in compact form (`dir`, AES-256-GCM, RFC 7516). The account id is part of the
 * authenticated data, so a ciphertext that is moved to another account does not decrypt.
 *
 * Several keys may be configured. The first key encrypts, all keys decrypt. A token that an older key opened is
 * encrypted again with the first key when it is used (`token.ts`). `kid` names the key, so that only the right key is
 * tried.
 */
import { base64url, CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";
import { sha256Hex } from "../../../meta/sha256.ts";

export interface TokenEncryption {
  /** @param owner the id of the account that the token belongs to */
  seal(owner: string, token: string): Promise<string>;
  /** Null: encrypted with a key that is not configured, encrypted for another account, or damaged. */
  open(owner: string, sealed: string): Promise<string | null>;
  /** Whether the newest key encrypted this. If not, encrypt it again while the old key is still configured. */
  isCurrent(sealed: string): boolean;
}

/** Enough to distinguish a few keys. Reveals nothing about the key. */
const KEY_ID_CHARS = 8;

/** @param keys TOKEN_ENCRYPTION_KEY as `readConfig` gives it: the first encrypts, all decrypt. */
export function createTokenEncryption(keys: readonly Uint8Array[]): TokenEncryption {
  const known = keys.map((key) => ({ key, kid: keyId(key) }));
  const [newest] = known;
  if (newest === undefined) throw new Error("TOKEN_ENCRYPTION_KEY holds no key");
  // The last token is cached. An account has one token and opens it for every send; decrypting it a hundred times a
  // second would be the most expensive part of sending.
  let last: { owner: string; sealed: string; token: string } | null = null;
  return {
    seal: (owner, token) =>
      new CompactEncrypt(new TextEncoder().encode(token))
        // The protected header is the authenticated data of a compact JWE, so it contains the owner.
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: newest.kid, sub: owner })
        .encrypt(newest.key),
    async open(owner, sealed) {
      if (last?.owner === owner && last.sealed === sealed) return last.token;
      const kid = keyIdOf(sealed);
      for (const { key } of known.filter((one) => one.kid === kid)) {
        try {
          const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
            keyManagementAlgorithms: ["dir"],
            contentEncryptionAlgorithms: ["A256GCM"],
          });
          if (protectedHeader["sub"] !== owner) return null;
          last = { owner, sealed, token: new TextDecoder().decode(plaintext) };
          return last.token;
        } catch {
          // Damaged, or another key with the same short id.
        }
      }
      return null;
    },
    isCurrent: (sealed) => keyIdOf(sealed) === newest.kid,
  };
}

const keyId = (key: Uint8Array): string =>
  sha256Hex(`replyline token key ${base64url.encode(key)}`).slice(0, KEY_ID_CHARS);

function keyIdOf(sealed: string): string | null {
  try {
    return decodeProtectedHeader(sealed).kid ?? null;
  } catch {
    return null;
  }
}
