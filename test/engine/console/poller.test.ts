/** How often a page reads what may have changed. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Poller } from "../../../src/console/client/poller.ts";

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what is read again and again", () => {
  it("is read every five seconds at most, however much happens and however many ask", async () => {
    const read = vi.fn(async () => undefined);
    const poller = new Poller(read);
    const happens = setInterval(() => poller.soon(), 100);
    const seen = setInterval(() => void poller.now(), 30_000);
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    clearInterval(happens);
    clearInterval(seen);
    // Twelve a minute, and those that were asked for at once.
    expect(read.mock.calls.length).toBeLessThanOrEqual(10 * 14 + 1);
    expect(read.mock.calls.length).toBeGreaterThanOrEqual(10 * 11);
  });

  it("is read soon after something happened, and once for everything that happens until then", async () => {
    const read = vi.fn(async () => undefined);
    const poller = new Poller(read);
    for (let change = 0; change < 5; change++) poller.soon();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(read).toHaveBeenCalledOnce();
  });

  it("shows no older answer in place of a newer one", async () => {
    const shown: string[] = [];
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let asked = 0;
    const poller = new Poller(async (isNewest) => {
      const answer = await answers[asked++]?.promise;
      if (isNewest()) shown.push(answer ?? "");
    });
    const both = [poller.now(), poller.now()];
    answers[1]?.resolve("paused");
    await Promise.resolve();
    answers[0]?.resolve("sending");
    await Promise.all(both);
    expect(shown).toEqual(["paused"]);
  });

  it("fails for a direct request, and is silent in the background", async () => {
    const poller = new Poller(() => Promise.reject(new Error("away")));
    await expect(poller.now()).rejects.toThrow("away");
    poller.soon();
    await vi.advanceTimersByTimeAsync(MINUTE);
  });
});
