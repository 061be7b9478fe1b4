import { describe, expect, it } from "vitest";
import { type RunResult, run } from "./run.ts";
import type { Workload } from "./workload/workload.ts";
import { WORKLOADS, workloadNamed } from "./workload/workloads.ts";

/** Generous, because machines differ and may be busy. */
const PATIENCE_MS = 60_000;

const outcome = ({ traceHash, events, figures, faults }: RunResult) => ({ traceHash, events, figures, faults });

describe("a run", () => {
  it(
    "gives the same result for the same seed, also after other runs",
    async () => {
      const workload = workloadNamed("conversations");
      const first = await run(workload, "7", 80);
      const other = await run(workload, "8", 80);
      const again = await run(workload, "7", 80);
      expect(outcome(again)).toEqual(outcome(first));
      expect(other.traceHash).not.toBe(first.traceHash);
    },
    PATIENCE_MS,
  );

  it(
    "gives the same result when trace lines are kept",
    async () => {
      const workload = workloadNamed("busy");
      const silent = await run(workload, "3", 60);
      const watched = await run(workload, "3", 60, { watch: { accountId: "", ids: ["mid_out_1"] } });
      expect(watched.traceHash).toBe(silent.traceHash);
      expect(watched.lines.length).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it(
    "sends every expected reply once if there are no faults",
    async () => {
      const calm: Workload = {
        name: "calm",
        what: "comments without faults",
        stormMs: 0,
        weather: {},
        watchdog: true,
        deployEveryMs: null,
        plan: (stage, prompts, from) => workloadNamed("singles").plan(stage, prompts, from),
      };
      const { figures, violations, faults } = await run(calm, "1", 40);
      expect(violations).toEqual([]);
      expect(faults).toEqual([]);
      expect(figures).toMatchObject({ prompts: 40, wanted: 40, sent: 40, uncertain: 0 });
    },
    PATIENCE_MS,
  );
});

describe("the code as it ships", () => {
  it.each(WORKLOADS.map(({ workload, share }) => [workload.name, Math.max(40, Math.round(share * 2_000))] as const))(
    "violates no rule: %s",
    async (name, prompts) => {
      const { violations, figures, faults } = await run(workloadNamed(name), "1", prompts);
      expect(violations).toEqual([]);
      expect(figures.prompts).toBeGreaterThan(prompts * 0.9);
      expect(faults.length).toBeGreaterThan(10);
    },
    PATIENCE_MS,
  );

  it(
    "violates no rule with four times as many faults",
    async () => {
      const { violations } = await run(workloadNamed("conversations"), "1", 200, { storm: 4 });
      expect(violations).toEqual([]);
    },
    PATIENCE_MS,
  );
});
