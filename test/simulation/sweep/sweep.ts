/** Runs every schedule with up to two faults. */
import type { Violation } from "../checker/violation.ts";
import type { FaultKind } from "../faults.ts";
import { type Places, runSchedule, type Scenario, type Script } from "./schedule.ts";

/** All schedules whose first fault is this one; null: the schedule without faults. */
export interface Branch {
  scenario: Scenario;
  seed: string;
  first: { place: number; fault: FaultKind } | null;
}

export interface BranchResult {
  branch: Branch;
  schedules: number;
  places: number;
  /** Schedules with a violation, each with its first one. */
  failed: { script: [number, FaultKind][]; violation: Violation }[];
}

/** One branch per fault and place of the schedule without faults. */
export async function branchesOf(scenario: Scenario, seed: string): Promise<{ branches: Branch[]; places: number }> {
  const { places } = await runSchedule(scenario, seed, new Map());
  const branches = faultsFrom(places, 0).map((first): Branch => ({ scenario, seed, first }));
  return { branches: [{ scenario, seed, first: null }, ...branches], places: places.length };
}

export async function sweepBranch(branch: Branch): Promise<BranchResult> {
  const result: BranchResult = { branch, schedules: 0, places: 0, failed: [] };
  const { scenario, seed, first } = branch;
  const check = async (script: Script): Promise<Places> => {
    const { places, violations } = await runSchedule(scenario, seed, script);
    const [violation] = violations;
    result.schedules++;
    if (violation !== undefined) result.failed.push({ script: [...script], violation });
    return places;
  };
  if (first === null) {
    result.places = (await check(new Map())).length;
    return result;
  }
  // After the first fault the run continues differently, so the places for a second fault are read from that run.
  const places = await check(new Map([[first.place, first.fault]]));
  result.places = places.length;
  for (const { place, fault } of faultsFrom(places, first.place + 1)) {
    await check(
      new Map([
        [first.place, first.fault],
        [place, fault],
      ]),
    );
  }
  return result;
}

function faultsFrom(places: Places, from: number): { place: number; fault: FaultKind }[] {
  return places.flatMap((kinds, place) => (place < from ? [] : kinds.map((fault) => ({ place, fault }))));
}
