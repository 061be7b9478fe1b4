/**
 * A process that runs code under test: an invocation of a Worker, or an instance of an object. All promises that it
 * awaits are created here, so it can be killed at any await: a dead process is never resumed.
 */
import type { FaultKind } from "./faults.ts";
import { note, type Sim } from "./sim.ts";

/** Settles a promise that a process awaits. Called from an event of the scheduler. */
export interface Settlement<T> {
  ok(value: T): void;
  fail(error: Error): void;
}

export class Process {
  readonly sim: Sim;
  readonly what: string;
  readonly name: string;
  readonly #crash: readonly FaultKind[];
  readonly #site: string;
  #alive = true;
  readonly #mourners: (() => void)[] = [];

  /**
   * @param what name in the trace: `receiver`, `object` …
   * @param crash the fault that kills it at an await; null: none
   */
  constructor(sim: Sim, what: string, name: string, crash: FaultKind | null) {
    this.sim = sim;
    this.what = what;
    this.name = name;
    this.#crash = crash === null ? [] : [crash];
    this.#site = crash ?? "";
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** A promise that the simulation settles. */
  wait<T>(begin: (settlement: Settlement<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      begin({
        ok: (value) => this.resume(() => resolve(value)),
        fail: (error) => this.resume(() => reject(error)),
      });
    });
  }

  /** Resumes the process, unless it is dead or dies here. */
  resume(run: () => void): void {
    if (!this.#alive) return;
    const crash = this.#crash.length === 0 ? null : this.sim.nemesis.pick(this.#site, this.#crash);
    if (crash !== null) {
      note(this.sim, this.what, this.name, crash);
      this.kill();
      return;
    }
    this.sim.scheduler.ranCode();
    run();
  }

  /** Sends an output of the process. An object delays it until its writes are durable. */
  emit(leave: () => void): void {
    leave();
  }

  onDeath(mourn: () => void): void {
    this.#mourners.push(mourn);
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const mourn of this.#mourners) mourn();
  }
}

/** Waits. */
export function sleep(process: Process, delayMs: number): Promise<void> {
  return process.wait((settlement) => void process.sim.scheduler.after(delayMs, () => settlement.ok()));
}
