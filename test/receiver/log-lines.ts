import { onTestFinished, vi } from "vitest";

/** Captures the log for the rest of the test. The returned function gives the lines so far. */
export function logLines(): () => unknown[] {
  const lines: unknown[] = [];
  const record = (line: unknown): void => void lines.push(JSON.parse(String(line)));
  for (const level of ["log", "warn"] as const) {
    const spy = vi.spyOn(console, level).mockImplementation(record);
    onTestFinished(() => spy.mockRestore());
  }
  return () => lines;
}
