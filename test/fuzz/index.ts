/**
 * `npm run fuzz`: mutated deliveries, in this process, against the shipping receiver.
 *
 *   node test/fuzz/index.ts [--count 1000000] [--seed n] [--threads n] [--replay file]
 *
 * Exit 0: every response was correct. Exit 1: a response was wrong; the case is written to a file for `--replay`.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { bold, count as counted, duration, green, liveLine, red, say } from "../../src/simulator/cli/terminal.ts";
import { readCase } from "./case.ts";
import { examine } from "./oracle.ts";
import { loadReceiver } from "./receiver.ts";
import { printTally, Tally } from "./tally.ts";
import type { WorkerOptions, WorkerReport } from "./worker.ts";

const DEFAULT_COUNT = 1_000_000;
/** Stops after this many failures, enough to see whether there is more than one bug. */
const MAX_FAILURES = 5;
/** A body that keeps a thread busy for this long is a failure. */
const HUNG_MS = 60_000;

const USAGE = `Mutated deliveries against the receiver, in process.

  node test/fuzz/index.ts [options]

  --count n      how many bodies (${DEFAULT_COUNT.toLocaleString("en")})
  --seed n       the run to repeat (a new one)
  --threads n    worker threads (one more than cores: they wait for WebCrypto now and then)
  --replay file  run one failing case again
`;

const { values } = parseArgs({
  options: {
    count: { type: "string" },
    seed: { type: "string" },
    threads: { type: "string" },
    replay: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

if (values.help === true) say(USAGE);
else process.exitCode = values.replay === undefined ? await fuzz() : await replay(values.replay);

async function replay(path: string): Promise<number> {
  const fuzzCase = readCase(readFileSync(path, "utf8"));
  const { status, events, violation } = await examine(await loadReceiver(), fuzzCase);
  say(`${fuzzCase.kind}, ${counted(fuzzCase.body.length, "byte")}: answered ${status}, ${counted(events, "event")}`);
  say(violation === null ? green("No violation.") : `${red(violation.rule)}  ${violation.detail}`);
  return violation === null ? 0 : 1;
}

async function fuzz(): Promise<number> {
  const count = wholeNumber(values.count, DEFAULT_COUNT);
  const seed = wholeNumber(values.seed, Date.now() % 2 ** 31);
  const threads = Math.min(count, wholeNumber(values.threads, availableParallelism() + 1));
  say(
    `${bold("fuzz")}  ${counted(count, "mutated body", "mutated bodies")}, seed ${seed}, ${counted(threads, "thread")}`,
  );

  const startedAt = performance.now();
  const tally = new Tally();
  const failures: Extract<WorkerReport, { type: "failure" }>[] = [];
  const line = liveLine();
  const rateOf = (bodies: number): string =>
    Math.round(bodies / ((performance.now() - startedAt) / 1_000)).toLocaleString("en");
  let tenths = 0;
  const progress = (bodies: number): void => {
    const text = `${bodies.toLocaleString("en")} of ${counted(count, "body", "bodies")}, ${rateOf(bodies)} a second`;
    if (process.stdout.isTTY) return line.show(text);
    if (bodies < ((tenths + 1) * count) / 10 || bodies === count) return;
    tenths = Math.floor((bodies * 10) / count);
    say(text);
  };
  await runThreads({ seed, count }, threads, (report) => {
    if (report.type === "failure") failures.push(report);
    if (report.type === "progress") {
      tally.add(report.tally);
      progress(tally.total.bodies);
    }
    return failures.length < MAX_FAILURES;
  });
  const tookMs = performance.now() - startedAt;

  const { bodies, bytes, statuses } = tally.total;
  const size = `${(bytes / 1e6).toFixed(0)} MB`;
  line.done(`${counted(bodies, "body", "bodies")} (${size}) in ${duration(tookMs)}, ${rateOf(bodies)} a second`);
  say(`\n${printTally(tally)}\n`);
  say(`503, only with an injected failure of queue, KV or connection: ${(statuses[503] ?? 0).toLocaleString("en")}`);
  say(`slowest body: ${duration(tally.slowestMs)} (case ${tally.slowestIndex})`);
  if (failures.length === 0) {
    say(green(`No violation. Repeat with --seed ${seed} --count ${count}`));
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), "replyline-fuzz-"));
  for (const { index, rule, detail, file } of failures) {
    const path = join(folder, `${seed}-${index}.json`);
    writeFileSync(path, file);
    say(`${red(rule)}  ${detail.split("\n", 1)[0]}\n  node test/fuzz/index.ts --replay ${path}`);
  }
  return 1;
}

/** Runs the threads until all are done, one does not respond, or `onReport` stops the run. */
async function runThreads(
  run: { seed: number; count: number },
  threads: number,
  onReport: (report: WorkerReport) => boolean,
): Promise<void> {
  const workers = Array.from({ length: threads }, (_, first) => {
    const workerData: WorkerOptions = { ...run, first, step: threads };
    return new Worker(new URL("worker.ts", import.meta.url), { workerData });
  });
  const ends = workers.map(
    (worker, first) =>
      new Promise<void>((resolve, reject) => {
        let index = first;
        const hung = (): void => {
          const detail = `no response for ${duration(HUNG_MS)} after case ${index}`;
          onReport({ type: "failure", index, rule: "hung", detail, file: JSON.stringify({ ...run, index }) });
          resolve();
        };
        let timer = setTimeout(hung, HUNG_MS);
        worker.on("message", (report: WorkerReport) => {
          clearTimeout(timer);
          timer = setTimeout(hung, HUNG_MS);
          if (report.type === "progress") index = report.index;
          if (!onReport(report)) for (const other of workers) void other.terminate();
          if (report.type === "done") void worker.terminate();
        });
        worker.once("error", reject);
        worker.once("exit", () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  );
  try {
    await Promise.all(ends);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${text} is not a whole number`);
}
