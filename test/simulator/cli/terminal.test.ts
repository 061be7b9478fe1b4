import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { duration, liveLine, table } from "../../../src/simulator/cli/terminal.ts";

let written = "";

beforeEach(() => {
  written = "";
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function onTerminal(isTTY: boolean): void {
  const before = process.stdout.isTTY;
  process.stdout.isTTY = isTTY;
  // Runs after the test, whatever comes of it.
  cleanups.push(() => {
    process.stdout.isTTY = before;
  });
}
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

test("without a terminal, progress is a line every 15 seconds, so that a log shows it", () => {
  onTerminal(false);
  const line = liveLine();
  for (let second = 0; second < 40; second += 1) {
    line.show(`${second} s`);
    vi.advanceTimersByTime(1000);
  }
  line.done("done");
  expect(written).toBe("0 s\n15 s\n30 s\ndone\n");
});

test("on a terminal, progress is one line that is written over and leaves nothing", () => {
  onTerminal(true);
  const line = liveLine();
  line.show("1 of 2");
  line.show("2 of 2");
  line.done();
  expect(written).toBe("\r\u001b[2K1 of 2\r\u001b[2K2 of 2\r\u001b[2K");
});

test("columns are as wide as their widest cell, and numbers are on the right", () => {
  const text = table(
    [{ title: "event" }, { title: "received", align: "right" }],
    [
      ["comment", "20,000"],
      ["seen", "7"],
    ],
  );
  expect(text.split("\n")).toEqual(["event    received", "comment    20,000", "seen            7"]);
});

test("times are written in the unit that suits them", () => {
  expect([12, 1200, 119_000, 120_000, 7_200_000].map(duration)).toEqual([
    "12 ms",
    "1.2 s",
    "119.0 s",
    "2 min",
    "2.0 h",
  ]);
});
