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

const deliver = async (body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
  receiver.fetch(await signedRequest(body));

/** A fixed text that gzip cannot compress much. */
function noise(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let state = 7;
  return Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return letters.charAt(state & 63);
  }).join("");
}

const commentWithText = (text: string, id = "1"): string =>
  `{"object":"instagram","entry":[{"id":"1","time":1795165202,"changes":[{"field":"comments","value":{"id":"${id}","text":"${text}"}}]}]}`;

async function gunzip(bytes: Uint8Array | undefined): Promise<string> {
  const stream = new Blob([bytes ?? new Uint8Array()]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

describe("a batch of 1000 updates", () => {
  it("becomes 1000 messages in at most 12 calls, after one KV read", async () => {
    const response = await deliver(commentsBody(1000));
    expect(await response.json()).toEqual({ received: 1000, duplicates: 0 });
    expect(new Set(receiver.queue.events.map(({ id }) => id)).size).toBe(1000);
    expect(receiver.queue.batches.length).toBeLessThanOrEqual(12);
    expect(receiver.kv.reads).toHaveLength(1);
    expect(receiver.kv.writes).toHaveLength(1);
  });

  it("is sent in parallel, on no more than six connections", async () => {
    await deliver(commentsBody(1000));
    expect(receiver.queue.mostInFlight).toBe(6);
  });

  it("may have more updates than Meta documents", async () => {
    expect(await (await deliver(commentsBody(2500))).json()).toEqual({ received: 2500, duplicates: 0 });
    expect(receiver.queue.events).toHaveLength(2500);
  });
});

describe("a call to the queue", () => {
  it("has at most 100 messages and 200 kB", async () => {
    const changes = Array.from({ length: 300 }, (_, i) => {
      const text = "é".repeat(10 + ((i * 7919) % 4000));
      return `{"field":"comments","value":{"id":"${i}","text":"${text}"}}`;
    });
    await deliver(`{"object":"instagram","entry":[{"id":"1","time":1,"changes":[${changes.join(",")}]}]}`);
    const sizes = receiver.queue.batches.map((batch) => ({
      messages: batch.length,
      bytes: batch.reduce((sum, { body }) => sum + new TextEncoder().encode(JSON.stringify(body)).length, 0),
    }));
    expect(Math.max(...sizes.map(({ messages }) => messages))).toBeLessThanOrEqual(100);
    expect(Math.max(...sizes.map(({ bytes }) => bytes))).toBeLessThanOrEqual(200_000);
    expect(receiver.queue.events.map(({ id }) => id).toSorted()).toEqual(
      changes.map((_, i) => `instagram:1:comment:${i}`).toSorted(),
    );
  });
});

describe("an event", () => {
  it("is sent as JSON with the original text of its item", async () => {
    await deliver(commentWithText("Gr\\u00fc\\u00dfe"));
    expect(receiver.queue.batches).toEqual([
      [
        {
          body: expect.objectContaining({ raw: '{"field":"comments","value":{"id":"1","text":"Gr\\u00fc\\u00dfe"}}' }),
          contentType: "json",
        },
      ],
    ]);
  });

  it("too large for a message is sent gzipped", async () => {
    const text = "long ".repeat(60_000);
    await deliver(commentWithText(text));
    const message = receiver.queue.batches[0]?.[0];
    expect(message).toMatchObject({ body: { raw: "", kind: "comment" }, contentType: "v8" });
    expect(message?.body.rawGzip?.length).toBeLessThan(120_000);
    expect(JSON.parse(await gunzip(message?.body.rawGzip))).toMatchObject({ value: { text } });
  });

  it("still too large is stored in KV for as long as a message can exist, and is sent with its key", async () => {
    const text = noise(400_000);
    expect((await deliver(commentWithText(text))).status).toBe(200);
    const rawKey = "raw:instagram:1:comment:1";
    expect(receiver.queue.batches[0]?.[0]).toMatchObject({ body: { raw: "", rawKey }, contentType: "json" });
    expect(JSON.parse(receiver.kv.values.get(rawKey) ?? "")).toMatchObject({ value: { text } });
    expect(receiver.kv.writes[0]).toEqual({ key: rawKey, expirationTtl: 29 * 86_400 });
  });

  it("just below the limit is sent unchanged", async () => {
    await deliver(commentWithText("x".repeat(119_000)));
    expect(receiver.queue.batches[0]?.[0]?.contentType).toBe("json");
  });

  it("that needs KV gets a 503 if KV fails", async () => {
    receiver.kv.onPut = () => Promise.reject(new Error("KV is down"));
    expect((await deliver(commentWithText(noise(400_000)))).status).toBe(503);
    expect(receiver.queue.batches).toEqual([]);
  });

  it("that is an unreadable body of any size is stored completely", async () => {
    const body = noise(300_000);
    await deliver(body);
    const { rawKey } = receiver.queue.events[0] ?? {};
    expect(JSON.parse(receiver.kv.values.get(rawKey ?? "") ?? "")).toMatchObject({ body });
  });
});

describe("when the queue fails", () => {
  it("the response is 503 with Retry-After, and nothing is marked as seen", async () => {
    receiver.queue.onSend = () => Promise.reject(new Error("Too Many Requests"));
    const response = await deliver(commentsBody(3));
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([503, "10", ""]);
    expect(receiver.kv.writes).toEqual([]);
    expect(lines()).toEqual([
      {
        event: "delivery_failed",
        cause: "queue_failed",
        error: "Error: Too Many Requests",
        deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/),
        received: 3,
      },
    ]);
  });

  it("the whole delivery is accepted when Meta sends it again", async () => {
    receiver.queue.onSend = () => Promise.reject(new Error("down"));
    await deliver(commentsBody(3));
    receiver.queue.onSend = () => {};
    expect(await (await deliver(commentsBody(3))).json()).toEqual({ received: 3, duplicates: 0 });
    expect(receiver.queue.events).toHaveLength(3);
  });

  it.each([1, 5, 10])("at call %i of ten, the response is 503 and no further call is made", async (failing) => {
    let calls = 0;
    receiver.queue.onSend = () => {
      calls++;
      if (calls === failing) throw new Error("down");
    };
    expect((await deliver(commentsBody(1000))).status).toBe(503);
    await until(() => receiver.queue.inFlight === 0);
    await scheduler.wait(10);
    expect(receiver.kv.writes).toEqual([]);
    // At most five others were in flight, and only those may have succeeded.
    expect(calls).toBeLessThanOrEqual(failing + 5);
  });
});

describe("when the queue does not respond", () => {
  it("the response is 503 after three seconds, and nothing is marked as seen, even if the queue confirms later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let confirm = (): void => {};
      receiver.queue.onSend = () => new Promise((resolve) => (confirm = resolve));
      const request = await signedRequest(commentsBody(1));
      let answered = false;
      const answer = receiver.fetch(request).finally(() => (answered = true));
      await until(() => receiver.queue.inFlight === 1);
      await vi.advanceTimersByTimeAsync(2_999);
      expect(answered).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect((await answer).status).toBe(503);
      confirm();
      await until(() => receiver.queue.batches.length === 1);
      expect(receiver.kv.writes).toEqual([]);
      expect(lines()).toMatchObject([{ event: "delivery_failed", cause: "queue_slow" }]);
    } finally {
      vi.useRealTimers();
    }
  });
});
