import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.ts";

/** `3 hours`: the largest unit that fits. */
export function ago(ms: number): string {
  const units: [string, number][] = [
    ["day", DAY_MS],
    ["hour", HOUR_MS],
    ["minute", MINUTE_MS],
  ];
  for (const [unit, size] of units) {
    const count = Math.floor(ms / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "less than a minute";
}
