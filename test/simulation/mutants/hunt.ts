/** Runs mutants until each is caught or has survived all its runs. */
import type { Violation } from "../checker/violation.ts";
import { jobThread } from "../pool.ts";
import { abreast } from "../threads.ts";
import type { Mutant } from "./mutant.ts";

export interface Catch {
  mutant: Mutant;
  /** Null: it survived. */
  caught: { workload: string; seed: string; violation: Violation; times: number } | null;
  /** The first violation of another rule. */
  otherViolation: Violation | null;
  runs: number;
  realMs: number;
}

/**
 * @param seeds tried in order until one catches the mutant
 * @throws if a mutant no longer fits the code
 */
export async function hunt(
  mutants: readonly Mutant[],
  seeds: readonly string[],
  done: (result: Catch) => void,
): Promise<void> {
  await abreast(mutants, async (next) => {
    for (const mutant of next) done(await huntOne(mutant, seeds));
  });
}

async function huntOne(mutant: Mutant, seeds: readonly string[]): Promise<Catch> {
  const startedAt = performance.now();
  const thread = jobThread(mutant.patches);
  let runs = 0;
  let otherViolation: Violation | null = null;
  const result = (caught: Catch["caught"]): Catch => {
    const realMs = performance.now() - startedAt;
    return { mutant, caught, otherViolation, runs, realMs };
  };
  try {
    for (const seed of seeds) {
      for (const { workload, prompts } of mutant.runs) {
        runs++;
        const { violations } = await thread.run({ workload, seed, prompts });
        const telling = violations.filter(({ rule }) => mutant.caughtBy.includes(rule));
        const [violation] = telling;
        if (violation !== undefined) return result({ workload, seed, violation, times: telling.length });
        otherViolation ??= violations[0] ?? null;
      }
    }
    return result(null);
  } catch (error) {
    throw new Error(`mutant "${mutant.name}": ${error instanceof Error ? error.message : "failed"}`, { cause: error });
  } finally {
    await thread.end();
  }
}
