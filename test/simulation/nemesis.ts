/** Who decides where faults strike. Every place that can go wrong asks here, and nowhere else. */
import { FAULTS, type FaultKind, type Weather } from "./faults.ts";
import type { Prng } from "./prng.ts";
import type { Tally } from "./tally.ts";

export interface Nemesis {
  /**
   * Which of these faults strikes now, if any. One that strikes is counted.
   *
   * @param site names the place: it has random numbers of its own
   */
  pick<K extends FaultKind>(site: string, kinds: readonly K[]): K | null;
}

/** No fault strikes more often than every third time, however hard it storms. */
const MOST = 0.3;

/** Strikes by chance, until it is told to stop. */
export class RandomNemesis implements Nemesis {
  /** Off: the storm is over, everything works. */
  active = true;
  readonly #prng: Prng;
  readonly #tally: Tally;
  readonly #chances: Record<FaultKind, number>;
  readonly #sites = new Map<string, Prng>();

  /** @param times how many times as often as usual */
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
