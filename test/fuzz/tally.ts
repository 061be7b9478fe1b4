/** Counts cases and results by kind of mutation. */
import { table } from "../../src/simulator/cli/terminal.ts";
import { type FuzzCase, type Kind, KIND_NAMES } from "./case.ts";
import type { Verdict } from "./oracle.ts";

interface Row {
  bodies: number;
  bytes: number;
  statuses: Record<number, number>;
  events: number;
  quarantined: number;
  violations: number;
}

export class Tally {
  readonly rows: Partial<Record<Kind, Row>> = {};
  slowestMs = 0;
  slowestIndex = 0;

  count({ kind, body, index }: FuzzCase, { status, events, quarantined, violation }: Verdict, tookMs: number): void {
    const row = this.#row(kind);
    row.bodies++;
    row.bytes += body.length;
    row.statuses[status] = (row.statuses[status] ?? 0) + 1;
    row.events += events;
    row.quarantined += quarantined;
    if (violation !== null) row.violations++;
    if (tookMs > this.slowestMs) Object.assign(this, { slowestMs: tookMs, slowestIndex: index });
  }

  add(other: Pick<Tally, "rows" | "slowestMs" | "slowestIndex">): void {
    for (const kind of KIND_NAMES) {
      const more = other.rows[kind];
      if (more === undefined) continue;
      const row = this.#row(kind);
      row.bodies += more.bodies;
      row.bytes += more.bytes;
      row.events += more.events;
      row.quarantined += more.quarantined;
      row.violations += more.violations;
      for (const [status, count] of Object.entries(more.statuses)) {
        row.statuses[Number(status)] = (row.statuses[Number(status)] ?? 0) + count;
      }
    }
    if (other.slowestMs > this.slowestMs) {
      Object.assign(this, { slowestMs: other.slowestMs, slowestIndex: other.slowestIndex });
    }
  }

  get total(): Row {
    const sum = new Tally();
    for (const row of Object.values(this.rows)) sum.add({ rows: { several: row }, slowestMs: 0, slowestIndex: 0 });
    return sum.#row("several");
  }

  #row(kind: Kind): Row {
    return (this.rows[kind] ??= { bodies: 0, bytes: 0, statuses: {}, events: 0, quarantined: 0, violations: 0 });
  }
}

const number = (value: number): string => value.toLocaleString("en");

export function printTally(tally: Tally): string {
  const statuses = [...new Set(Object.values(tally.rows).flatMap((row) => Object.keys(row.statuses)))].toSorted();
  const cells = (name: string, row: Row): string[] => [
    name,
    number(row.bodies),
    ...statuses.map((status) => number(row.statuses[Number(status)] ?? 0)),
    number(row.events),
    number(row.quarantined),
    number(row.violations),
  ];
  const columns = ["mutation", "bodies", ...statuses, "events", "quarantined", "violations"].map((title, index) => ({
    title: title.replaceAll("_", " "),
    align: index === 0 ? ("left" as const) : ("right" as const),
  }));
  const rows = KIND_NAMES.flatMap((kind) => {
    const row = tally.rows[kind];
    return row === undefined ? [] : [cells(kind.replaceAll("_", " "), row)];
  });
  return table(columns, [...rows, cells("all", tally.total)]);
}
