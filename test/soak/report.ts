/** The figures of a run, for people. */
import { duration, green, red, table } from "../../src/simulator/cli/terminal.ts";
import type { CheckResult } from "./check.ts";
import type { QueueFigures } from "./workers/delivery.ts";

export interface Report extends CheckResult {
  queue: QueueFigures;
  /** How long each start took, in ms; the first is none after a kill. */
  starts: readonly number[];
  endedByItself: number;
  /** Deliveries that were tried again because they were not answered 200. */
  resent: number;
}

/** What was done to the Workers and what came of it, and the sentences that must count 0. */
export function printReport({ figures, violations, queue, starts, endedByItself, resent }: Report): string {
  const n = (name: string): string => text(figures[name] ?? 0);
  const restarts = starts.slice(1).toSorted((a, b) => a - b);
  const median = duration(restarts[Math.floor(restarts.length / 2)] ?? 0);
  const faults = [
    `${text(queue.duplicated)} doubled`,
    `${text(queue.acksLost)} acks lost`,
    `${text(queue.retried)} retried`,
    `${text(queue.brokenOff)} batches broken off`,
  ];
  const rows = [
    [
      "kills with -9",
      text(restarts.length),
      `restart ${median} (median); wrangler ended unexpectedly: ${endedByItself}`,
    ],
    ["events acknowledged", n("acknowledged"), `${n("duplicates")} more arrivals known as duplicates`],
    ["deliveries tried again", text(resent), "not answered 200, mostly while nobody was listening"],
    ["unreadable bodies, kept", n("quarantined"), `dead letters: ${n("deadLetters")}`],
    ["queue messages handed over", text(queue.delivered), faults.join(", ")],
    ["answers owed", n("owed"), `sent: ${n("sent")}, of which ${n("presumed")} by Meta's refusal of a second one`],
    ["uncertain, and shown so", n("uncertain"), `in fact sent: ${n("uncertainSent")}`],
    [
      "calls to Meta",
      n("calls"),
      `${n("ambiguous")} made to end unclear, ${n("refusedByRule")} refused by the one-reply rule`,
    ],
    ["replies tried again", n("secondAttempts"), ""],
    ["echoes", n("echoes"), ""],
  ];
  const checks = Object.entries(violations).map(([sentence, broken]) => [
    sentence,
    broken.length === 0 ? green("0") : red(String(broken.length)),
    broken[0]?.slice(0, 160) ?? "",
  ]);
  const columns = (title: string) => [{ title }, { title: "count", align: "right" as const }, { title: "" }];
  return `${table(columns("what was done"), rows)}\n\n${table(columns("must be 0"), checks)}`;
}

const text = (value: number): string => value.toLocaleString("en");
