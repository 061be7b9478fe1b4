/** Decides where faults occur. Every place that can fail asks the nemesis. */
import { FAULTS, type FaultKind, type Weather } from "./faults.ts";
import type { Prng } from "./prng.ts";
import type { Tally } from "./tally.ts";

export interface Nemesis {
  /**
   * Picks one of these faults or none, and counts it.
   *
   * @param site name of the place; each place has its own random numbers
   */
  pick<K extends FaultKind>(site: string, kinds: readonly K[]): K | null;
}

/** Maximum probability of a fault, with any `--storm`. */
const MOST = 0.3;

/** Picks faults at random until it is turned off. */
export class RandomNemesis implements Nemesis {
  /** Off: the storm is over and nothing fails. */
  active = true;
  readonly #prng: Prng;
  readonly #tally: Tally;
  readonly #chances: Record<FaultKind, number>;
  readonly #sites = new Map<string, Prng>();

  /** @param times multiplier of the fault probabilities */
  constructor(prng: Prng, tally: Tally, weather: Weather, times: number) {
    this.#prng = prng;
    this.#tally = tally;
    const chances = Object.entries(FAULTS).map(([kind, { chance }]) => {
      const here = weather[kind as FaultKind] ?? chance;
      return [kind, Math.min(here * times, Math.max(here, MOST))];
    });
    this.#chances = Object.fromEntries(chances) as Record<FaultKind, number>;
  }

  pick<K extends FaultKind>(site: string, kinds: readonly K[]): K | null {
    if (!this.active) return null;
    let prng = this.#sites.get(site);
    if (prng === undefined) {
      prng = this.#prng.fork(site);
      this.#sites.set(site, prng);
    }
    let draw = prng.next();
    for (const kind of kinds) {
      const chance = this.#chances[kind];
      if (draw < chance) {
        this.#tally.fault(kind);
        return kind;
      }
      draw -= chance;
    }
    return null;
  }
}
