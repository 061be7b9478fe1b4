/** The account's access token, opened for use. */
import type { AccountPorts } from "../ports.ts";
import { getToken, putToken } from "../tables/credentials.ts";

export type OpenedToken =
  | { kind: "token"; token: string; sealed: string }
  | { kind: "none" }
  /** Encrypted with a key that is not configured any more, or damaged. */
  | { kind: "unreadable" };

/**
 * Opens the token; one that an older key opened is encrypted with the newest on the way, so that the old key can be
 * taken away once every account has been used.
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
  const anew = await ports.tokenEncryption.seal(accountId, token);
  return { kind: "token", token, sealed: replaceToken(ports, sealed, anew) ? anew : sealed };
}

/** @returns false when another token has taken its place meanwhile; that one stays. */
export function replaceToken(ports: AccountPorts, expected: string, sealed: string): boolean {
  return ports.sql.transaction(() => {
    if (getToken(ports.sql) !== expected) return false;
    putToken(ports.sql, sealed, ports.now());
    return true;
  });
}
