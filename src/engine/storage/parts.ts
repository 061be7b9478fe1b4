/**
 * Stores long texts in several rows: a row, a string and a BLOB are limited to 2 MB in a Durable Object. The limit here
 * counts characters, not bytes: a character of JSON text takes at most three bytes.
 * https://developers.cloudflare.com/durable-objects/platform/limits/
 */
import { text, type Sql } from "./sql.ts";

export const PART_CHARS = 500_000;

/** Needs a table `parts (owner, part, content)`. Replaces the owner's parts. */
export function putParts(sql: Sql, owner: string, content: string): void {
  deleteParts(sql, owner);
  for (let part = 0; part * PART_CHARS < content.length; part++) {
    const piece = content.slice(part * PART_CHARS, (part + 1) * PART_CHARS);
    sql.all("INSERT INTO parts (owner, part, content) VALUES (?, ?, ?)", owner, part, piece);
  }
}

/** `""` when the owner has none. */
export function getParts(sql: Sql, owner: string): string {
  return sql
    .all("SELECT content FROM parts WHERE owner = ? ORDER BY part", owner)
    .map((row) => text(row, "content"))
    .join("");
}

export function deleteParts(sql: Sql, owner: string): void {
  sql.all("DELETE FROM parts WHERE owner = ?", owner);
}
