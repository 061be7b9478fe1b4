/**
 * Seeded random numbers (sfc32). Every part of the simulation uses its own fork, so an additional draw in one part does
 * not change the numbers of another.
 */
export class Prng {
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(name: string) {
    this.#name = name;
    const hash = hasher(name);
    this.#a = hash();
    this.#b = hash();
    this.#c = hash();
    for (let round = 0; round < 12; round++) this.next();
  }

  /** Independent of this generator, and the same for the same name. */
  fork(name: string): Prng {
    return new Prng(`${this.#name}/${name}`);
  }

  /** In [0, 1). */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number from `low` to `high`, inclusive. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.next() * choices.length)];
    if (choice === undefined) throw new RangeError("nothing to pick from");
    return choice;
  }

  /** Network latency: most values are near `typical`, a few are many times as long. */
  latency(typical: number, spread = 0.6): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return Math.round(typical * Math.exp(spread * normal));
  }

  shuffle<T extends object>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.whole(0, last);
      const [a, b] = [items[last], items[other]];
      if (a === undefined || b === undefined) continue;
      items[last] = b;
      items[other] = a;
    }
    return items;
  }
}

/** 32 bits at a time from a name (xmur3). */
function hasher(name: string): () => number {
  let hash = 1_779_033_703 ^ name.length;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    hash ^= hash >>> 16;
    return hash >>> 0;
  };
}
