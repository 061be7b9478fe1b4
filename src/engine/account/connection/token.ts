/** Decrypts the account's access token for use. */
import type { AccountPorts } from "../ports.ts";
import { getToken, putToken } from "../tables/credentials.ts";

export type OpenedToken =
  | { kind: "token"; token: string; sealed: string }
  | { kind: "none" }
  /** Encrypted with a key that is no longer configured, or damaged. */
  | { kind: "unreadable" };

/**
 * Decrypts the token. If an older key encrypted it, it is encrypted again with the newest key. The old key can be
 * removed after every account has used its token.
 */
export async function openToken(ports: AccountPorts, accountId: string): Promise<OpenedToken> {
  const sealed = getToken(ports.sql);
  if (sealed === null) return { kind: "none" };
  const token = await ports.tokenEncryption.open(accountId, sealed);
  if (token === null) {
    ports.log("token_unreadable", { accountId });
    return { kind: "unreadable" };
  }
  if (ports.tokenEncryption.isCurrent(sealed)) return { kind: "token", token, sealed };
  const resealed = await ports.tokenEncryption.seal(accountId, token);
  return { kind: "token", token, sealed: replaceToken(ports, sealed, resealed) ? resealed : sealed };
}

/** @returns false when another token was stored in the meantime; that token stays */
export function replaceToken(ports: AccountPorts, expected: string, sealed: string): boolean {
  return ports.sql.transaction(() => {
    if (getToken(ports.sql) !== expected) return false;
    putToken(ports.sql, sealed, ports.now());
    return true;
  });
}
