/**
 * Ids that must not be answered although they may still arrive. Meta does not guarantee an order, so an unsend can
 * arrive before its message.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
 */
import { first, text, type Sql } from "../../storage/sql.ts";

/** `about`: a comment id, a `mid`, or the hash of an erased person. */
export function putTombstone(sql: Sql, about: string, reason: "deleted" | "erased", now: number): void {
  sql.all("INSERT OR REPLACE INTO tombstones (about, reason, at) VALUES (?, ?, ?)", about, reason, now);
}

/** Why one of these ids must not be answered; null when none has a tombstone. */
export function tombstoneOf(sql: Sql, abouts: readonly (string | null)[]): "deleted" | "erased" | null {
  for (const about of abouts) {
    if (about === null) continue;
    const row = first(sql, "SELECT reason FROM tombstones WHERE about = ?", about);
    if (row !== null) return text(row, "reason") === "erased" ? "erased" : "deleted";
  }
  return null;
}
