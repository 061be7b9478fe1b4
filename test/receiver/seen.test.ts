import { beforeEach, describe, expect, it, vi } from "vitest";
import { recorded, type Recorded, until } from "./bindings.ts";
import { logLines } from "./log-lines.ts";
import { commentsBody, signedRequest } from "./requests.ts";

let receiver: Recorded;
let lines: () => unknown[];
beforeEach(() => {
  receiver = recorded();
  lines = logLines();
});

const deliver = async (body: string): Promise<unknown> => (await receiver.fetch(await signedRequest(body))).json();

describe("a queued event", () => {
  it("is marked as seen for 48 hours with its own key", async () => {
    await deliver(commentsBody(2));
    expect(receiver.kv.writes).toEqual([
      { key: "seen:instagram:17841460928374651:comment:17984512367720000", expirationTtl: 172_800 },
      { key: "seen:instagram:17841460928374651:comment:17984512367720001", expirationTtl: 172_800 },
    ]);
  });

  it("is not queued again in any other batch", async () => {
    await deliver(commentsBody(2));
    expect(await deliver(commentsBody(5))).toEqual({ received: 5, duplicates: 2 });
    expect(receiver.queue.events).toHaveLength(5);
    expect(receiver.kv.writes).toHaveLength(5);
    expect(await deliver(commentsBody(5))).toEqual({ received: 5, duplicates: 5 });
    expect(receiver.queue.batches).toHaveLength(2);
  });

  it("is marked once if one delivery contains it twice", async () => {
    const change = '{"field":"comments","value":{"id":"1"}}';
    const body = `{"object":"instagram","entry":[{"id":"1","changes":[${change},${change}]}]}`;
    expect(await deliver(body)).toEqual({ received: 2, duplicates: 0 });
    expect(receiver.kv.reads).toEqual([["seen:instagram:1:comment:1"]]);
    expect(receiver.kv.writes).toHaveLength(1);
  });

  it("has a key for each event up to 25, and one for the whole body beyond", async () => {
    await deliver(commentsBody(25));
    expect([receiver.kv.reads[0]?.length, receiver.kv.writes.length]).toEqual([25, 25]);
    await deliver(commentsBody(26, 100));
    expect(receiver.kv.reads[1]).toEqual([expect.stringMatching(/^seen:[0-9a-f]{64}$/)]);
    expect(receiver.kv.writes).toHaveLength(26);
  });

  it("is recognized by the whole body above 25, if the bytes are the same", async () => {
    await deliver(commentsBody(1000));
    expect(await deliver(commentsBody(1000))).toEqual({ received: 1000, duplicates: 1000 });
    expect(receiver.queue.events).toHaveLength(1000);
    expect(await deliver(commentsBody(999))).toEqual({ received: 999, duplicates: 0 });
  });

  it("is marked only after the queue has confirmed", async () => {
    let confirm = (): void => {};
    receiver.queue.onSend = () => new Promise((resolve) => (confirm = resolve));
    const answer = deliver(commentsBody(1));
    await until(() => receiver.queue.inFlight === 1);
    expect(receiver.kv.writes).toEqual([]);
    confirm();
    await answer;
    expect(receiver.kv.writes).toHaveLength(1);
  });
});

describe("five identical deliveries at once", () => {
  it("all get a 200 and give one id", async () => {
    const requests = await Promise.all(Array.from({ length: 5 }, () => signedRequest(commentsBody(1))));
    const responses = await Promise.all(requests.map((request) => receiver.fetch(request)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(receiver.queue.events.map(({ id }) => id)).size).toBe(1);
    expect(await deliver(commentsBody(1))).toEqual({ received: 1, duplicates: 1 });
  });
});

describe("many concurrent deliveries", () => {
  it("skip KV and are queued", async () => {
    const requests = await Promise.all(Array.from({ length: 40 }, (_, i) => signedRequest(commentsBody(1, i))));
    const responses = await Promise.all(requests.map((request) => receiver.fetch(request)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(receiver.queue.events.map(({ id }) => id)).size).toBe(40);
    expect(receiver.kv.reads.length).toBeLessThan(40);
  });

  it("have no lasting effect: the next delivery reads KV again", async () => {
    await deliver(commentsBody(1, 99));
    expect(receiver.kv.reads).toHaveLength(1);
  });
});

describe("when KV", () => {
  it("fails to read, the response is still 200", async () => {
    receiver.kv.onGet = () => Promise.reject(new Error("KV is down"));
    expect(await deliver(commentsBody(1))).toEqual({ received: 1, duplicates: 0 });
    expect(receiver.queue.events).toHaveLength(1);
    expect(lines()).toEqual([{ event: "kv_unavailable", operation: "read", error: "Error: KV is down" }]);
  });

  it("fails to write, the response is still 200", async () => {
    receiver.kv.onPut = () => Promise.reject(new Error("429 Too Many Requests"));
    expect(await deliver(commentsBody(3))).toEqual({ received: 3, duplicates: 0 });
    expect(lines()).toEqual([{ event: "kv_unavailable", operation: "write", error: "Error: 429 Too Many Requests" }]);
  });

  it("throws instead of rejecting, the response is still 200", async () => {
    const fail = (): never => {
      throw new Error("bad binding");
    };
    receiver.kv.get = fail;
    receiver.kv.put = fail;
    expect(await deliver(commentsBody(1))).toEqual({ received: 1, duplicates: 0 });
  });

  it("is slow to read, it is skipped after 250 ms", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      receiver.kv.onGet = () => new Promise(() => {});
      const request = await signedRequest(commentsBody(1));
      const answer = receiver.fetch(request);
      await until(() => receiver.kv.reads.length === 1);
      await vi.advanceTimersByTimeAsync(249);
      expect(receiver.queue.batches).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect((await answer).status).toBe(200);
      expect(lines()).toEqual([{ event: "kv_unavailable", operation: "read", error: "slow" }]);
    } finally {
      vi.useRealTimers();
    }
  });
});
