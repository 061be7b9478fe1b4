import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { MetaEvent, QueuedEvent } from "../../../src/core/event.ts";
import { consumeEvents, type ConsumerPorts, type QueueMessage } from "../../../src/engine/consumer/events.ts";
import { MARK } from "../../../src/engine/consumer/large-content.ts";
import { unpack } from "../../../src/engine/consumer/unpack.ts";
import engine from "../../../src/engine/index.ts";

const NOW = Date.UTC(2026, 10, 20, 12);

function queued(accountId: string, id: string, more: Partial<QueuedEvent> = {}): QueuedEvent {
  return {
    v: 1,
    id: `instagram:${accountId}:comment:${id}`,
    accountId,
    object: "instagram",
    kind: "comment",
    field: "comments",
    occurredAt: NOW,
    receivedAt: NOW,
    deliveryId: "delivery",
    test: false,
    raw: JSON.stringify({ field: "comments", value: { id, text: "GUIDE" } }),
    proof: { secret: "instagram", form: "raw" },
    ...more,
  };
}

class FakeMessage implements QueueMessage {
  outcome: string | null = null;
  readonly body: QueuedEvent;
  readonly attempts: number;
  constructor(body: QueuedEvent, attempts = 1) {
    this.body = body;
    this.attempts = attempts;
  }
  ack(): void {
    this.outcome ??= "ack";
  }
  retry(options?: { delaySeconds?: number }): void {
    this.outcome ??= `retry ${options?.delaySeconds}`;
  }
}

function ports(more: Partial<ConsumerPorts> = {}): ConsumerPorts & { ingested: [string, string[]][]; kept: string[] } {
  const ingested: [string, string[]][] = [];
  const kept: string[] = [];
  return {
    ingested,
    kept,
    unpack: async (message) => message,
    ingest: async (accountId, events: MetaEvent[]) => void ingested.push([accountId, events.map(({ id }) => id)]),
    quarantine: async (events) => void kept.push(...events.map(({ id }) => id)),
    log: () => undefined,
    random: () => 0,
    ...more,
  };
}

describe("a batch", () => {
  it("becomes one call per account, with the account's events in order", async () => {
    const to = ports();
    const messages = ["a:1", "b:1", "a:2"].map((name) => {
      const [account = "", id = ""] = name.split(":");
      return new FakeMessage(queued(account, id));
    });
    await consumeEvents(messages, to);
    expect(to.ingested).toEqual([
      ["a", ["instagram:a:comment:1", "instagram:a:comment:2"]],
      ["b", ["instagram:b:comment:1"]],
    ]);
    expect(messages.map(({ outcome }) => outcome)).toEqual(["ack", "ack", "ack"]);
  });

  it("retries the messages of one account with increasing delays, and acknowledges those of others", async () => {
    const to = ports({
      ingest: async (accountId) => {
        if (accountId === "a") throw new Error("overloaded");
      },
    });
    const messages = [
      new FakeMessage(queued("a", "1")),
      new FakeMessage(queued("b", "1")),
      new FakeMessage(queued("a", "2"), 8),
    ];
    await consumeEvents(messages, to);
    expect(messages.map(({ outcome }) => outcome)).toEqual(["retry 2", "ack", "retry 256"]);
  });

  it("stores unreadable parts in the quarantine, and delivers the readable events", async () => {
    const to = ports();
    const messages = [new FakeMessage(queued("a", "1", { kind: "quarantine" })), new FakeMessage(queued("", "2"))];
    await consumeEvents(messages, to);
    expect(to.kept).toEqual(["instagram:a:comment:1", "instagram::comment:2"]);
    expect(to.ingested).toEqual([]);
  });

  it("retries a message whose content is not in KV yet", async () => {
    const to = ports({ unpack: (message) => unpack(message, env.KV) });
    const waiting = new FakeMessage(queued("a", "1", { raw: "", rawKey: "raw:nowhere" }));
    const fine = new FakeMessage(queued("a", "2"));
    await consumeEvents([waiting, fine], to);
    expect([waiting.outcome, fine.outcome]).toEqual(["retry 2", "ack"]);
  });
});

describe("a large event", () => {
  it("is unchanged after gzip", async () => {
    const raw = JSON.stringify({ text: "ж🙏".repeat(50_000) });
    const stream = new Response(raw).body?.pipeThrough(new CompressionStream("gzip"));
    const rawGzip = new Uint8Array(await new Response(stream ?? null).arrayBuffer());
    expect(await unpack(queued("a", "1", { raw: "", rawGzip }), env.KV)).toEqual(queued("a", "1", { raw }));
  });

  it("is unchanged after KV", async () => {
    await env.KV.put("raw:1", "{}");
    expect(await unpack(queued("a", "1", { raw: "", rawKey: "raw:1" }), env.KV)).toEqual(
      queued("a", "1", { raw: "{}" }),
    );
  });
});

describe("a mark that replaced the content", () => {
  it("is never used as content", async () => {
    await env.KV.put("raw:2", MARK);
    await expect(unpack(queued("a", "1", { raw: "", rawKey: "raw:2" }), env.KV)).rejects.toThrow("has been delivered");
  });
});

describe("the engine's queue handler", () => {
  const message = (id: string, body: QueuedEvent) => ({ id, timestamp: new Date(NOW), attempts: 1, body });

  it("delivers a batch to the account objects and acknowledges every message", async () => {
    const account = `consumer-${crypto.randomUUID()}`;
    const batch = createMessageBatch<QueuedEvent>("replyline-events", [
      message("1", queued(account, "1")),
      message("2", queued(account, "1")),
      message("3", queued(account, "2")),
    ]);
    const ctx = createExecutionContext();
    await engine.queue(batch, env);
    const result = await getQueueResult(batch, ctx);
    expect(result).toMatchObject({ outcome: "ok", explicitAcks: ["1", "2", "3"], retryMessages: [] });
    const { items } = await env.ACCOUNTS.getByName(account).events(account, { limit: 10 });
    expect(items.map(({ id, duplicates }) => [id, duplicates])).toEqual([
      [`instagram:${account}:comment:2`, 0],
      [`instagram:${account}:comment:1`, 1],
    ]);
  });

  it("stores a dead letter, lists it, and replays it to its account", async () => {
    const account = `dead-${crypto.randomUUID()}`;
    const batch = createMessageBatch<QueuedEvent>("replyline-dead", [message("1", queued(account, "1"))]);
    const ctx = createExecutionContext();
    await engine.queue(batch, env);
    expect(await getQueueResult(batch, ctx)).toMatchObject({ explicitAcks: ["1"] });
    const directory = env.DIRECTORY.getByName("directory");
    const { items } = await directory.deadLetters({ limit: 10 });
    const deadLetter = items.find(({ accountId }) => accountId === account);
    expect(deadLetter).toMatchObject({ eventId: `instagram:${account}:comment:1`, replayedAt: null });
    expect(await directory.replayDeadLetter(deadLetter?.id ?? "")).toEqual({ result: "new" });
    expect((await env.ACCOUNTS.getByName(account).events(account, { limit: 10 })).items).toHaveLength(1);
  });
});
