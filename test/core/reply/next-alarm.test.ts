import { describe, expect, it } from "vitest";
import { type Agenda, nextWakeAt } from "../../../src/core/reply/next-alarm.ts";

const NOW = 1_000_000;

const NOTHING: Agenda = {
  lanes: [],
  maySend: true,
  heldUntil: null,
  firstJudgeAt: null,
  firstExpiryAt: null,
  choreAt: null,
};

const wakeAt = (more: Partial<Agenda>): number | null => nextWakeAt({ ...NOTHING, ...more }, NOW);

describe("the alarm", () => {
  it("does not ring when there is nothing to do", () => {
    expect(wakeAt({})).toBeNull();
  });

  it.each<[string, Partial<Agenda>]>([
    ["a row is due", { lanes: [{ firstWakeAt: NOW + 5, openAt: NOW }] }],
    ["the lane of a due row opens", { lanes: [{ firstWakeAt: NOW, openAt: NOW + 5 }] }],
    ["an attempt is to be judged", { firstJudgeAt: NOW + 5 }],
    ["a window closes", { firstExpiryAt: NOW + 5 }],
    ["a chore is to be done", { choreAt: NOW + 5 }],
    ["a hold ends, while nothing may leave", { maySend: false, heldUntil: NOW + 5 }],
  ])("rings when %s", (_, agenda) => {
    expect(wakeAt(agenda)).toBe(NOW + 5);
  });

  it("rings for the earliest of several things", () => {
    const lanes = [
      { firstWakeAt: NOW + 50, openAt: NOW },
      { firstWakeAt: NOW + 10, openAt: NOW + 40 },
    ];
    expect(wakeAt({ lanes, firstJudgeAt: NOW + 90, firstExpiryAt: NOW + 70, choreAt: NOW + 60 })).toBe(NOW + 40);
  });

  it("does not ring for rows that may not leave, but for their windows it does", () => {
    const lanes = [{ firstWakeAt: NOW + 5, openAt: NOW }];
    expect(wakeAt({ lanes, maySend: false })).toBeNull();
    expect(wakeAt({ lanes, maySend: false, firstExpiryAt: NOW + 900 })).toBe(NOW + 900);
    expect(wakeAt({ lanes, maySend: false, firstJudgeAt: NOW + 800, choreAt: NOW + 700 })).toBe(NOW + 700);
  });

  it("does not wait for a hold that no longer matters", () => {
    expect(wakeAt({ maySend: true, heldUntil: NOW + 5 })).toBeNull();
  });

  it("rings now for what should have happened already, never in the past", () => {
    expect(wakeAt({ firstJudgeAt: NOW - 1_000 })).toBe(NOW);
    expect(wakeAt({ lanes: [{ firstWakeAt: 0, openAt: 0 }] })).toBe(NOW);
  });
});
