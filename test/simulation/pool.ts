/** Runs jobs in threads. Each thread has one run at a time, so the number of threads does not change results. */
import type { Job, WorkerSetup } from "./job.ts";
import type { Patch } from "./mutants/source.ts";
import type { RunResult } from "./run.ts";
import { inThreads, Thread } from "./threads.ts";

const WORKER = new URL("worker.ts", import.meta.url);

/** Runs all jobs on the shipping code and reports each result when it is ready. */
export async function runAll(jobs: readonly Job[], done: (result: RunResult) => void): Promise<void> {
  await inThreads(() => jobThread([]), jobs, done);
}

/** A thread for the shipping code or for a mutant. */
export function jobThread(patches: readonly Patch[]): Thread<Job, RunResult> {
  return new Thread(WORKER, { patches } satisfies WorkerSetup);
}
