import { err, ok, type Result } from "../../../core/result.ts";
import type { Page } from "../../../api/building-blocks.ts";
import { openCursor, sealCursor } from "../cursor.ts";
import type { Answer } from "../endpoint.ts";
import { invalid, type Problem } from "../problem.ts";

interface PageQuery {
  cursor?: string;
  limit: number;
}

/**
 * Answers one page of a list.
 *
 * @param list names the list, with the account that it is of
 * @param query as checked; all that is neither cursor nor limit is a filter, and the cursor holds for these only
 * @param read asks for the page, with the object's own cursor
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
          { field: "cursor", message: "is not a cursor of this list: pass nextCursor as it is, with the same filters" },
        ]),
      );
    }
    asked.cursor = inner;
  }
  const page = await read(asked);
  return ok({ body: { items: page.items, nextCursor: sealCursor(name, page.nextCursor) } });
}
