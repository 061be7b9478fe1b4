/** One thread: runs jobs on the shipping code or on one mutant. */
import { parentPort, workerData } from "node:worker_threads";
import type { Job, WorkerSetup } from "./job.ts";
import { loadWith } from "./mutants/hooks.ts";
import type { RunResult } from "./run.ts";
import type { Answer } from "./threads.ts";

const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread");
const { patches } = workerData as WorkerSetup;
const untouched = loadWith(patches);

port.on("message", (job: Job) => {
  work(job).then(
    (answer) => port.postMessage(answer),
    (error: unknown) =>
      port.postMessage({
        ok: false,
        error: `${job.workload}, seed ${job.seed}: ${error instanceof Error ? (error.stack ?? "") : ""}`,
      }),
  );
});

async function work(job: Job): Promise<Answer<RunResult>> {
  // Imported only now, so that the hooks see every module.
  const [{ run }, { workloadNamed }] = await Promise.all([import("./run.ts"), import("./workload/workloads.ts")]);
  const files = untouched();
  if (files.length > 0) return { ok: false, error: `the mutant's files were not loaded: ${files.join(", ")}` };
  const result = await run(workloadNamed(job.workload), job.seed, job.prompts, {
    ...(job.storm === undefined ? {} : { storm: job.storm }),
    ...(job.watch === undefined ? {} : { watch: job.watch }),
    ...(job.print === true ? { print: (line: string) => console.log(line) } : {}),
  });
  return { ok: true, result };
}
