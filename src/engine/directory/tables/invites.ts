/**
 * Invites: links with which another person can connect their account. The id, 128 random bits, is the link
 * (connect/invite-link.ts). It allows one login with the person's own account. The API shows it to a caller with the
 * admin token.
 */
import { DAY_MS } from "../../../core/time.ts";
import { first, json, number, numberOrNull, text, textOrNull, type Sql, type SqlRow } from "../../storage/sql.ts";
import type { Login } from "../../../meta/graph/request.ts";
import type { Invite } from "../../../api/connect.ts";

/** How long an invite is listed after it expires, including used and revoked ones. */
const RETENTION_MS = 90 * DAY_MS;

export function insertInvite(
  sql: Sql,
  invite: Pick<Invite, "id" | "login" | "label" | "expiresAt">,
  now: number,
): void {
  sql.all(
    `INSERT INTO invites (id, login, label, created_at, expires_at, used_at, revoked_at, accounts)
     VALUES (?, ?, ?, ?, ?, NULL, NULL, '[]')`,
    invite.id,
    invite.login,
    invite.label,
    now,
    invite.expiresAt,
  );
}

/** Removes invites that ended longer than `RETENTION_MS` ago. */
export function pruneInvites(sql: Sql, now: number): void {
  sql.all("DELETE FROM invites WHERE expires_at < ?", now - RETENTION_MS);
}

export function findInvite(sql: Sql, id: string): Invite | null {
  const row = first(sql, "SELECT * FROM invites WHERE id = ?", id);
  return row === null ? null : readInvite(row);
}

/** Newest first. */
export function listInvites(sql: Sql, before: number, limit: number): { seq: number; invite: Invite }[] {
  return sql
    .all("SELECT * FROM invites WHERE seq < ? ORDER BY seq DESC LIMIT ?", before, limit)
    .map((row) => ({ seq: number(row, "seq"), invite: readInvite(row) }));
}

/** Marks the invite as used. False: it is already used, revoked or expired. */
export function claimInvite(sql: Sql, id: string, now: number): boolean {
  const claimed = sql.all(
    `UPDATE invites SET used_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?
     RETURNING id`,
    now,
    id,
    now,
  );
  return claimed.length > 0;
}

/** Stores the connected accounts. If there are none, the invite can be used again. */
export function settleInvite(sql: Sql, id: string, accounts: readonly string[]): void {
  if (accounts.length === 0) sql.all("UPDATE invites SET used_at = NULL WHERE id = ?", id);
  else sql.all("UPDATE invites SET accounts = ? WHERE id = ?", JSON.stringify(accounts), id);
}

/** @returns whether the invite exists; revoking it again changes nothing */
export function revokeInvite(sql: Sql, id: string, now: number): boolean {
  return (
    sql.all("UPDATE invites SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? RETURNING id", now, id).length > 0
  );
}

/** Removes an erased account from its invite. */
export function eraseInvited(sql: Sql, accountId: string): void {
  sql.all("UPDATE invites SET accounts = '[]', label = NULL WHERE instr(accounts, ?) > 0", JSON.stringify(accountId));
}

function readInvite(row: SqlRow): Invite {
  return {
    id: text(row, "id"),
    login: textOrNull(row, "login") as Login | null,
    label: textOrNull(row, "label"),
    createdAt: number(row, "created_at"),
    expiresAt: number(row, "expires_at"),
    usedAt: numberOrNull(row, "used_at"),
    revokedAt: numberOrNull(row, "revoked_at"),
    accountIds: json(row, "accounts") as string[],
  };
}
