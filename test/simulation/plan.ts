/** Plans the runs. */
import type { Job } from "./job.ts";
import type { Options } from "./options.ts";
import { WORKLOADS } from "./workload/workloads.ts";

/** Larger numbers give more worlds, not larger worlds, so that memory use stays the same. */
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
  // Long runs first, so that no thread has a long run left at the end.
  return jobs.sort((a, b) => b.prompts - a.prompts);
}
