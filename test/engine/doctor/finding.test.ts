import { describe, expect, it } from "vitest";
import { ago } from "../../../src/engine/doctor/finding.ts";

describe("a time ago", () => {
  it.each([
    [0, "less than a minute"],
    [60_000, "1 minute"],
    [119 * 60_000, "1 hour"],
    [50 * 3_600_000, "2 days"],
  ])("%d ms is %s", (ms, text) => {
    expect(ago(ms)).toBe(text);
  });
});
