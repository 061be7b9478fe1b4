/** Summary of many runs. */
import { createHash } from "node:crypto";
import { type Figures, NO_FIGURES } from "../checker/final-check.ts";
import { RULES, type Rule, type Violation } from "../checker/violation.ts";
import { FAULTS, type FaultKind } from "../faults.ts";
import type { RunResult } from "../run.ts";
import { SITUATIONS, type DecisionContext } from "../tally.ts";
import { percent, table } from "./table.ts";

export interface Found {
  run: RunResult;
  violation: Violation;
}

export class Summary {
  readonly #runs: RunResult[] = [];

  add(run: RunResult): void {
    this.#runs.push(run);
  }

  get runs(): number {
    return this.#runs.length;
  }

  get prompts(): number {
    return this.#runs.reduce((all, { figures }) => all + figures.prompts, 0);
  }

  /** The same for the same runs in any order. */
  get hash(): string {
    const lines = this.#runs.map(({ workload, seed, traceHash }) => `${workload} ${seed} ${traceHash}`).sort();
    return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16);
  }

  /** Violations; the first of each run comes first. */
  get found(): Found[] {
    return this.#runs.flatMap((run) => run.violations.map((violation) => ({ run, violation })));
  }

  get faults(): ReadonlyMap<FaultKind, number> {
    return sum(this.#runs.map(({ faults }) => faults));
  }

  get situations(): ReadonlyMap<DecisionContext, number> {
    return sum(this.#runs.map(({ situations }) => situations));
  }

  text(): string {
    const { faults, situations } = this;
    const total = [...faults.values()].reduce((a, b) => a + b, 0);
    return [
      this.#workloads(),
      `Faults injected: ${total.toLocaleString("en-US")}\n${faultTable(faults)}`,
      `Situations reached\n${columns([...SITUATIONS].map((name) => [name, situations.get(name) ?? 0]))}`,
      this.#outcome(),
      ...this.#never(),
    ].join("\n\n");
  }

  #workloads(): string {
    const groups = Map.groupBy(this.#runs, ({ workload }) => workload);
    const rows = [...groups].map(([workload, runs]) => row(workload, runs));
    return table(HEAD, [...rows, row("all", this.#runs)]);
  }

  /** Situations that were not reached are not tested. After a long run, only impossible ones should be listed. */
  #never(): string[] {
    const { faults, situations } = this;
    const kinds = (Object.keys(FAULTS) as FaultKind[]).filter((kind) => !faults.has(kind));
    const missing = [...kinds, ...SITUATIONS.filter((situation) => !situations.has(situation))];
    return missing.length === 0 ? [] : [`Not reached: ${missing.join(", ")}`];
  }

  #outcome(): string {
    const byRule = Map.groupBy(this.found, ({ violation }) => violation.rule);
    const rules = Object.keys(RULES) as Rule[];
    return `Violations\n${columns(rules.map((rule) => [rule, byRule.get(rule)?.length ?? 0]))}`;
  }
}

const HEAD = [
  "workload",
  "prompts",
  "wanted",
  "sent",
  "presumed",
  "refused",
  "cancelled",
  "declined",
  "expired",
  "uncertain",
  "share",
  "of it sent",
  "violations",
  "events",
  "days",
];

function row(name: string, runs: readonly RunResult[]): (string | number)[] {
  const f = runs.reduce((all, { figures }) => add(all, figures), NO_FIGURES);
  return [
    name,
    f.prompts,
    f.wanted,
    f.sent,
    f.presumed,
    f.refused,
    f.cancelled,
    f.declined,
    f.expired,
    f.uncertain,
    percent(f.uncertain, f.wanted),
    f.uncertainSent,
    runs.reduce((all, { violations }) => all + violations.length, 0),
    runs.reduce((all, { events }) => all + events, 0),
    Math.round(runs.reduce((all, { virtualMs }) => all + virtualMs, 0) / 86_400_000),
  ];
}

function add(a: Figures, b: Figures): Figures {
  const keys = Object.keys(NO_FIGURES) as (keyof Figures)[];
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as unknown as Figures;
}

function sum<K>(lists: readonly (readonly (readonly [K, number])[])[]): Map<K, number> {
  const counts = new Map<K, number>();
  for (const [key, count] of lists.flat()) counts.set(key, (counts.get(key) ?? 0) + count);
  return counts;
}

function faultTable(faults: ReadonlyMap<FaultKind, number>): string {
  return columns((Object.keys(FAULTS) as FaultKind[]).map((kind) => [kind, faults.get(kind) ?? 0]));
}

/** Names and counts in three columns. */
function columns(counts: readonly (readonly [string, number])[]): string {
  const width = Math.ceil(counts.length / 3);
  const rows = Array.from({ length: width }, (_, index) =>
    [0, 1, 2].flatMap((column) => {
      const [name, count] = counts[index + column * width] ?? ["", null];
      return [`  ${name}`, count === null ? "" : count.toLocaleString("en-US").padStart(9)];
    }),
  );
  return table(["", "", "", "", "", ""], rows).replace(/^\n/, "");
}
