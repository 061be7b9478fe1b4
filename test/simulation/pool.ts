/** Runs in threads. Each is alone in its thread while it lasts, so how many threads there are changes nothing. */
import type { Job, WorkerSetup } from "./job.ts";
import type { Patch } from "./mutants/source.ts";
import type { RunResult } from "./run.ts";
import { inThreads, Thread } from "./threads.ts";

const WORKER = new URL("worker.ts", import.meta.url);

/** Runs all jobs on the code as it ships; tells of each result as it comes. */
export async function runAll(jobs: readonly Job[], done: (result: RunResult) => void): Promise<void> {
  await inThreads(() => jobThread([]), jobs, done);
}

/** A thread for the code as it ships, or for a mutant of it. */
export function jobThread(patches: readonly Patch[]): Thread<Job, RunResult> {
  return new Thread(WORKER, { patches } satisfies WorkerSetup);
}
