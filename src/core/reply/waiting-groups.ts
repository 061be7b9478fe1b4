/**
 * Estimates how many rows of a rate limit are sent before a given row. Groups (posts, people) are served in turn, so
 * the count is the row's position in its group for each group that is at least as long, plus all rows of shorter
 * groups.
 */
export class WaitingGroups {
  readonly #sizes: ReadonlyMap<string, number>;
  /** Sizes in ascending order, and for each the sum of the sizes before it. */
  readonly #sorted: number[];
  readonly #sums: number[] = [0];

  /** @param sizes number of waiting rows of each group */
  constructor(sizes: ReadonlyMap<string, number>) {
    this.#sizes = sizes;
    this.#sorted = [...sizes.values()].sort((a, b) => a - b);
    for (const size of this.#sorted) this.#sums.push((this.#sums.at(-1) ?? 0) + size);
  }

  /** Number of rows in all groups. */
  get size(): number {
    return this.#sums.at(-1) ?? 0;
  }

  sizeOf(group: string): number {
    return this.#sizes.get(group) ?? 0;
  }

  /** @param place the row's position in its own group, from 1 */
  ahead(group: string, place: number): number {
    const shorter = this.#countBelow(place);
    const all = (this.#sums[shorter] ?? 0) + (this.#sorted.length - shorter) * place;
    return all - Math.min(this.sizeOf(group), place) + place - 1;
  }

  /** Number of groups with fewer rows than `place`. */
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
