/**
 * How many rows are served before one that waits. Groups (a post, a person) take turns, so a row's place in its lane is its
 * place in its own group, once for each group that is as long, plus the whole of those that are shorter.
 */
export class WaitingGroups {
  readonly #sizes: ReadonlyMap<string, number>;
  /** Sizes in order, and the sum of all before each. */
  readonly #sorted: number[];
  readonly #sums: number[] = [0];

  /** @param sizes how many rows of each group wait */
  constructor(sizes: ReadonlyMap<string, number>) {
    this.#sizes = sizes;
    this.#sorted = [...sizes.values()].sort((a, b) => a - b);
    for (const size of this.#sorted) this.#sums.push((this.#sums.at(-1) ?? 0) + size);
  }

  /** Rows of all groups. */
  get size(): number {
    return this.#sums.at(-1) ?? 0;
  }

  sizeOf(group: string): number {
    return this.#sizes.get(group) ?? 0;
  }

  /** @param place the row's place in its own group, from 1 */
  ahead(group: string, place: number): number {
    const shorter = this.#countBelow(place);
    const all = (this.#sums[shorter] ?? 0) + (this.#sorted.length - shorter) * place;
    return all - Math.min(this.sizeOf(group), place) + place - 1;
  }

  /** Groups with fewer rows than `place`. */
  #countBelow(place: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
