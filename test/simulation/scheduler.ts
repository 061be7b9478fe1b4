/**
 * Virtual time: a heap of (time, order of scheduling). Only this heap decides what happens next.
 *
 * The code under test is asynchronous, so an event may start or resume code. Such an event calls `ranCode`, and the
 * next event waits for a turn of Node's event loop. By then the microtask queue is empty, so the code has run as far as
 * it can without the simulation, after any number of promises. Then the gates of the turn run: storage commits and
 * calls are sent.
 */

/** The scheduler's clock starts here: Sunday, 1 November 2026, 00:00 UTC. */
export const START_MS = Date.UTC(2026, 10, 1);

interface Entry {
  time: number;
  order: number;
  /** null: cancelled. */
  run: (() => void) | null;
}

export interface Timer {
  cancel(): void;
}

export class Scheduler {
  now = START_MS;
  /** Number of events so far: orders events, also at the same clock time. */
  turn = 0;
  readonly #heap = new Heap();
  #order = 0;
  #ranCode = false;
  #gates: (() => void)[] = [];

  at(time: number, run: () => void): Timer {
    const entry: Entry = { time: Math.max(Math.ceil(time), this.now), order: this.#order++, run };
    this.#heap.push(entry);
    return {
      cancel() {
        entry.run = null;
      },
    };
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.now + Math.max(0, delayMs), run);
  }

  /** The current event has started or resumed asynchronous code. */
  ranCode(): void {
    this.#ranCode = true;
  }

  /** Runs when the code of the current event has no more work. */
  atGate(gate: () => void): void {
    this.#gates.push(gate);
  }

  /** Runs all events up to `until`, or until no event is left. */
  run(until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const proceed = (): void => {
        try {
          this.#runGates();
          for (;;) {
            const entry = this.#heap.popUpTo(until);
            if (entry === null) {
              this.now = Math.max(this.now, Math.min(until, this.#heap.firstTime() ?? this.now));
              resolve();
              return;
            }
            if (entry.run === null) continue;
            this.now = entry.time;
            this.turn++;
            const { run } = entry;
            entry.run = null;
            run();
            if (this.#ranCode) {
              this.#ranCode = false;
              setImmediate(proceed);
              return;
            }
            if (this.#gates.length > 0) this.#runGates();
          }
        } catch (error) {
          reject(error);
        }
      };
      setImmediate(proceed);
    });
  }

  #runGates(): void {
    while (this.#gates.length > 0) {
      const gates = this.#gates;
      this.#gates = [];
      for (const gate of gates) gate();
    }
  }
}

/** A binary heap by time, then by order. */
class Heap {
  readonly #entries: Entry[] = [];

  firstTime(): number | null {
    return this.#entries[0]?.time ?? null;
  }

  push(entry: Entry): void {
    const entries = this.#entries;
    let place = entries.length;
    entries.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || !before(entry, parent)) break;
      entries[place] = parent;
      place = above;
    }
    entries[place] = entry;
  }

  popUpTo(until: number): Entry | null {
    const entries = this.#entries;
    const first = entries[0];
    if (first === undefined || first.time > until) return null;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return first;
    let place = 0;
    for (;;) {
      const below = 2 * place + 1;
      const left = entries[below];
      if (left === undefined) break;
      const right = entries[below + 1];
      const child = right !== undefined && before(right, left) ? right : left;
      if (!before(child, last)) break;
      entries[place] = child;
      place = child === left ? below : below + 1;
    }
    entries[place] = last;
    return first;
  }
}

const before = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);
