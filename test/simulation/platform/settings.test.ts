import { describe, expect, it } from "vitest";
import { queueSettings } from "./settings.ts";

describe("the queues that are deployed", () => {
  const queues = new Map(queueSettings().map((queue) => [queue.queue, queue]));

  it("keep what cannot be delivered, in a queue that has a consumer", () => {
    const dead = queues.get("replyline-events")?.deadLetterQueue ?? "";
    expect(queues.has(dead)).toBe(true);
  });

  it("try for days: a hundred times, where Cloudflare would try three", () => {
    for (const { maxRetries } of queues.values()) expect(maxRetries).toBeGreaterThanOrEqual(50);
  });
});
