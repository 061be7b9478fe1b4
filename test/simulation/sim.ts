/** What every part of one simulated world shares. */
import type { Nemesis } from "./nemesis.ts";
import type { Prng } from "./prng.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tally } from "./tally.ts";
import type { Trace } from "./trace.ts";

export interface Sim {
  scheduler: Scheduler;
  /** Only to fork from. */
  prng: Prng;
  nemesis: Nemesis;
  tally: Tally;
  trace: Trace;
}

export function note(sim: Sim, what: string, accountId: string, detail: string): void {
  sim.trace.line(sim.scheduler.now, what, accountId, detail);
}
