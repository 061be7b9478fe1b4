import { describe, expect, it } from "vitest";
import type { QueuedEvent } from "../../src/core/event.ts";
import { type FuzzCase, makeCase, printCase, readCase } from "./case.ts";
import { readCorpus } from "./corpus.ts";
import { signedHeaders } from "./expectation.ts";
import { minimize } from "./minimize.ts";
import { examine } from "./oracle.ts";
import { type FuzzEnv, loadReceiver, type Receiver } from "./receiver.ts";

const receiver = await loadReceiver();

const BODY =
  '{"object":"instagram","entry":[{"id":"17841460928374651","time":1795165202,"changes":[{"field":"comments",' +
  '"value":{"from":{"id":"1045872930164827"},"id":17984512367720415,"text":"kestrel-canary-4417 guide"}},' +
  '{"field":"comments","value":{"id":"17984512367720416","text":"guide"}}]}]}';

/** A delivery of two comments with a valid signature and no failures. */
function delivery(more: Partial<FuzzCase> = {}): FuzzCase {
  const body = more.body ?? Buffer.from(BODY);
  return {
    seed: 0,
    index: 0,
    kind: "as_written",
    headers: signedHeaders(body),
    pieces: 1,
    maxBodyBytes: 100_000,
    fault: "none",
    again: "no",
    recut: [],
    ...more,
    body,
  };
}

/** The receiver with a wrapper that has one bug. */
const ruleOf = async (broken: Receiver, more: Partial<FuzzCase> = {}): Promise<string | undefined> =>
  (await examine(broken, delivery(more))).violation?.rule;

/** The receiver with a queue that changes its messages. */
const withQueue =
  (change: (events: QueuedEvent[]) => QueuedEvent[]): Receiver =>
  (request, env, context) => {
    const queue = env.EVENTS;
    const sendBatch = async (messages: Iterable<{ body: QueuedEvent; contentType?: string }>): Promise<void> => {
      const batch = [...messages];
      const changed = change(batch.map(({ body }) => body));
      if (changed.length > 0) await queue.sendBatch(changed.map((body) => ({ body, contentType: "json" })));
    };
    const changedEnv = { ...env, EVENTS: Object.assign(Object.create(queue) as FuzzEnv["EVENTS"], { sendBatch }) };
    return receiver(request, changedEnv, context);
  };

const everyEvent = (change: (event: QueuedEvent) => QueuedEvent): Receiver => withQueue((events) => events.map(change));

describe("the oracle", () => {
  it("finds no violation in the receiver", async () => {
    for (const again of ["no", "known", "forgotten"] as const) {
      for (const fault of ["none", "queue_rejects", "queue_breaks", "kv_read", "kv_write", "interrupted"] as const) {
        for (const pieces of [1, 4]) {
          expect(await examine(receiver, delivery({ again, fault, pieces }))).toMatchObject({ violation: null });
        }
      }
    }
  });

  it("counts queued events and quarantined ones", async () => {
    expect(await examine(receiver, delivery())).toMatchObject({ status: 200, events: 2, quarantined: 0 });
    const body = Buffer.from("no JSON");
    expect(await examine(receiver, delivery({ body }))).toMatchObject({ status: 200, events: 1, quarantined: 1 });
  });
});

describe("the oracle catches a receiver that", () => {
  it("drops a body", async () => {
    const answer = (): Response => Response.json({ received: 2, duplicates: 0 });
    expect(await ruleOf(answer)).toBe("count");
    expect(await ruleOf(() => Response.json({ received: 0, duplicates: 0 }))).toBe("lost");
  });

  it("drops one event of several", async () => {
    expect(await ruleOf(withQueue((events) => events.slice(1)))).toBe("count");
  });

  it("drops an unreadable body", async () => {
    const swallow: Receiver = (request, env, context) =>
      request.headers.has("x-unreadable")
        ? Response.json({ received: 0, duplicates: 0 })
        : receiver(request, env, context);
    const body = Buffer.from("{");
    expect(await ruleOf(swallow, { body, headers: { ...signedHeaders(body), "x-unreadable": "1" } })).toBe("lost");
  });

  it("stores only a part of an unreadable body", async () => {
    const cut = everyEvent((event) => ({ ...event, raw: event.raw.replace("no JSON", "no JS") }));
    expect(await ruleOf(cut, { body: Buffer.from("no JSON") })).toBe("lost");
  });

  it("responds before the queue has confirmed", async () => {
    const hasty: Receiver = async (request, env, context) => {
      const response = await receiver(request, env, context);
      return response.status === 503 ? Response.json({ received: 2, duplicates: 0 }) : response;
    };
    expect(await ruleOf(hasty, { fault: "queue_rejects" })).toBe("status");
    expect(await ruleOf(hasty, { fault: "queue_breaks" })).toBe("status");
  });

  it("marks an event as seen before it is stored", async () => {
    const marking: Receiver = async (request, env, context) => {
      await env.KV.put("seen:instagram:17841460928374651:comment:17984512367720415", "1", { expirationTtl: 172_800 });
      return receiver(request, env, context);
    };
    expect(await ruleOf(marking, { fault: "queue_rejects" })).toBe("marked");
  });

  it("accepts an unsigned delivery", async () => {
    const credulous: Receiver = async (request, env, context) => {
      const body = Buffer.from(await request.arrayBuffer());
      const headers = { ...Object.fromEntries(request.headers), ...signedHeaders(body) };
      return receiver(new Request(request.url, { method: "POST", headers, body }), env, context);
    };
    expect(await ruleOf(credulous, { headers: {} })).toBe("status");
    expect(await ruleOf(credulous, { headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` } })).toBe("status");
  });

  it("refuses an unsigned delivery, but stores it", async () => {
    const keeping: Receiver = async (request, env, context) => {
      await env.EVENTS.sendBatch([{ body: { id: "x" } as QueuedEvent, contentType: "json" }]);
      return receiver(request, env, context);
    };
    expect(await ruleOf(keeping, { headers: {} })).toBe("accepted_unsigned");
  });

  it("returns the reason of a refusal to the caller", async () => {
    expect(await ruleOf(() => new Response("wrong secret", { status: 401 }), { headers: {} })).toBe("answer");
  });

  it("loses the last digits of an id", async () => {
    const rounding = everyEvent((event) => ({
      ...event,
      id: event.id.replace("17984512367720415", "17984512367720416"),
    }));
    expect(await ruleOf(rounding)).toBe("digits");
  });

  it("serializes an item again instead of storing the original text", async () => {
    const reserialized = everyEvent((event) => ({ ...event, raw: JSON.stringify(JSON.parse(event.raw)) }));
    expect(await ruleOf(reserialized)).toBe("digits");
    const body = Buffer.from(BODY.replace("17984512367720415", '"17984512367720415"').replace("guide", "gu\\u0069de"));
    expect(await ruleOf(reserialized, { body })).toBe("changed");
  });

  it("queues an event twice", async () => {
    expect(await ruleOf(withQueue((events) => [...events, ...events.slice(0, 1)]))).toBe("count");
  });

  it("does not remember queued events", async () => {
    const forgetful: Receiver = async (request, env, context) => {
      env.KV.values.clear();
      return receiver(request, env, context);
    };
    expect(await ruleOf(forgetful, { again: "known" })).toBe("repeat");
  });

  it("gives an event another id when it is repeated or in another batch", async () => {
    let sent = 0;
    const numbering = everyEvent((event) => ({ ...event, id: `${event.id.slice(0, 41)}:${sent++}:17984512367720415` }));
    const one = Buffer.from(BODY.replace(/,\{"field":"comments","value":\{"id":"[^}]*\}\}/, ""));
    expect(await ruleOf(numbering, { body: one, again: "forgotten" })).toBe("id_unstable");
    expect(await ruleOf(numbering, { body: one, recut: [String(one), String(one)] })).toBe("id_unstable");
  });

  it("accepts an id that is not valid as a KV key or in a path", async () => {
    expect(await ruleOf(everyEvent((event) => ({ ...event, id: `${event.id}/../x` })))).toBe("id_unsafe");
    expect(await ruleOf(everyEvent((event) => ({ ...event, id: event.id + "9".repeat(400) })))).toBe("id_unsafe");
    expect(await ruleOf(everyEvent((event) => ({ ...event, accountId: "17841460928374651 " })))).toBe("id_unsafe");
  });

  it("queues a message that exceeds the limit of the queue", async () => {
    expect(await ruleOf(everyEvent((event) => ({ ...event, field: "f".repeat(130_000) })))).toBe("limit");
  });

  it("fails, or throws", async () => {
    expect(await ruleOf(() => new Response(null, { status: 500 }))).toBe("status");
    expect(
      await ruleOf(() => {
        throw new Error("planted");
      }),
    ).toBe("exception");
  });

  it("logs a text", async () => {
    const chatty: Receiver = async (request, env, context) => {
      console.log(await request.clone().text());
      return receiver(request, env, context);
    };
    expect(await ruleOf(chatty)).toBe("logged");
  });

  it("merges a parsed object into its own", async () => {
    const merging: Receiver = async (request, env, context) => {
      const merge = (into: Record<string, unknown>, from: object): void => {
        for (const [key, value] of Object.entries(from)) {
          if (typeof value === "object" && value !== null) merge((into[key] ??= {}) as Record<string, unknown>, value);
          else into[key] = value;
        }
      };
      merge({}, JSON.parse(await request.clone().text()) as object);
      return receiver(request, env, context);
    };
    const body = Buffer.from(BODY.replace('"text":"guide"', '"__proto__":{"polluted":"yes"}'));
    expect(await ruleOf(merging, { body })).toBe("polluted");
    expect("polluted" in {}).toBe(false);
  });
});

describe("a case", () => {
  const corpus = readCorpus();

  it("is the same for the same seed and number, and another for others", () => {
    expect(makeCase(7, 12, corpus)).toEqual(makeCase(7, 12, corpus));
    expect(makeCase(7, 13, corpus)).not.toEqual(makeCase(7, 12, corpus));
    expect(makeCase(8, 12, corpus)).not.toEqual(makeCase(7, 12, corpus));
  });

  it("is unchanged after it is written to a file", () => {
    for (let index = 0; index < 50; index++) {
      const file = printCase(makeCase(3, index, corpus), "rule: detail");
      expect(printCase(readCase(file), "rule: detail")).toBe(file);
    }
  });

  it("is minimized while it violates the same rule", async () => {
    const afraid: Receiver = async (request, env, context) => {
      if ((await request.clone().text()).includes("guide")) throw new Error("planted");
      return receiver(request, env, context);
    };
    const small = await minimize(afraid, delivery(), "exception");
    expect(small.body.toString()).toBe("guide");
    expect(small.headers).toEqual(signedHeaders(small.body));
  });

  it("of a small run finds no violation", async () => {
    const violations = [];
    for (let index = 0; index < 400; index++) {
      const { violation } = await examine(receiver, makeCase(1, index, corpus));
      if (violation !== null) violations.push({ index, ...violation });
    }
    expect(violations).toEqual([]);
  });
});
