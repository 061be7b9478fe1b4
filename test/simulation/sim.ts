/** Shared by all parts of one simulated world. */
import type { Nemesis } from "./nemesis.ts";
import type { Prng } from "./prng.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tally } from "./tally.ts";
import type { Trace } from "./trace.ts";

export interface Sim {
  scheduler: Scheduler;
  /** Only for creating forks. */
  prng: Prng;
  nemesis: Nemesis;
  tally: Tally;
  trace: Trace;
}

export function note(sim: Sim, what: string, accountId: string, detail: string): void {
  sim.trace.line(sim.scheduler.now, what, accountId, detail);
}
