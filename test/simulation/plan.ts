/** Which runs there are to be. */
import type { Job } from "./job.ts";
import type { Options } from "./options.ts";
import { WORKLOADS } from "./workload/workloads.ts";

/** Larger numbers become more worlds, not larger ones: memory stays what it is. */
const PROMPTS_PER_ROUND = 10_000;

export function planJobs({ seeds, prompts, workload, storm, trace }: Options): Job[] {
  const perSeed = prompts / seeds.length;
  const rounds = Math.ceil(perSeed / PROMPTS_PER_ROUND);
  const chosen = WORKLOADS.filter(({ workload: { name } }) => workload === null || workload === name);
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  const jobs = seeds.flatMap((seed) =>
    Array.from({ length: rounds }, (_, round) =>
      chosen.map(({ workload: { name }, share }) => ({
        workload: name,
        seed: round === 0 ? seed : `${seed}.${round}`,
        prompts: Math.max(1, Math.round((perSeed / rounds) * (share / shares))),
        ...(storm === 1 ? {} : { storm }),
        ...(trace ? { print: true } : {}),
      })),
    ).flat(),
  );
  // The long ones first, so that no thread is left with one at the end.
  return jobs.sort((a, b) => b.prompts - a.prompts);
}
