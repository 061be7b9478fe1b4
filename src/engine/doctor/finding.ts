/** Makes the doctor's findings, one function a level. */
import type { Finding } from "../../api/doctor.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.ts";

export const good = (id: string, title: string): Finding => ({ id, level: "ok", title, fix: null, link: null });

export const note = (id: string, title: string, fix: string | null = null, link: string | null = null): Finding => ({
  id,
  level: "info",
  title,
  fix,
  link,
});

export const warn = (id: string, title: string, fix: string, link: string | null): Finding => ({
  id,
  level: "warn",
  title,
  fix,
  link,
});

export const fail = (id: string, title: string, fix: string, link: string | null): Finding => ({
  id,
  level: "fail",
  title,
  fix,
  link,
});

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
