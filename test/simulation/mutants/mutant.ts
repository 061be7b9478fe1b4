import type { Rule } from "../checker/violation.ts";
import type { Patch } from "./source.ts";

/** One reliability rule removed from the shipping code. */
export interface Mutant {
  name: string;
  /** The rule that is removed. */
  without: string;
  patches: readonly Patch[];
  /** Runs that should catch the mutant, in order. */
  runs: readonly { workload: string; prompts: number }[];
  /** Violations that count as a catch. Any other violation is not what the mutant is for. */
  caughtBy: readonly Rule[];
}
