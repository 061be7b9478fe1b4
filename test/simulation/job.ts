/** What a thread is asked to do. */
import type { Patch } from "./mutants/source.ts";
import type { Watch } from "./trace.ts";

export interface Job {
  workload: string;
  seed: string;
  /** Comments and messages. */
  prompts: number;
  /** How many times as many faults as usual. */
  storm?: number;
  /** What to keep lines of the trace about. */
  watch?: Watch;
  /** Print every line of the trace. */
  print?: boolean;
}

export interface WorkerSetup {
  /** The mutant; none: the code as it ships. */
  patches: readonly Patch[];
}
