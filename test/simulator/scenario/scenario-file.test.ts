import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readScenario } from "../../../src/simulator/scenario/scenario-file.ts";

const FOLDER = new URL("../../../scenarios/", import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));

const minimal = {
  title: "t",
  story: "s",
  accounts: [{ name: "a", id: "1", automations: [] }],
  timeline: [{ at: "90s", do: "comments", account: "a", media: "m", count: 1 }],
  expect: {},
};

const problem = (change: object): string => {
  const read = readScenario(JSON.stringify({ ...minimal, ...change }));
  return read.ok ? "" : read.error;
};

test("the nine documented scenarios exist", () => {
  expect(files.sort()).toEqual([
    "human-takes-over.json",
    "instant-reply.json",
    "live-broadcast.json",
    "meta-outage.json",
    "migration.json",
    "own-comments.json",
    "token-dies.json",
    "two-bots.json",
    "viral-reel.json",
  ]);
});

describe("every scenario can be read, and has a description", () => {
  for (const file of files) {
    test(file, () => {
      const read = readScenario(readFileSync(new URL(file, FOLDER), "utf8"));
      expect(read).toMatchObject({ ok: true });
      if (read.ok) expect(read.value.story.length).toBeGreaterThan(100);
    });
  }
});

test("times are read in their units", () => {
  const read = readScenario(JSON.stringify({ ...minimal, settle: "1.5h" }));
  expect(read).toMatchObject({ ok: true, value: { settle: 5_400_000, timeline: [{ at: 90_000 }] } });
});

test("an invalid fault is reported before the run starts", () => {
  const fault = (order: object): string => problem({ timeline: [{ at: "1s", do: "fault", fault: order }] });
  expect(fault({ on: "teapot", does: { kind: "delay", ms: 1 } })).toContain(
    "timeline.0 (fault): on must be one of any",
  );
  expect(fault({ does: { kind: "error" } })).toContain("code must be a number");
  expect(fault({ on: "message", does: { kind: "delay", ms: 1 } })).toBe("");
});

test("a settle time that is too short for a report is refused: a reply needs its delay and the time until it is late", () => {
  expect(problem({ settle: "14s" })).toContain("settle: 14 s is too short. Use at least 15 s");
  expect(problem({ settle: "15s" })).toBe("");
  expect(problem({ settle: "15s", expect: { lateAfterSeconds: 120 } })).toContain("too short");
});

test("what is wrong is named, with its place", () => {
  expect(problem({ settle: "soon" })).toBe("settle: must be a duration such as 90s, 10m or 2h");
  expect(problem({ timeline: [{ at: "1s", do: "dance" }] })).toContain("timeline.0.do");
  expect(problem({ timeline: [{ at: "1s", do: "token_dies", account: "b" }] })).toBe(
    'timeline.0 (token_dies): unknown account "b"',
  );
  expect(problem({ timeline: [] })).toContain("timeline");
  expect(problem({ surprise: 1 })).toContain("surprise");
  expect(problem({ surprise: 1 })).toBe('the file: unknown key "surprise"');
  expect(problem({ title: undefined })).toBe('the file: "title" is missing');
  const comments = { at: "1s", do: "comments", account: "a", media: "m", count: 1 };
  expect(problem({ timeline: [{ ...comments, cuont: 2 }] })).toBe('timeline.0: unknown key "cuont"');
  expect(readScenario("{")).toMatchObject({ ok: false, error: expect.stringContaining("not valid JSON") });
});
