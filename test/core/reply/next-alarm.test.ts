import { describe, expect, it } from "vitest";
import { type AlarmInputs, nextAlarmAt } from "../../../src/core/reply/next-alarm.ts";

const NOW = 1_000_000;

const NOTHING: AlarmInputs = {
  rateLimits: [],
  maySend: true,
  heldUntil: null,
  firstJudgeAt: null,
  firstExpiryAt: null,
  maintenanceAt: null,
};

const wakeAt = (more: Partial<AlarmInputs>): number | null => nextAlarmAt({ ...NOTHING, ...more }, NOW);

describe("the alarm", () => {
  it("does not run if there is nothing to do", () => {
    expect(wakeAt({})).toBeNull();
  });

  it.each<[string, Partial<AlarmInputs>]>([
    ["a row is due", { rateLimits: [{ firstWakeAt: NOW + 5, openAt: NOW }] }],
    ["the rate limit of a due row opens", { rateLimits: [{ firstWakeAt: NOW, openAt: NOW + 5 }] }],
    ["the grace period of an attempt ends", { firstJudgeAt: NOW + 5 }],
    ["a window closes", { firstExpiryAt: NOW + 5 }],
    ["maintenance is due", { maintenanceAt: NOW + 5 }],
    ["a hold ends, while nothing may be sent", { maySend: false, heldUntil: NOW + 5 }],
  ])("runs when %s", (_, inputs) => {
    expect(wakeAt(inputs)).toBe(NOW + 5);
  });

  it("runs at the earliest of several times", () => {
    const rateLimits = [
      { firstWakeAt: NOW + 50, openAt: NOW },
      { firstWakeAt: NOW + 10, openAt: NOW + 40 },
    ];
    expect(wakeAt({ rateLimits, firstJudgeAt: NOW + 90, firstExpiryAt: NOW + 70, maintenanceAt: NOW + 60 })).toBe(
      NOW + 40,
    );
  });

  it("does not run for rows that may not be sent, but runs when their windows close", () => {
    const rateLimits = [{ firstWakeAt: NOW + 5, openAt: NOW }];
    expect(wakeAt({ rateLimits, maySend: false })).toBeNull();
    expect(wakeAt({ rateLimits, maySend: false, firstExpiryAt: NOW + 900 })).toBe(NOW + 900);
    expect(wakeAt({ rateLimits, maySend: false, firstJudgeAt: NOW + 800, maintenanceAt: NOW + 700 })).toBe(NOW + 700);
  });

  it("does not wait for a hold that no longer matters", () => {
    expect(wakeAt({ maySend: true, heldUntil: NOW + 5 })).toBeNull();
  });

  it("runs now for overdue work, never in the past", () => {
    expect(wakeAt({ firstJudgeAt: NOW - 1_000 })).toBe(NOW);
    expect(wakeAt({ rateLimits: [{ firstWakeAt: 0, openAt: 0 }] })).toBe(NOW);
  });
});
