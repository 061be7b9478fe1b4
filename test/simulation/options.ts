/** The command line of `npm run simulate`. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { WORKLOADS } from "./workload/workloads.ts";

export interface Options {
  mode: "run" | "mutants" | "sweep";
  seeds: string[];
  /** Number of comments and messages, over all seeds. */
  prompts: number;
  /** Null: all of them. */
  workload: string | null;
  /** Only mutants whose name contains this. */
  mutant: string | null;
  /** Multiplier of the fault probabilities. */
  storm: number;
  trace: boolean;
}

/** Start at 1, so that two runs of the same code give the same result. A surviving mutant is run with the next seed. */
const SEEDS = { run: 10, mutants: 3, sweep: 1 };
const PROMPTS = 100_000;

export const USAGE = `npm run simulate -- [options]

  --comments N      comments and messages, over all seeds (${PROMPTS})
  --seed N          one seed instead of 1 to ${SEEDS.run} (mutants: 1 to ${SEEDS.mutants}; sweep: ${SEEDS.sweep}); "random" picks one and prints it
  --workload NAME   only ${WORKLOADS.map(({ workload }) => workload.name).join(", ")}
  --storm N         N times as many faults
  --trace           print every line of the trace (with --seed and --workload)
  --mutants [NAME]  remove one reliability rule at a time: each mutant must be caught
  --sweep           one comment and one message: every crash point, every outcome, up to two faults`;

/** @throws with a message for the person at the command line */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      comments: { type: "string" },
      seed: { type: "string" },
      storm: { type: "string" },
      workload: { type: "string" },
      trace: { type: "boolean", default: false },
      mutants: { type: "boolean", default: false },
      sweep: { type: "boolean", default: false },
    },
  });
  const prompts = Number(values.comments ?? PROMPTS);
  if (!Number.isSafeInteger(prompts) || prompts < 1) throw new RangeError("--comments must be a whole number");
  const storm = Number(values.storm ?? 1);
  if (!(storm > 0)) throw new RangeError("--storm must be a positive number");
  const { workload = null, seed } = values;
  if (workload !== null && !WORKLOADS.some(({ workload: { name } }) => name === workload)) {
    throw new RangeError(`unknown workload: ${workload}`);
  }
  if (positionals.length > 0 && !values.mutants) throw new RangeError(`unexpected argument: ${positionals.join(" ")}`);
  const mode = values.mutants ? "mutants" : values.sweep ? "sweep" : "run";
  const usual = Array.from({ length: SEEDS[mode] }, (_, index) => String(index + 1));
  return {
    mode,
    seeds: seed === undefined ? usual : [seed === "random" ? String(randomInt(1_000_000)) : seed],
    prompts,
    workload,
    mutant: positionals.join(" ") || null,
    storm,
    trace: values.trace,
  };
}
