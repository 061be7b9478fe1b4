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
  it("does not ring when there is nothing to do", () => {
    expect(wakeAt({})).toBeNull();
  });

  it.each<[string, Partial<AlarmInputs>]>([
    ["a row is due", { rateLimits: [{ firstWakeAt: NOW + 5, openAt: NOW }] }],
    ["the lane of a due row opens", { rateLimits: [{ firstWakeAt: NOW, openAt: NOW + 5 }] }],
    ["an attempt is to be judged", { firstJudgeAt: NOW + 5 }],
    ["a window closes", { firstExpiryAt: NOW + 5 }],
    ["a chore is to be done", { maintenanceAt: NOW + 5 }],
    ["a hold ends, while nothing may leave", { maySend: false, heldUntil: NOW + 5 }],
  ])("rings when %s", (_, inputs) => {
    expect(wakeAt(inputs)).toBe(NOW + 5);
  });

  it("rings for the earliest of several things", () => {
    const rateLimits = [
      { firstWakeAt: NOW + 50, openAt: NOW },
      { firstWakeAt: NOW + 10, openAt: NOW + 40 },
    ];
    expect(wakeAt({ rateLimits, firstJudgeAt: NOW + 90, firstExpiryAt: NOW + 70, maintenanceAt: NOW + 60 })).toBe(
      NOW + 40,
    );
  });

  it("does not ring for rows that may not leave, but for their windows it does", () => {
    const rateLimits = [{ firstWakeAt: NOW + 5, openAt: NOW }];
    expect(wakeAt({ rateLimits, maySend: false })).toBeNull();
    expect(wakeAt({ rateLimits, maySend: false, firstExpiryAt: NOW + 900 })).toBe(NOW + 900);
    expect(wakeAt({ rateLimits, maySend: false, firstJudgeAt: NOW + 800, maintenanceAt: NOW + 700 })).toBe(NOW + 700);
  });

  it("does not wait for a hold that no longer matters", () => {
    expect(wakeAt({ maySend: true, heldUntil: NOW + 5 })).toBeNull();
  });

  it("rings now for what should have happened already, never in the past", () => {
    expect(wakeAt({ firstJudgeAt: NOW - 1_000 })).toBe(NOW);
    expect(wakeAt({ rateLimits: [{ firstWakeAt: 0, openAt: 0 }] })).toBe(NOW);
  });
});
