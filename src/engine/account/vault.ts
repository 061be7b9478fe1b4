/**
 * Access tokens at rest: a JWE in compact form (`dir`, AES-256-GCM), with the account bound into it as authenticated
 * data, so that a ciphertext moved to another account does not decrypt. RFC 7516.
 */
import { CompactEncrypt, compactDecrypt } from "jose";

export interface Vault {
  seal(accountId: string, token: string): Promise<string>;
  /** null: encrypted with a key that is not configured, for another account, or damaged. */
  open(accountId: string, sealed: string): Promise<string | null>;
}

/** @param keys TOKEN_ENCRYPTION_KEY as `readConfig` gives it: the first encrypts, all decrypt. */
export function createVault(keys: readonly Uint8Array[]): Vault {
  const [newest] = keys;
  if (newest === undefined) throw new Error("TOKEN_ENCRYPTION_KEY holds no key");
  return {
    seal: (accountId, token) =>
      new CompactEncrypt(new TextEncoder().encode(token))
        // The protected header is the authenticated data of a compact JWE, so that is where the account goes.
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", sub: accountId })
        .encrypt(newest),
    async open(accountId, sealed) {
      for (const key of keys) {
        try {
          const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
            keyManagementAlgorithms: ["dir"],
            contentEncryptionAlgorithms: ["A256GCM"],
          });
          return protectedHeader["sub"] === accountId ? new TextDecoder().decode(plaintext) : null;
        } catch {
          // Another key may fit.
        }
      }
      return null;
    },
  };
}
