/**
 * Cursors as callers see them: the object's own cursor together with the list that it belongs to, so that one from
 * another account or another filter is refused instead of quietly giving the wrong page.
 */
import { base64url } from "jose";

/** @param list names the list and its filters; the same for every page of it */
export function sealCursor(list: string, inner: string | null): string | null {
  return inner === null ? null : base64url.encode(JSON.stringify([list, inner]));
}

/** @returns the object's own cursor, or null: not one of ours, or of another list */
export function openCursor(list: string, cursor: string): string | null {
  try {
    const opened: unknown = JSON.parse(new TextDecoder().decode(base64url.decode(cursor)));
    if (!Array.isArray(opened) || opened.length !== 2 || opened[0] !== list) return null;
    return typeof opened[1] === "string" ? opened[1] : null;
  } catch {
    return null;
  }
}
