import { describe, expect, it } from "vitest";
import { retryAfter } from "../../../src/console/client/live-retry.ts";

const GONE = 1006;
const TOO_MANY = 4429;
const delays = (code: number, random: number): number[] =>
  [1, 2, 3, 6, 7, 50].map((failures) => retryAfter(code, failures, random).delayMs);

describe("a lost connection", () => {
  it("is tried again soon, and then less and less often", () => {
    expect(delays(GONE, 0)).toEqual([500, 1_000, 2_000, 16_000, 20_000, 20_000]);
    expect(delays(GONE, 0.5)).toEqual([625, 1_250, 2_500, 20_000, 25_000, 25_000]);
    expect(retryAfter(GONE, 1, 0)).toMatchObject({ state: "disconnected", label: "Disconnected, reconnecting" });
  });

  it("is not pressed for where there are too many already", () => {
    expect(delays(TOO_MANY, 0)).toEqual([30_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
    expect(retryAfter(TOO_MANY, 1, 0).state).toBe("crowded");
    expect(retryAfter(TOO_MANY, 1, 0).title).toContain("Too many open windows show this account");
  });
});
