/** One schedule: one comment (or one message) and its echo, with faults only at chosen places. */
import { judge } from "../checker/final-check.ts";
import type { Violation } from "../checker/violation.ts";
import type { FaultKind } from "../faults.ts";
import type { Nemesis } from "../nemesis.ts";
import { StoragePool } from "../platform/storage.ts";
import { Prng } from "../prng.ts";
import { Scheduler } from "../scheduler.ts";
import type { Sim } from "../sim.ts";
import { Tally } from "../tally.ts";
import { Trace, type Watch } from "../trace.ts";
import { GUIDE, PRICE } from "../workload/automations.ts";
import { Stage } from "../workload/stage.ts";
import { isQuiet } from "../run.ts";
import { World } from "../world.ts";

export const SCENARIOS = ["comment", "message"] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** The places where faults can occur, in order, each with its possible faults. */
export type Places = readonly (readonly FaultKind[])[];

/** The injected faults: which fault at which place. */
export type Script = ReadonlyMap<number, FaultKind>;

/** Crashes at every await and commit, and every outcome of external calls. Delays are only in the random runs. */
const SWEPT: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "receiver_killed",
  "response_lost",
  "delivery_duplicated",
  "queue_refused",
  "queue_stored_but_failed",
  "queue_hung",
  "queue_duplicate",
  "ack_lost",
  "consumer_killed",
  "rpc_lost_before",
  "rpc_lost_after",
  "rpc_overloaded",
  "object_crashed_at_await",
  "object_crashed_before_commit",
  "object_crashed_after_commit",
  "zombie_request",
  "alarm_doubled",
  "alarm_stuck",
  "alarm_lost_with_run",
  "sender_unreachable",
  "sender_answer_lost",
  "graph_connect_failed",
  "graph_timeout_before_effect",
  "graph_timeout_after_effect",
  "graph_reset_after_effect",
  "graph_5xx_before_effect",
  "graph_5xx_after_effect",
  "graph_4xx_after_effect",
  "graph_throttled",
  "graph_blocked",
  "graph_person_unavailable",
  "echo_early",
  "echo_late",
  "echo_lost",
  "echo_twice",
]);

/** By then the account is connected, and the watchdog has found nothing to do. */
const SETUP_MS = 300_000;
const SLICE_MS = 600_000;
const HORIZON_MS = 3 * 86_400_000;

const pool = new StoragePool();

export interface Outcome {
  places: Places;
  violations: readonly Violation[];
  faults: number;
  lines: readonly string[];
}

/** @param seed determines only how long everything takes */
export async function runSchedule(
  scenario: Scenario,
  seed: string,
  script: Script,
  watch: Watch | null = null,
): Promise<Outcome> {
  const prng = new Prng(`sweep ${scenario} ${seed}`);
  const tally = new Tally();
  const nemesis = new ScriptedNemesis(script, tally);
  const sim: Sim = { scheduler: new Scheduler(), prng, nemesis, tally, trace: new Trace(watch) };
  const world = new World(sim, pool);
  const { scheduler } = sim;
  const stage = new Stage(world);
  const account = stage.account({ platform: "instagram", automations: [GUIDE, PRICE] });
  const at = scheduler.now + SETUP_MS + 1_000;
  if (scenario === "comment")
    stage.comment(account, at, { mediaId: stage.media(), personId: stage.person(), text: "guide please" });
  else stage.message(account, at, { personId: stage.person(), text: "price please" });
  world.cron.start();
  await scheduler.run(scheduler.now + SETUP_MS);
  nemesis.active = true;
  const end = scheduler.now + HORIZON_MS;
  do await scheduler.run(scheduler.now + SLICE_MS);
  while (!isQuiet(world) && scheduler.now < end);
  judge(world);
  const { violations } = world.witness;
  world.close();
  return { places: nemesis.places, violations, faults: tally.faultCount, lines: sim.trace.kept };
}

class ScriptedNemesis implements Nemesis {
  active = false;
  readonly places: FaultKind[][] = [];
  readonly #script: Script;
  readonly #tally: Tally;

  constructor(script: Script, tally: Tally) {
    this.#script = script;
    this.#tally = tally;
  }

  pick<K extends FaultKind>(_site: string, kinds: readonly K[]): K | null {
    if (!this.active) return null;
    const here = kinds.filter((kind) => SWEPT.has(kind));
    if (here.length === 0) return null;
    const wanted = this.#script.get(this.places.length);
    this.places.push(here);
    const fault = here.find((kind) => kind === wanted) ?? null;
    if (fault !== null) this.#tally.fault(fault);
    return fault;
  }
}
