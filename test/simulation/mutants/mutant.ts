import type { Rule } from "../checker/violation.ts";
import type { Patch } from "./source.ts";

/** One reliability rule removed from the shipping code. */
export interface Mutant {
  name: string;
  /** The rule that is missing. */
  without: string;
  patches: readonly Patch[];
  /** Where its absence shows, in the order in which it is looked for. */
  runs: readonly { workload: string; prompts: number }[];
  /** Violations that it may be caught by; any other one is not what it was made for. */
  caughtBy: readonly Rule[];
}
