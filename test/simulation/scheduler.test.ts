import { describe, expect, it } from "vitest";
import { Prng } from "./prng.ts";
import { Scheduler, START_MS } from "./scheduler.ts";

describe("the scheduler", () => {
  it("runs events by time, and events with the same time in the order in which they were planned", async () => {
    const scheduler = new Scheduler();
    const seen: string[] = [];
    scheduler.after(20, () => seen.push("c"));
    scheduler.after(10, () => {
      seen.push("a");
      scheduler.after(0, () => seen.push("b"));
    });
    scheduler.after(20, () => seen.push("d"));
    scheduler.after(15, () => seen.push("never")).cancel();
    await scheduler.run(START_MS + 1_000);
    expect(seen).toEqual(["a", "b", "c", "d"]);
  });

  it("stops at a given time and continues from there", async () => {
    const scheduler = new Scheduler();
    const seen: number[] = [];
    for (const ms of [10, 20, 30]) scheduler.after(ms, () => seen.push(ms));
    await scheduler.run(START_MS + 20);
    expect(seen).toEqual([10, 20]);
    await scheduler.run(START_MS + 30);
    expect(seen).toEqual([10, 20, 30]);
  });

  it("waits until asynchronous code has no more work, after any number of promises", async () => {
    const scheduler = new Scheduler();
    const seen: string[] = [];
    const code = async (): Promise<void> => {
      for (let step = 0; step < 1_000; step++) await Promise.resolve();
      seen.push("code");
    };
    scheduler.after(10, () => {
      scheduler.ranCode();
      scheduler.atGate(() => seen.push("gate"));
      void code();
    });
    scheduler.after(10, () => seen.push("next"));
    await scheduler.run(START_MS + 100);
    expect(seen).toEqual(["code", "gate", "next"]);
  });

  it("orders many random times", async () => {
    const scheduler = new Scheduler();
    const prng = new Prng("heap");
    const seen: number[] = [];
    for (let count = 0; count < 500; count++) {
      const ms = prng.whole(0, 50);
      scheduler.after(ms, () => seen.push(ms));
    }
    await scheduler.run(START_MS + 100);
    expect(seen).toHaveLength(500);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});

describe("random numbers", () => {
  const draw = (prng: Prng): number[] => Array.from({ length: 20 }, () => prng.next());

  it("are the same for the same name, and those of a fork do not depend on its parent's draws", () => {
    const one = new Prng("seed");
    const early = draw(one.fork("part"));
    draw(one);
    expect(draw(one.fork("part"))).toEqual(early);
    expect(draw(new Prng("seed").fork("part"))).toEqual(early);
    expect(draw(one.fork("other"))).not.toEqual(early);
  });

  it("are spread evenly", () => {
    const prng = new Prng("even");
    const counts = Array.from({ length: 10 }, () => 0);
    for (let count = 0; count < 10_000; count++) {
      const tenth = Math.floor(prng.next() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });
});
