/** The job of a thread. */
import type { Patch } from "./mutants/source.ts";
import type { Watch } from "./trace.ts";

export interface Job {
  workload: string;
  seed: string;
  /** Comments and messages. */
  prompts: number;
  /** Multiplier of the fault probabilities. */
  storm?: number;
  /** Which lines of the trace to keep. */
  watch?: Watch;
  /** Print every line of the trace. */
  print?: boolean;
}

export interface WorkerSetup {
  /** The mutant; absent: the shipping code. */
  patches: readonly Patch[];
}
