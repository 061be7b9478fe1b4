/** `npm run simulate -- --sweep`. */
import { clock } from "../trace.ts";
import { START_MS } from "../scheduler.ts";
import { seconds, table } from "../report/table.ts";
import { inThreads, Thread } from "../threads.ts";
import { runSchedule, SCENARIOS } from "./schedule.ts";
import { type Branch, branchesOf, type BranchResult } from "./sweep.ts";

const SHOWN = 5;
const SHOWN_LINES = 60;

export async function sweepAll(seed: string, progress: (startedAt: number, text: string) => void): Promise<number> {
  const startedAt = performance.now();
  console.log(`Seed ${seed}.\n`);
  const scenarios = await Promise.all(SCENARIOS.map((scenario) => branchesOf(scenario, seed)));
  const branches = scenarios.flatMap((scenario) => scenario.branches);
  const results: BranchResult[] = [];
  const start = () => new Thread<Branch, BranchResult>(new URL("worker.ts", import.meta.url), {});
  await inThreads(start, branches, (result) => {
    results.push(result);
    const schedules = results.reduce((all, one) => all + one.schedules, 0);
    progress(startedAt, `${results.length} of ${branches.length} first faults, ${schedules} schedules`);
  });
  const rows = SCENARIOS.map((scenario, index) => {
    const own = results.filter(({ branch }) => branch.scenario === scenario);
    return [
      `one ${scenario} and its echo`,
      scenarios[index]?.places ?? 0,
      own.length - 1,
      own.reduce((all, { schedules }) => all + schedules, 0),
      own.reduce((all, { failed }) => all + failed.length, 0),
    ];
  });
  console.log(table(["", "places", "first faults", "schedules", "violations"], rows));
  console.log(`\n${seconds(performance.now() - startedAt)}.`);
  const failed = results.flatMap((result) =>
    result.failed.map((one) => ({ ...one, scenario: result.branch.scenario })),
  );
  if (failed.length === 0) return 0;
  for (const { scenario, script, violation } of failed.slice(0, SHOWN)) {
    const faults = script.map(([place, fault]) => `${fault} at place ${place}`).join(", then ");
    console.log(`\n${violation.rule}: one ${scenario}, ${faults}\n  ${violation.subject} ${violation.detail}`);
  }
  const [first] = failed;
  if (first === undefined) return 1;
  const { accountId, subject, at } = first.violation;
  const ids = [subject === "" ? accountId : subject];
  const { lines } = await runSchedule(first.scenario, seed, new Map(first.script), { accountId, ids });
  console.log(
    `\nEvents before the first violation (at ${clock(at - START_MS)}):\n${lines.slice(-SHOWN_LINES).join("\n")}`,
  );
  return 1;
}
