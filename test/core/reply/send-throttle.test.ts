import { describe, expect, it } from "vitest";
import { SendThrottle } from "../../../src/core/reply/send-throttle.ts";
import { rateLimitRules, type RateLimitRule } from "../../../src/core/reply/pacing.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";

const NOW = 1_000_000_000;
/** Ten calls in any second, with a burst of three. */
const RULE: RateLimitRule = { limit: 10, windowMs: 1_000, burst: 3 };
const GAP = 100;

/** The send time of each call that is ready at these times. */
function leave(times: readonly number[], rule = RULE): number[] {
  const throttle = new SendThrottle();
  return times.map((time) => throttle.next("live", rule, NOW + time) - NOW);
}

describe("calls of a per-second rate limit", () => {
  it("are sent at once if they are already spread", () => {
    const paced = Array.from({ length: 30 }, (_, index) => index * GAP);
    expect(leave(paced)).toEqual(paced);
  });

  it("are spread again if slow comment reads have bunched them", () => {
    expect(leave([0, 100, 850, 850, 850, 850, 850, 850])).toEqual([0, 100, 850, 850, 850, 950, 1_050, 1_150]);
  });

  it("never exceed the limit in any window, after any delays", () => {
    const left = leave(Array.from({ length: 100 }, (_, index) => Math.floor(index / 25) * 1_500));
    for (const [index, time] of left.entries()) {
      expect(time - (left[index - RULE.limit] ?? -Infinity)).toBeGreaterThanOrEqual(1_000);
    }
  });

  it("keep their order", () => {
    const left = leave([0, 300, 300, 300, 300, 310, 320, 330, 340, 350, 360, 370, 380]);
    expect(left).toEqual(left.toSorted((a, b) => a - b));
  });

  it("are counted separately for each rate limit", () => {
    const throttle = new SendThrottle();
    for (let call = 0; call < RULE.burst; call++) throttle.next("live", RULE, NOW);
    expect(throttle.next("message", RULE, NOW)).toBe(NOW);
    expect(throttle.next("live", RULE, NOW)).toBe(NOW + GAP);
  });
});

it("are not delayed under limits per minute or hour, because those windows include a slow attempt", () => {
  const rules = rateLimitRules(DEFAULT_SETTINGS.pacing);
  expect(leave([0, 0, 0, 0], rules.private)).toEqual([0, 0, 0, 0]);
  expect(leave([0, 0, 0, 0], rules.public)).toEqual([0, 0, 0, 0]);
});
