import { describe, expect, it } from "vitest";
import { runSchedule, SCENARIOS } from "./schedule.ts";
import { branchesOf } from "./sweep.ts";

const PATIENCE_MS = 120_000;

describe.each(SCENARIOS)("one %s", (scenario) => {
  it(
    "survives any one fault at any place",
    async () => {
      const { branches, places } = await branchesOf(scenario, "1");
      expect(places).toBeGreaterThan(40);
      const failed: unknown[] = [];
      for (const { first } of branches) {
        const script = new Map(first === null ? [] : [[first.place, first.fault]]);
        const { violations, faults } = await runSchedule(scenario, "1", script);
        expect(faults).toBeGreaterThanOrEqual(script.size);
        if (violations.length > 0) failed.push({ first, violations });
      }
      expect(failed).toEqual([]);
    },
    PATIENCE_MS,
  );

  it("has the same places for faults each time", async () => {
    const { places } = await runSchedule(scenario, "1", new Map());
    expect((await runSchedule(scenario, "1", new Map())).places).toEqual(places);
  });
});
