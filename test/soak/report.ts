/** Prints the results of a run. */
import { duration, green, red, table } from "../../src/simulator/cli/terminal.ts";
import type { CheckResult } from "./check.ts";
import type { QueueFigures } from "./workers/delivery.ts";

export interface Report extends CheckResult {
  queue: QueueFigures;
  /** Duration of each start in ms; the first is not after a kill. */
  starts: readonly number[];
  unexpectedExits: number;
  /** Deliveries that were repeated because they did not get a 200. */
  resent: number;
}

/** The injected faults and their results, and the checks that must count 0. */
export function printReport({ figures, violations, queue, starts, unexpectedExits, resent }: Report): string {
  const n = (name: string): string => text(figures[name] ?? 0);
  const restarts = starts.slice(1).toSorted((a, b) => a - b);
  const median = duration(restarts[Math.floor(restarts.length / 2)] ?? 0);
  const faults = [
    `${text(queue.duplicated)} doubled`,
    `${text(queue.acksLost)} acks lost`,
    `${text(queue.retried)} retried`,
    `${text(queue.brokenOff)} batches interrupted`,
  ];
  const rows = [
    [
      "kills with -9",
      text(restarts.length),
      `restart ${median} (median); wrangler exited unexpectedly: ${unexpectedExits}`,
    ],
    ["events acknowledged", n("acknowledged"), `${n("duplicates")} more arrivals recognized as duplicates`],
    ["deliveries repeated", text(resent), "no 200, mostly while the Workers were down"],
    ["unreadable bodies stored", n("quarantined"), `dead letters: ${n("deadLetters")}`],
    ["queue messages delivered", text(queue.delivered), faults.join(", ")],
    [
      "replies expected",
      n("owed"),
      `sent: ${n("sent")}, of which ${n("presumed")} by Meta's refusal of a second reply`,
    ],
    ["replies shown as uncertain", n("uncertain"), `of which sent: ${n("uncertainSent")}`],
    [
      "calls to Meta",
      n("calls"),
      `${n("ambiguous")} with an ambiguous result, ${n("refusedByRule")} refused by the one-reply rule`,
    ],
    ["replies with a second attempt", n("secondAttempts"), ""],
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
