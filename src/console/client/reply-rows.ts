/**
 * The replies of one state as the page lists them: pending ones by due time, all others newest first. While the reader is using the list it does not move:
 * what is new waits, and what has left the state stays where it is until they are done.
 */
import type { ReplyState } from "../../core/reply/reply.ts";
import type { ReplyItem } from "../../api/reply.ts";

/** Cards in the page; beyond that they are turned page by page, so that it stays light. */
export const MAX_CARDS = 400;

export class ReplyRows {
  readonly state: ReplyState;
  shown: ReplyItem[] = [];
  /** What is new, and waits to be shown. */
  held: ReplyItem[] = [];
  /** Shown, although the list has them no more. */
  readonly #gone = new Set<string>();
  /** The list goes on behind what is shown. */
  #more = false;

  constructor(state: ReplyState) {
    this.state = state;
  }

  /** The next ones, below what is there. @param more others come after these */
  append(items: readonly ReplyItem[], more = false): void {
    const known = this.#known();
    this.#more = more;
    this.shown = [...this.shown, ...items.filter(({ id }) => !known.has(id))].slice(-MAX_CARDS);
  }

  /**
   * What has changed, the oldest change first.
   * @param still the reader is using the list
   */
  take(changes: readonly ReplyItem[], still: boolean): void {
    const changed = new Map(changes.map((reply) => [reply.id, reply]));
    for (const id of changed.keys()) this.#gone.delete(id);
    const known = this.#known();
    const fresh = [...changed.values()].filter(
      (one) => !known.has(one.id) && one.state === this.state && !this.#isBeyond(one),
    );
    const current = (reply: ReplyItem): ReplyItem => newer(reply, changed.get(reply.id));
    this.shown = this.shown.map(current);
    this.held = [...fresh.toReversed(), ...this.held.map(current).filter((one) => this.#belongs(one))];
    this.held.length = Math.min(this.held.length, MAX_CARDS);
    if (!still) this.settle();
  }

  /** The list as it was just read from its top. @param whole nothing comes after these */
  read(items: readonly ReplyItem[], whole: boolean, still: boolean): void {
    this.#more = !whole;
    const ids = new Set(items.map(({ id }) => id));
    const end = whole ? this.shown.length : this.shown.findLastIndex(({ id }) => ids.has(id));
    for (const { id } of this.shown.slice(0, Math.max(end, 0))) if (!ids.has(id)) this.#gone.add(id);
    this.held = this.held.filter(({ id }) => ids.has(id));
    if (still) {
      this.take(items.toReversed(), true);
      return;
    }
    const before = new Map([...this.shown, ...this.held].map((reply) => [reply.id, reply]));
    this.held = [];
    this.#gone.clear();
    this.shown = items.map((item) => newer(before.get(item.id) ?? item, item));
  }

  /** The reader has left the list: new replies are shown, and those that have left the state are removed. */
  settle(): void {
    const all = [...this.held, ...this.shown.filter((one) => this.#belongs(one))];
    this.shown = (this.#soonestFirst ? all.toSorted((a, b) => a.dueAt - b.dueAt) : all).slice(0, MAX_CARDS);
    this.held = [];
    this.#gone.clear();
  }

  get #soonestFirst(): boolean {
    return this.state === "pending";
  }

  /** It stands on a page that has not been read. */
  #isBeyond({ dueAt }: ReplyItem): boolean {
    return this.#soonestFirst && this.#more && dueAt > (this.shown.at(-1)?.dueAt ?? Infinity);
  }

  #known(): Set<string> {
    return new Set([...this.shown, ...this.held].map(({ id }) => id));
  }

  #belongs({ id, state }: ReplyItem): boolean {
    return state === this.state && !this.#gone.has(id);
  }
}

/** The same object where the content is the same: then its card need not be drawn again. */
const newer = (before: ReplyItem, after: ReplyItem | undefined): ReplyItem =>
  after === undefined || JSON.stringify(before) === JSON.stringify(after) ? before : after;
