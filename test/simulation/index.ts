/** `npm run simulate`: injects faults to make Replyline lose, repeat or send a reply early, and reports them. */
import { RULES } from "./checker/violation.ts";
import { hunt } from "./mutants/hunt.ts";
import { MUTANTS } from "./mutants/mutants.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { planJobs } from "./plan.ts";
import { jobThread, runAll } from "./pool.ts";
import { type Found, Summary } from "./report/summary.ts";
import { seconds, table } from "./report/table.ts";
import { sweepAll } from "./sweep/report.ts";
import { clock } from "./trace.ts";
import { START_MS } from "./scheduler.ts";

const PROGRESS_AFTER_MS = 2_000;
const SHOWN_VIOLATIONS = 10;
const SHOWN_LINES = 40;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : ""}\n\n${USAGE}`);
    return 2;
  }
  switch (options.mode) {
    case "run":
      return simulate(options);
    case "mutants":
      return huntMutants(options);
    case "sweep":
      return sweepAll(options.seeds[0] ?? "1", progress);
  }
}

async function simulate(options: Options): Promise<number> {
  const startedAt = performance.now();
  const jobs = planJobs(options);
  console.log(`Seeds ${options.seeds.join(" ")}, ${jobs.length} worlds.\n`);
  const summary = new Summary();
  await runAll(jobs, (result) => {
    summary.add(result);
    progress(startedAt, `${summary.runs} of ${jobs.length} worlds, ${summary.prompts} comments and messages`);
  });
  endProgress();
  console.log(summary.text());
  console.log(`\nTrace ${summary.hash}, ${seconds(performance.now() - startedAt)}.`);
  const { found } = summary;
  if (found.length === 0) return 0;
  await tell(found, options.storm);
  return 1;
}

/** Prints the violations and the events that led to the first. For that, its world is run again with a trace. */
async function tell(found: readonly Found[], storm: number): Promise<void> {
  console.log("");
  for (const { run, violation } of found.slice(0, SHOWN_VIOLATIONS)) {
    const { rule, at, accountId, subject, detail } = violation;
    console.log(`${rule}: ${RULES[rule]}`);
    console.log(`  ${run.workload}, seed ${run.seed}, at ${clock(at - START_MS)}: ${accountId} ${subject} ${detail}`);
  }
  const [first] = found;
  if (first === undefined) return;
  const { run, violation } = first;
  const thread = jobThread([]);
  const ids = violation.subject === "" ? [violation.accountId] : [violation.subject];
  const watch = { accountId: violation.accountId, ids };
  const { workload, seed, planned: prompts } = run;
  const again = await thread.run({ workload, seed, prompts, storm, watch });
  await thread.end();
  console.log(`\nEvents before the first violation:\n${again.lines.slice(-SHOWN_LINES).join("\n")}`);
  console.log(
    `\nRepeat with: npm run simulate -- --workload ${workload} --seed ${seed} --comments ${prompts}${storm === 1 ? "" : ` --storm ${storm}`}`,
  );
}

async function huntMutants({ mutant: wanted, seeds }: Options): Promise<number> {
  const startedAt = performance.now();
  const mutants = MUTANTS.filter(({ name }) => wanted === null || name.includes(wanted));
  console.log(`Seeds ${seeds.join(" ")}, ${mutants.length} mutants.\n`);
  const rows: string[][] = [];
  let survivors = 0;
  await hunt(mutants, seeds, ({ mutant, caught, otherViolation, runs, realMs }) => {
    if (caught === null) survivors++;
    const by =
      caught === null
        ? ["SURVIVED", otherViolation === null ? "" : `but caught as ${otherViolation.rule}: ${otherViolation.detail}`]
        : [caught.violation.rule, `${caught.times} times, ${caught.workload}, seed ${caught.seed}`];
    rows.push([mutant.name, mutant.without, ...by, seconds(realMs)]);
    progress(startedAt, `${rows.length} of ${mutants.length} mutants, ${runs} runs`);
  });
  endProgress();
  const order = new Map(mutants.map(({ name }, index) => [name, index]));
  rows.sort(([a = ""], [b = ""]) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  console.log(table(["mutant", "removed rule", "caught by", "", "time"], rows));
  console.log(
    `\n${mutants.length - survivors} of ${mutants.length} caught, ${seconds(performance.now() - startedAt)}.`,
  );
  return survivors === 0 ? 0 : 1;
}

function progress(startedAt: number, text: string): void {
  if (!process.stderr.isTTY || performance.now() - startedAt < PROGRESS_AFTER_MS) return;
  process.stderr.write(`\r\u001b[K${text}`);
}

function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}
