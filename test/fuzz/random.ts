/** Seeded randomness: the same seed and stream give the same numbers on every machine and in every thread. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param stream distinguishes sequences of one seed, such as the number of a case */
  constructor(seed: number, stream: number) {
    this.#a = seed >>> 0;
    this.#b = stream >>> 0;
    this.#c = (Math.floor(seed / 2 ** 32) ^ Math.floor(stream / 2 ** 32) ^ 0x9e3779b9) >>> 0;
    // Similar seeds have similar first values; a few rounds separate them.
    for (let i = 0; i < 12; i++) this.next();
  }

  /** In [0, 1), by Chris Doty-Humphrey's sfc32. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** From `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<const T>(of: readonly [T, ...T[]]): T;
  pick<T>(of: readonly T[]): T | undefined;
  pick<T>(of: readonly T[]): T | undefined {
    return of[Math.floor(this.next() * of.length)];
  }

  /** One of the names, in proportion to its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const names = Object.keys(weights) as K[];
    let left = this.next() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    throw new Error("nothing to draw from");
  }
}
