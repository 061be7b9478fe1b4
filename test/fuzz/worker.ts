/** One fuzz thread: runs every n-th case through the receiver and the oracle. */
import { parentPort, workerData } from "node:worker_threads";
import { type FuzzCase, makeCase, printCase } from "./case.ts";
import { readCorpus } from "./corpus.ts";
import { minimize } from "./minimize.ts";
import { examine } from "./oracle.ts";
import { loadReceiver } from "./receiver.ts";
import { Tally } from "./tally.ts";

export interface WorkerOptions {
  seed: number;
  count: number;
  /** This thread runs the cases `first`, `first + step`, `first + 2 · step` … */
  first: number;
  step: number;
}

export type WorkerReport =
  /** Since the last report. */
  | { type: "progress"; tally: Pick<Tally, "rows" | "slowestMs" | "slowestIndex">; index: number }
  | { type: "failure"; index: number; rule: string; detail: string; file: string }
  | { type: "done" };

const REPORT_EVERY_MS = 250;

const { seed, count, first, step } = workerData as WorkerOptions;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const report = (message: WorkerReport): void => parentPort?.postMessage(message);

const receiver = await loadReceiver();
const corpus = readCorpus();
let current: FuzzCase | null = null;

// Background work of the receiver must not fail unnoticed.
process.on("unhandledRejection", (reason) => {
  const detail = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  if (current !== null) fail(current, "unhandled_rejection", detail);
});

let tally = new Tally();
let reportedAt = performance.now();
for (let index = first; index < count; index += step) {
  const fuzzCase = makeCase(seed, index, corpus);
  current = fuzzCase;
  const startedAt = performance.now();
  const verdict = await examine(receiver, fuzzCase);
  const now = performance.now();
  tally.count(fuzzCase, verdict, now - startedAt);
  if (verdict.violation !== null) {
    const { rule, detail } = verdict.violation;
    fail(await minimize(receiver, fuzzCase, rule), rule, detail);
  }
  if (now - reportedAt >= REPORT_EVERY_MS) {
    reportedAt = now;
    report({ type: "progress", tally, index });
    tally = new Tally();
  }
}
report({ type: "progress", tally, index: count });
report({ type: "done" });

function fail(fuzzCase: FuzzCase, rule: string, detail: string): void {
  report({ type: "failure", index: fuzzCase.index, rule, detail, file: printCase(fuzzCase, `${rule}: ${detail}`) });
}
