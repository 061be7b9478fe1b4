import { describe, expect, it } from "vitest";
import {
  accepted,
  counted,
  estimate,
  gapMs,
  rateLimitRules,
  measured,
  type RateLimitState,
  type RateLimitRule,
  NEW_RATE_LIMIT,
  openAt,
  throttled,
} from "../../../src/core/reply/pacing.ts";
import { RATE_LIMITS } from "../../../src/core/reply/reply.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";

const NOW = 1_000_000_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

/** Twelve calls in any minute, with a burst of three: a gap of five seconds. */
const RULE: RateLimitRule = { limit: 12, windowMs: MINUTE, burst: 3 };
const GAP = 5_000;

const clock = (more: Partial<RateLimitState> = {}): RateLimitState => ({ ...NEW_RATE_LIMIT, ...more });

/** Makes calls as soon as the rate limit allows each, and returns their times. */
function callAsFastAsAllowed(rule: RateLimitRule, calls: number): number[] {
  const times: number[] = [];
  let rateLimit = NEW_RATE_LIMIT;
  let now = NOW;
  while (times.length < calls) {
    now = openAt(rule, rateLimit, times[times.length - rule.limit] ?? null, now);
    rateLimit = counted(rule, rateLimit, now);
    times.push(now);
  }
  return times;
}

function mostInAnyWindow(times: readonly number[], windowMs: number): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + windowMs).length));
}

describe("the rules of the rate limits", () => {
  const rules = rateLimitRules(DEFAULT_SETTINGS.pacing);

  it("exist for every rate limit, with a burst within the limit", () => {
    expect(Object.keys(rules).sort()).toEqual([...RATE_LIMITS].sort());
    for (const rule of Object.values(rules)) expect(rule.burst).toBeLessThanOrEqual(rule.limit);
  });

  it("count private replies in an hour that is longer than Meta's by the duration of a slow request", () => {
    expect(rules.private).toEqual({ limit: 750, windowMs: HOUR + 45_000, burst: 10 });
  });

  it("allow a hundred messages and a hundred live comments in any second, and ten of audio and video", () => {
    const second = (limit: number) => ({ limit, windowMs: 1_000 });
    expect([rules.live, rules.message, rules.media]).toMatchObject([second(100), second(100), second(10)]);
  });

  it("allow at most one public reply per second after ten", () => {
    expect(rules.public).toEqual({ limit: 60, windowMs: MINUTE, burst: 10 });
  });

  it("follow the owner's settings, bursts included", () => {
    const gentle = rateLimitRules({ ...DEFAULT_SETTINGS.pacing, privateRepliesPerHour: 4, publicRepliesPerMinute: 3 });
    expect([gentle.private.limit, gentle.private.burst]).toEqual([4, 4]);
    expect([gentle.public.limit, gentle.public.burst]).toEqual([3, 3]);
  });
});

describe("a rate limit", () => {
  it("allows the burst at once, then one call per gap", () => {
    expect(callAsFastAsAllowed(RULE, 6).map((time) => time - NOW)).toEqual([0, 0, 0, GAP, 2 * GAP, 3 * GAP]);
  });

  it.each(RATE_LIMITS)("%s never has more calls than its limit in any window", (rateLimit) => {
    const rule = rateLimitRules(DEFAULT_SETTINGS.pacing)[rateLimit];
    expect(mostInAnyWindow(callAsFastAsAllowed(rule, rule.limit * 3), rule.windowMs)).toBe(rule.limit);
  });

  it("is limited by the window where the gap alone would allow more calls", () => {
    const times = callAsFastAsAllowed(RULE, 14);
    // The burst made the first twelve calls end early; the thirteenth waits for the first to leave the window.
    expect(times[12]).toBe(NOW + MINUTE);
    expect(openAt(RULE, clock(), NOW - 1_000, NOW)).toBe(NOW - 1_000 + MINUTE);
  });

  it("has its full burst again after a pause, and no more", () => {
    const rested = clock({ calls: 12, spreadAt: NOW - 10 * HOUR });
    let rateLimit = rested;
    for (let call = 0; call < RULE.burst; call++) {
      expect(openAt(RULE, rateLimit, null, NOW)).toBe(NOW);
      rateLimit = counted(RULE, rateLimit, NOW);
    }
    expect(openAt(RULE, rateLimit, null, NOW)).toBe(NOW + GAP);
  });

  it("counts its calls and advances its schedule by one gap each", () => {
    expect(counted(RULE, clock(), NOW)).toMatchObject({ calls: 1, spreadAt: NOW + GAP });
    expect(counted(RULE, clock({ calls: 1, spreadAt: NOW + GAP }), NOW)).toMatchObject({
      calls: 2,
      spreadAt: NOW + 2 * GAP,
    });
  });

  it("opens when its closure ends", () => {
    expect(openAt(RULE, clock({ closedUntil: NOW + 1 }), null, NOW)).toBe(NOW + 1);
    expect(openAt(RULE, clock({ closedUntil: NOW - 1 }), null, NOW)).toBe(NOW);
  });

  it("opens at whole milliseconds, never a fraction too early", () => {
    const rule: RateLimitRule = { limit: 7, windowMs: 1_000, burst: 1 };
    const at = openAt(rule, counted(rule, clock(), NOW), null, NOW);
    expect(Number.isInteger(at)).toBe(true);
    expect(at).toBeGreaterThanOrEqual(NOW + 1_000 / 7);
  });
});

describe("the gap", () => {
  it("is the window shared out among its calls", () => {
    expect(gapMs(RULE, clock(), NOW)).toBe(GAP);
  });

  it.each([
    [74.9, 0, GAP],
    [75, 0, 3 * GAP],
    [100, 599_999, 3 * GAP],
    [100, 600_000, GAP],
  ])("at %d percent of Meta's quota, said %i ms ago, is %i ms", (usagePercent, agoMs, expected) => {
    expect(gapMs(RULE, clock({ usagePercent, usageAt: NOW - agoMs }), NOW)).toBe(expected);
  });
});

describe("a throttling error", () => {
  it("closes the rate limit for the time that Meta gives", () => {
    expect(throttled(clock(), 90_000, NOW, 0)).toMatchObject({ strikes: 1, closedUntil: NOW + 90_000 });
  });

  it.each([
    [0, MINUTE],
    [1, 5 * MINUTE],
    [2, 15 * MINUTE],
    [3, 30 * MINUTE],
    [9, 30 * MINUTE],
  ])("without a time, after %i others, closes it for %i ms", (strikes, delayMs) => {
    expect(throttled(clock({ strikes }), null, NOW, 0)).toMatchObject({
      strikes: strikes + 1,
      closedUntil: NOW + delayMs,
    });
  });

  it("closes it up to a quarter longer at random, and never for less", () => {
    expect(throttled(clock(), 90_000, NOW, 0.5).closedUntil).toBe(NOW + 101_250);
  });

  it("for a hundred calls that were sent together closes it once, counted from the last error", () => {
    let rateLimit = clock();
    for (let at = NOW; at < NOW + 100; at++) rateLimit = throttled(rateLimit, null, at, 0);
    expect(rateLimit).toMatchObject({ strikes: 1, closedUntil: NOW + 99 + MINUTE });
    expect(throttled(rateLimit, null, rateLimit.closedUntil, 0).strikes).toBe(2);
  });

  it("is not reset by a call that was sent before it and is accepted after it", () => {
    const rateLimit = throttled(clock(), null, NOW, 0);
    expect(accepted(rateLimit, null, NOW + 10).strikes).toBe(1);
    expect(accepted(rateLimit, null, rateLimit.closedUntil).strikes).toBe(0);
  });

  it("does not shorten a longer closure", () => {
    expect(throttled(clock({ closedUntil: NOW + HOUR }), 90_000, NOW, 0).closedUntil).toBe(NOW + HOUR);
  });
});

describe("an accepted call", () => {
  it("resets the count of consecutive throttling errors", () => {
    expect(accepted(clock({ strikes: 2 }), null, NOW)).toEqual(clock());
    expect(accepted(clock({ strikes: 2 }), { percent: 10, regainMs: null }, NOW).strikes).toBe(0);
  });

  it("changes nothing if there is nothing to change", () => {
    const calm = clock();
    expect(accepted(calm, null, NOW)).toBe(calm);
  });

  it("stores the usage headers and their time", () => {
    const after = accepted(clock(), { percent: 80, regainMs: null }, NOW);
    expect(after).toMatchObject({ usagePercent: 80, usageAt: NOW, closedUntil: 0 });
  });

  it.each([
    [94.9, null, 0],
    [94.9, 120_000, 0],
    [95, 120_000, NOW + 120_000],
    [95, null, NOW + 300_000],
  ])("at %d percent with %s ms to regain access closes the rate limit until %i", (percent, regainMs, closedUntil) => {
    expect(accepted(clock(), { percent, regainMs }, NOW).closedUntil).toBe(closedUntil);
  });

  it("does not shorten a closure", () => {
    const closed = clock({ closedUntil: NOW + HOUR });
    expect(accepted(closed, { percent: 95, regainMs: 1_000 }, NOW).closedUntil).toBe(NOW + HOUR);
    expect(accepted(closed, { percent: 10, regainMs: null }, NOW).closedUntil).toBe(NOW + HOUR);
  });
});

describe("usage headers with any other response", () => {
  it("update the usage and do not change the count of throttling errors", () => {
    expect(measured(clock({ strikes: 2 }), { percent: 80, regainMs: null }, NOW)).toEqual(
      clock({ strikes: 2, usagePercent: 80, usageAt: NOW }),
    );
    expect(measured(clock({ strikes: 2 }), { percent: 99, regainMs: 60_000 }, NOW)).toMatchObject({
      strikes: 2,
      closedUntil: NOW + 60_000,
    });
  });

  it("change nothing if they are missing", () => {
    const rateLimit = clock({ strikes: 2 });
    expect(measured(rateLimit, null, NOW)).toBe(rateLimit);
  });
});

describe("the estimate", () => {
  it("uses the rest of the burst at once, and spreads the following calls", () => {
    const leaves = [0, 1, 2, 3, 4].map((ahead) => estimate(RULE, clock(), NOW, ahead, NOW) - NOW);
    expect(leaves).toEqual([0, 0, 0, GAP, 2 * GAP]);
  });

  it("agrees with the actual times on an unused rate limit", () => {
    const real = callAsFastAsAllowed(RULE, 10);
    expect(real.map((_, ahead) => estimate(RULE, clock(), NOW, ahead, NOW))).toEqual(real);
  });

  it("starts when the rate limit opens, with gaps, if the burst is used up", () => {
    const busy = clock({ spreadAt: NOW + 3 * GAP });
    expect([0, 1, 2].map((ahead) => estimate(RULE, busy, NOW + GAP, ahead, NOW) - NOW)).toEqual([
      GAP,
      2 * GAP,
      3 * GAP,
    ]);
  });

  it("grows with the gap when Meta's quota is nearly full", () => {
    const slow = clock({ spreadAt: NOW + 9 * GAP, usagePercent: 80, usageAt: NOW });
    expect(estimate(RULE, slow, NOW, 2, NOW) - NOW).toBe(6 * GAP);
  });
});
