/** The rows that the feed holds, newest first: what is read, what arrives, and what is let go so that memory stays flat. */
import type { FeedPage, FeedRow } from "../../api/feed.ts";
import type { ReplyItem } from "../../api/reply.ts";

/** Rows kept in memory; older ones are read again when the reader scrolls back to them. */
export const MAX_ROWS = 3_000;

export class FeedRows {
  items: FeedRow[] = [];
  /** What arrived while the feed was paused. */
  held: FeedRow[] = [];
  /** The highest `seq` seen: what is missed is what is above it. */
  newest = 0;
  /** Where the next page begins; null: at the last row, or nowhere. */
  cursor: string | null = null;
  /** There is nothing older than the last row. */
  complete = false;

  start(page: FeedPage): void {
    this.held = [];
    this.newest = page.newest;
    this.#put(page.items, page.nextCursor);
  }

  /** Older ones, below what is there. */
  append(page: FeedPage): void {
    const known = new Set(this.items.map(({ id }) => id));
    this.#put([...this.items, ...page.items.filter(({ id }) => !known.has(id))], page.nextCursor);
  }

  has(id: string): boolean {
    return this.items.some((row) => row.id === id);
  }

  /**
   * Puts in place what is known already.
   * @returns what is new and belongs above the last row; it is not in the list yet
   */
  take(incoming: readonly FeedRow[]): FeedRow[] {
    const newer = new Map(incoming.map((row) => [row.id, row]));
    const known = new Set(this.items.map(({ id }) => id));
    const lowest = this.complete ? 0 : (this.items.at(-1)?.seq ?? 0);
    this.newest = Math.max(this.newest, ...incoming.map(({ seq }) => seq));
    if (incoming.some(({ id }) => known.has(id))) this.items = this.items.map((row) => newer.get(row.id) ?? row);
    return [...newer.values()].filter(({ id, seq }) => !known.has(id) && seq > lowest);
  }

  add(fresh: readonly FeedRow[]): void {
    this.items = [...fresh, ...this.items].sort((a, b) => b.seq - a.seq);
    if (this.items.length <= MAX_ROWS) return;
    this.items.length = MAX_ROWS;
    this.cursor = null;
    this.complete = false;
  }

  /** Keeps for later what comes while the feed is paused. */
  hold(fresh: readonly FeedRow[]): void {
    const held = new Map([...this.held, ...fresh].map((row) => [row.id, row]));
    this.held = [...held.values()].slice(-MAX_ROWS);
  }

  /** @returns what was held; it is not in the list yet */
  release(): FeedRow[] {
    const { held } = this;
    this.held = [];
    return held;
  }

  /** Writes the new states of replies into their rows. @returns whether a row is another one now */
  patch(replies: readonly ReplyItem[]): boolean {
    if (replies.length === 0) return false;
    const byEvent = Map.groupBy(replies, ({ eventId }) => eventId ?? "");
    const patched = (row: FeedRow): FeedRow => {
      const own = byEvent.get(row.id);
      if (own === undefined) return row;
      const states = new Map(row.replies.map((reply) => [reply.id, reply]));
      for (const { id, kind, state, reason } of own) states.set(id, { id, kind, state, reason });
      return { ...row, replies: [...states.values()] };
    };
    this.held = this.held.map(patched);
    const before = this.items;
    this.items = before.map(patched);
    return this.items.some((row, index) => row !== before[index]);
  }

  #put(items: FeedRow[], nextCursor: string | null): void {
    this.items = items;
    this.cursor = nextCursor;
    this.complete = nextCursor === null;
  }
}
