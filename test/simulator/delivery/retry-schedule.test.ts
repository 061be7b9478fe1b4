import { expect, test } from "vitest";
import { nextAttemptAt, subscriptionStatus } from "../../../src/simulator/delivery/retry-schedule.ts";
import type { RetryPolicy } from "../../../src/simulator/delivery/retry-schedule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Times of all attempts after a first one at 0, each failing at once. */
function attempts(regime: RetryPolicy, speed = 1): number[] {
  const times: number[] = [];
  let now = 0;
  for (;;) {
    const next = nextAttemptAt(regime, 0, times.length + 1, speed, now);
    if (next === null) return times;
    times.push(next);
    now = next;
  }
}

test("on Graph's pages: at once, then less and less often, and no more after 36 hours", () => {
  const times = attempts("graph");
  expect(times[0]).toBe(0);
  expect(times.at(-1)).toBe(36 * HOUR);
  const gaps = times.slice(1, 7).map((time, index) => time - (times[index] ?? 0));
  expect(gaps).toEqual(gaps.toSorted((left, right) => left - right));
});

test("on Messenger's page: a few at once, and no more after an hour", () => {
  const times = attempts("messenger");
  expect(times.filter((time) => time < MINUTE).length).toBeGreaterThanOrEqual(3);
  expect(times.at(-1)).toBe(HOUR);
});

test("at 600 times the speed, 36 hours take 3.6 minutes", () => {
  expect(attempts("graph", 600).at(-1)).toBe((36 * HOUR) / 600);
});

test("an attempt that took longer than the next step is followed at once, never in the past", () => {
  expect(nextAttemptAt("graph", 0, 2, 1, HOUR)).toBe(HOUR);
});

test("an hour of failures: an alert after 15 minutes, then webhooks are off", () => {
  expect(subscriptionStatus(null, 1, HOUR)).toBe("fine");
  expect(subscriptionStatus(0, 1, 15 * MINUTE - 1)).toBe("fine");
  expect(subscriptionStatus(0, 1, 15 * MINUTE)).toBe("alert");
  expect(subscriptionStatus(0, 1, HOUR)).toBe("disabled");
  expect(subscriptionStatus(0, 60, MINUTE)).toBe("disabled");
});
