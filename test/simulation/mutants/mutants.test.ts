import { describe, expect, it } from "vitest";
import { RULES } from "../checker/violation.ts";
import { WORKLOADS } from "../workload/workloads.ts";
import { hunt } from "./hunt.ts";
import { MUTANTS } from "./mutants.ts";
import { patched, patchText, usePatches } from "./source.ts";

const PATIENCE_MS = 60_000;

describe("every mutant", () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))("fits the code: %s", (_, { patches }) => {
    usePatches(patches);
    try {
      for (const { file, replace } of patches) expect(patched(file)).toContain(replace);
    } finally {
      usePatches([]);
    }
  });

  it("has a unique name, a removed rule and a run that shows it", () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    const workloads = new Set(WORKLOADS.map(({ workload }) => workload.name));
    for (const { caughtBy, runs } of MUTANTS) {
      expect(caughtBy.filter((rule) => !(rule in RULES))).toEqual([]);
      expect(runs.filter(({ workload }) => !workloads.has(workload))).toEqual([]);
    }
    expect(MUTANTS.length).toBeGreaterThanOrEqual(14);
  });
});

describe("a change of the source", () => {
  it("is refused if its text is missing or occurs twice", () => {
    const patch = { file: "a.ts", find: "x", replace: "y" };
    expect(patchText("a.ts", "1 x 2", [patch])).toBe("1 y 2");
    expect(patchText("b.ts", "1 2", [patch])).toBe("1 2");
    expect(() => patchText("a.ts", "1 2", [patch])).toThrow("0 times");
    expect(() => patchText("a.ts", "x x", [patch])).toThrow("2 times");
  });
});

describe("the hunt", () => {
  it(
    "catches a mutant and reports the rule, lets unchanged code survive, and stops at a mutant that does not fit",
    async () => {
      const early = MUTANTS.find(({ name }) => name === "no deferral");
      if (early === undefined) throw new Error("the mutant is missing");
      const runs = [{ workload: "busy", prompts: 10 }];
      const none = { name: "none", without: "nothing", patches: [], runs, caughtBy: ["LOST"] } as const;
      const results = new Map<string, string | null>();
      await hunt([early, none], ["1"], ({ mutant, caught }) =>
        results.set(mutant.name, caught?.violation.rule ?? null),
      );
      expect(Object.fromEntries(results)).toEqual({ "no deferral": "EARLY", none: null });
      const stale = { ...none, patches: [{ file: "src/core/reply/step.ts", find: "no such text", replace: "" }] };
      await expect(hunt([stale], ["1"], () => undefined)).rejects.toThrow("occurs 0 times in src/core/reply/step.ts");
    },
    PATIENCE_MS,
  );
});
