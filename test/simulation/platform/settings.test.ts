import { describe, expect, it } from "vitest";
import { retryDelaySeconds } from "../../../src/engine/consumer/retry-delay.ts";
import { queueSettings } from "./settings.ts";

describe("the queues that are deployed", () => {
  const queues = new Map(queueSettings().map((queue) => [queue.queue, queue]));

  it("move undeliverable messages to a dead-letter queue that has a consumer", () => {
    const dead = queues.get("replyline-events")?.deadLetterQueue ?? "";
    expect(queues.has(dead)).toBe(true);
  });

  it("retry for most of a day, but end before the retention of any plan", () => {
    const { maxRetries } = queues.get("replyline-events") ?? { maxRetries: 0 };
    const waits = (random: number) =>
      Array.from({ length: maxRetries }, (_, index) => retryDelaySeconds(index + 1, random)).reduce((a, b) => a + b);
    expect(waits(0) / 3_600).toBeGreaterThan(12);
    // Includes two hours for batches that wait for each other.
    expect(waits(1) / 3_600).toBeLessThan(22);
  });
});
