import { err, ok, type Result } from "../../core/result.ts";
import type { Page } from "../../api/building-blocks.ts";
import type { Answer } from "./endpoint.ts";
import { invalid, type Problem } from "./problem.ts";
import { base64url } from "jose";

interface PageQuery {
  cursor?: string;
  limit: number;
}

/**
 * Responds with one page of a list.
 *
 * @param list the name of the list, including its account
 * @param query the validated query; all keys except cursor and limit are filters, and a cursor is valid only for these
 * @param read reads the page, with the object's own cursor
 */
export async function respondWithPage<Q extends PageQuery, T>(
  list: string,
  query: Q,
  read: (query: Q) => Promise<Page<T>>,
): Promise<Result<Answer<Page<T>>, Problem>> {
  const { cursor, limit: _limit, ...filters } = query;
  const name = `${list} ${JSON.stringify(Object.entries(filters))}`;
  const asked = { ...query };
  if (cursor !== undefined) {
    const inner = openCursor(name, cursor);
    if (inner === null) {
      return err(
        invalid([
          {
            field: "cursor",
            message: "is not a cursor of this list: pass nextCursor unchanged, with the same filters",
          },
        ]),
      );
    }
    asked.cursor = inner;
  }
  const page = await read(asked);
  return ok({ body: { items: page.items, nextCursor: sealCursor(name, page.nextCursor) } });
}

/** @param list the name and filters of the list; the same for every page */
export function sealCursor(list: string, inner: string | null): string | null {
  return inner === null ? null : base64url.encode(JSON.stringify([list, inner]));
}

/** @returns the object's own cursor; null: not our cursor, or of another list */
export function openCursor(list: string, cursor: string): string | null {
  try {
    const opened: unknown = JSON.parse(new TextDecoder().decode(base64url.decode(cursor)));
    if (!Array.isArray(opened) || opened.length !== 2 || opened[0] !== list) return null;
    return typeof opened[1] === "string" ? opened[1] : null;
  } catch {
    return null;
  }
}
