import { onTestFinished, vi } from "vitest";

/** Keeps the log out of the terminal for the rest of the test; the function it returns gives the lines so far. */
export function logLines(): () => unknown[] {
  const lines: unknown[] = [];
  const record = (line: unknown): void => void lines.push(JSON.parse(String(line)));
  for (const level of ["log", "warn"] as const) {
    const spy = vi.spyOn(console, level).mockImplementation(record);
    onTestFinished(() => spy.mockRestore());
  }
  return () => lines;
}
