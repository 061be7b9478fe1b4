/**
 * A login in progress: first at Meta, then (Facebook) while the person chooses Pages. Each row can be used once, within
 * ten minutes, by the browser that started it. Only hashes of the browser's values are stored.
 */
import { first, number, text, textOrNull, type Sql } from "../../storage/sql.ts";
import type { ConnectStep } from "../contract.ts";

export function insertStep(sql: Sql, step: ConnectStep): void {
  sql.all(
    `INSERT INTO connect_steps (hash, browser, step, login, redirect_uri, invite_id, sealed, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    step.hash,
    step.browser,
    step.step,
    step.login,
    step.redirectUri,
    step.inviteId,
    step.sealed,
    step.expiresAt,
  );
}

/**
 * Removes and returns the step. Null: there is none, it is expired, or it belongs to another browser. Such a step
 * stays, so that a different browser cannot use it up.
 */
export function takeStep(sql: Sql, hash: string, browser: string, now: number): ConnectStep | null {
  pruneSteps(sql, now);
  const row = first(sql, "DELETE FROM connect_steps WHERE hash = ? AND browser = ? RETURNING *", hash, browser);
  if (row === null) return null;
  return {
    hash: text(row, "hash"),
    browser: text(row, "browser"),
    step: text(row, "step") as ConnectStep["step"],
    login: text(row, "login") as ConnectStep["login"],
    redirectUri: text(row, "redirect_uri"),
    inviteId: textOrNull(row, "invite_id"),
    sealed: textOrNull(row, "sealed"),
    expiresAt: number(row, "expires_at"),
  };
}

/** Deletes abandoned logins: one of them may contain a user token. */
export function pruneSteps(sql: Sql, now: number): void {
  sql.all("DELETE FROM connect_steps WHERE expires_at <= ?", now);
}
