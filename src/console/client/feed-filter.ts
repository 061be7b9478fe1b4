/** Which events the feed shows. The server filters what it reads; live events are filtered here by the same rules. */
import type { ReplyState } from "../../core/reply/reply.ts";
import type { FeedRow } from "../../api/feed.ts";

export interface FeedFilter {
  kind: string;
  outcome: string;
  search: string;
}

export function filterFrom(data: FormData): FeedFilter {
  const value = (name: string): string => {
    const given = data.get(name);
    return typeof given === "string" ? given.trim() : "";
  };
  return { kind: value("kind"), outcome: value("outcome"), search: value("search") };
}

/** Nothing is filtered out. */
export const showsAll = ({ kind, outcome, search }: FeedFilter): boolean =>
  kind === "" && outcome === "" && search === "";

const FAILED: ReadonlySet<ReplyState> = new Set(["refused", "uncertain", "expired"]);

export function fits(row: FeedRow, { kind, outcome, search }: FeedFilter): boolean {
  if (kind !== "" && row.kind !== kind) return false;
  if (search !== "") {
    const wanted = search.toLowerCase();
    const places = [row.text, row.username, row.id, row.personId];
    if (!places.some((text) => text?.toLowerCase().includes(wanted))) return false;
  }
  switch (outcome) {
    case "answered":
      return row.decisions.some(({ fired }) => fired);
    case "not_answered":
      return !row.decisions.some(({ fired }) => fired);
    case "failed":
      return row.replies.some(({ state }) => FAILED.has(state));
    case "duplicated":
      return row.duplicates > 0;
    case "test":
      return row.test;
    default:
      return true;
  }
}
