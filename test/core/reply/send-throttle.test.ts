import { describe, expect, it } from "vitest";
import { SendThrottle } from "../../../src/core/reply/send-throttle.ts";
import { rateLimitRules, type RateLimitRule } from "../../../src/core/reply/pacing.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";

const NOW = 1_000_000_000;
/** Ten calls in any second, three of them at once. */
const RULE: RateLimitRule = { limit: 10, windowMs: 1_000, burst: 3 };
const GAP = 100;

/** When each of those that come to the door at these times may leave. */
function leave(times: readonly number[], rule = RULE): number[] {
  const throttle = new SendThrottle();
  return times.map((time) => throttle.next("live", rule, NOW + time) - NOW);
}

describe("what comes to the door of a lane that counts by the second", () => {
  it("leaves at once where it comes at the lane's pace", () => {
    const paced = Array.from({ length: 30 }, (_, index) => index * GAP);
    expect(leave(paced)).toEqual(paced);
  });

  it("is spread again when slow looks at comments have bunched it up", () => {
    expect(leave([0, 100, 850, 850, 850, 850, 850, 850])).toEqual([0, 100, 850, 850, 850, 950, 1_050, 1_150]);
  });

  it("never leaves in a larger number than the limit within any window, wherever it was held up", () => {
    const left = leave(Array.from({ length: 100 }, (_, index) => Math.floor(index / 25) * 1_500));
    for (const [index, time] of left.entries()) {
      expect(time - (left[index - RULE.limit] ?? -Infinity)).toBeGreaterThanOrEqual(1_000);
    }
  });

  it("keeps its place: whoever comes later does not leave earlier", () => {
    const left = leave([0, 300, 300, 300, 300, 310, 320, 330, 340, 350, 360, 370, 380]);
    expect(left).toEqual(left.toSorted((a, b) => a - b));
  });

  it("is counted by itself in each lane", () => {
    const throttle = new SendThrottle();
    for (let call = 0; call < RULE.burst; call++) throttle.next("live", RULE, NOW);
    expect(throttle.next("message", RULE, NOW)).toBe(NOW);
    expect(throttle.next("live", RULE, NOW)).toBe(NOW + GAP);
  });
});

it("what counts by the minute or the hour leaves as it comes: those windows have room for a slow attempt", () => {
  const rules = rateLimitRules(DEFAULT_SETTINGS.pacing);
  expect(leave([0, 0, 0, 0], rules.private)).toEqual([0, 0, 0, 0]);
  expect(leave([0, 0, 0, 0], rules.public)).toEqual([0, 0, 0, 0]);
});
