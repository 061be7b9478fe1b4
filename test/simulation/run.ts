/** One run. Workload, seed and number of comments determine everything in it. */
import { judge, type Figures } from "./checker/final-check.ts";
import { openRows, readKept } from "./checker/ledger.ts";
import type { Violation } from "./checker/violation.ts";
import type { FaultKind } from "./faults.ts";
import { RandomNemesis } from "./nemesis.ts";
import { StoragePool } from "./platform/storage.ts";
import { Prng } from "./prng.ts";
import { Scheduler } from "./scheduler.ts";
import type { Sim } from "./sim.ts";
import { type DecisionContext, Tally } from "./tally.ts";
import { Trace, type Watch } from "./trace.ts";
import { Stage } from "./workload/stage.ts";
import type { Workload } from "./workload/workload.ts";
import { World } from "./world.ts";

export interface RunResult {
  workload: string;
  seed: string;
  /** Requested comments and messages. With workload and seed, they reproduce the run. */
  planned: number;
  figures: Figures;
  violations: Violation[];
  faults: [FaultKind, number][];
  situations: [DecisionContext, number][];
  traceHash: string;
  events: number;
  /** Simulated, and real. */
  virtualMs: number;
  realMs: number;
  /** Trace lines about the watched ids. */
  lines: readonly string[];
}

/** Accounts are connected in this time, before faults start. */
const SETUP_MS = 60_000;
/** How often the end condition is checked. */
const SLICE_MS = 600_000;
/** The run ends after this time without sends or planned actions. Meta has stopped its retries by then, too. */
const PATIENCE_MS = 38 * 3_600_000;

const pool = new StoragePool();

export async function run(
  workload: Workload,
  seed: string,
  prompts: number,
  options: { storm?: number; watch?: Watch; print?: (line: string) => void } = {},
): Promise<RunResult> {
  const startedAt = performance.now();
  const prng = new Prng(`${seed}/${workload.name}`);
  const tally = new Tally();
  const nemesis = new RandomNemesis(prng.fork("faults"), tally, workload.weather, options.storm ?? 1);
  nemesis.active = false;
  const trace = new Trace(options.watch ?? null, options.print ?? null);
  const sim: Sim = { scheduler: new Scheduler(), prng, nemesis, tally, trace };
  const world = new World(sim, pool);
  const { scheduler } = sim;
  const start = scheduler.now;
  const stage = new Stage(world);
  workload.plan(stage, prompts, start + SETUP_MS);
  await scheduler.run(start + SETUP_MS);

  nemesis.active = true;
  if (workload.watchdog) world.cron.start();
  planDeploys(world, workload, start + SETUP_MS + workload.stormMs);
  await scheduler.run(start + SETUP_MS + workload.stormMs);

  nemesis.active = false;
  for (let until = scheduler.now + SLICE_MS; ; until += SLICE_MS) {
    await scheduler.run(until);
    if (isQuiet(world) || scheduler.now > world.lastActionAt + PATIENCE_MS) break;
  }
  const figures = judge(world);
  const result: RunResult = {
    workload: workload.name,
    seed,
    planned: prompts,
    figures,
    violations: world.witness.violations,
    faults: [...tally.faults],
    situations: [...tally.situations],
    traceHash: trace.digest(),
    events: scheduler.turn,
    virtualMs: scheduler.now - start,
    realMs: performance.now() - startedAt,
    lines: trace.kept,
  };
  world.close();
  return result;
}

export function isQuiet(world: World): boolean {
  return (
    world.sim.scheduler.now > world.lastActionAt + SLICE_MS &&
    world.deliveries.outstanding === 0 &&
    world.events.size === 0 &&
    world.dead.size === 0 &&
    openRows(world) === 0 &&
    readKept(world).waiting === 0
  );
}

function planDeploys(world: World, { deployEveryMs }: Workload, until: number): void {
  if (deployEveryMs === null) return;
  const prng = world.sim.prng.fork("deploys");
  const { scheduler } = world.sim;
  for (let at = scheduler.now; at < until; at += deployEveryMs * prng.between(0.5, 1.5)) {
    if (at > scheduler.now) scheduler.at(at, () => world.deploy());
  }
}
