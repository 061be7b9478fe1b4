import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { QueuedEvent } from "../../../src/core/event.ts";
import type { QueueMessage } from "../../../src/engine/consumer/events.ts";
import { type LargeContentPorts, MARK, openBatch } from "../../../src/engine/consumer/large-content.ts";
import engine from "../../../src/engine/index.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const PERSON = "1045872930164827";
const CANARY = "canary-text";

/** An event with its content in KV, and that content. */
function large(accountId: string, more: Partial<QueuedEvent> = {}): { body: QueuedEvent; content: string } {
  const id = `instagram:${accountId}:comment:c1`;
  const value = { id: "c1", text: CANARY, from: { id: PERSON, username: "nadia" }, media: { id: "18054321970886143" } };
  const body: QueuedEvent = {
    v: 1,
    id,
    accountId,
    object: "instagram",
    kind: "comment",
    field: "comments",
    occurredAt: NOW,
    receivedAt: NOW,
    deliveryId: "delivery",
    test: false,
    raw: "",
    rawKey: `raw:${id}`,
    proof: { secret: "instagram", form: "raw" },
    ...more,
  };
  return { body, content: JSON.stringify({ field: "comments", value }) };
}

async function consume(body: QueuedEvent, queue = "replyline-events") {
  const batch = createMessageBatch<QueuedEvent>(queue, [{ id: "1", timestamp: new Date(NOW), attempts: 1, body }]);
  await engine.queue(batch, env);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return { acknowledged: explicitAcks.length, retried: retryMessages.length };
}

const DONE = { acknowledged: 1, retried: 0 };
const directory = () => env.DIRECTORY.getByName("directory");

describe("content in KV", () => {
  it("is cleared after the account has stored it", async () => {
    const account = `large-${crypto.randomUUID()}`;
    const { body, content } = large(account);
    await env.KV.put(body.rawKey ?? "", content);
    expect(await consume(body)).toEqual(DONE);
    const { items } = await env.ACCOUNTS.getByName(account).events(account, { limit: 10 });
    expect(items.map(({ raw }) => raw)).toEqual([content]);
    expect(await env.KV.get(body.rawKey ?? "")).toBe(MARK);
  });

  it("is cleared after the quarantine has stored it", async () => {
    const { body, content } = large(`large-${crypto.randomUUID()}`, { kind: "quarantine" });
    await env.KV.put(body.rawKey ?? "", content);
    expect(await consume(body)).toEqual(DONE);
    expect(await directory().quarantineItem(body.id)).toMatchObject({ body: content });
    expect(await env.KV.get(body.rawKey ?? "")).toBe(MARK);
    // Other tests use the same Directory.
    expect(await directory().discardQuarantined(body.id)).toBe(true);
  });

  it("is cleared after a dead letter has stored it, and a second delivery does not change the dead letter", async () => {
    const account = `large-${crypto.randomUUID()}`;
    const { body, content } = large(account);
    await env.KV.put(body.rawKey ?? "", content);
    for (const time of ["first", "second"]) {
      expect(await consume(body, "replyline-dead"), time).toEqual(DONE);
      const deadLetters = (await directory().deadLetters({ limit: 50 })).items.filter(
        (item) => item.accountId === account,
      );
      expect(deadLetters.map(({ raw }) => raw)).toEqual([content]);
      expect(await env.KV.get(body.rawKey ?? "")).toBe(MARK);
    }
  });

  it("does not process a repeated message again, even if its person was erased since then", async () => {
    const account = `large-${crypto.randomUUID()}`;
    const { body, content } = large(account);
    await env.KV.put(body.rawKey ?? "", content);
    await consume(body);
    await env.ACCOUNTS.getByName(account).erasePerson(account, PERSON);
    expect(await consume(body)).toEqual(DONE);
    expect((await env.ACCOUNTS.getByName(account).events(account, { limit: 10 })).items).toEqual([]);
    expect(await env.KV.get(body.rawKey ?? "")).not.toContain(CANARY);
  });

  it("is cleared again when another delivery of the same event restores it", async () => {
    const account = `large-${crypto.randomUUID()}`;
    const { body, content } = large(account);
    for (let time = 1; time <= 2; time++) {
      await env.KV.put(body.rawKey ?? "", content);
      expect(await consume(body)).toEqual(DONE);
      expect(await env.KV.get(body.rawKey ?? "")).toBe(MARK);
    }
  });

  it("is retried while KV does not return it yet", async () => {
    const { body } = large(`large-${crypto.randomUUID()}`);
    expect(await consume(body)).toEqual({ acknowledged: 0, retried: 1 });
    expect(await env.KV.get(body.rawKey ?? "")).toBeNull();
  });
});

it("a malformed message does not block the others", async () => {
  const account = `large-${crypto.randomUUID()}`;
  const { body } = large(account, { raw: large(account).content });
  delete body.rawKey;
  const at = new Date(NOW);
  const batch = createMessageBatch<QueuedEvent>("replyline-events", [
    { id: "1", timestamp: at, attempts: 1, body: null as unknown as QueuedEvent },
    { id: "2", timestamp: at, attempts: 1, body },
  ]);
  await engine.queue(batch, env);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  expect([explicitAcks, retryMessages.length]).toEqual([["2"], 1]);
});

describe("a batch with content in KV", () => {
  function desk(content: string | null, more: Partial<LargeContentPorts["kv"]> = {}) {
    const { body } = large("a");
    const outcomes: string[] = [];
    const written: [string, string][] = [];
    const logged: string[] = [];
    const message: QueueMessage = {
      body,
      attempts: 1,
      ack: () => void outcomes.push("ack"),
      retry: () => void outcomes.push("retry"),
    };
    const ports: LargeContentPorts = {
      kv: { get: async () => content, put: async (key, value) => void written.push([key, value]), ...more },
      log: (event) => void logged.push(event),
      // A hundred times faster.
      sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs / 100)),
    };
    return { message, key: body.rawKey ?? "", outcomes, written, logged, ports };
  }

  it("keeps the content of retried messages", async () => {
    const { message, outcomes, written, ports } = desk("content");
    const batch = await openBatch([message], ports);
    batch.messages[0]?.retry();
    await batch.clear();
    expect([outcomes, written]).toEqual([["retry"], []]);
  });

  it("keeps content that KV failed to read, although its dead letter was stored", async () => {
    const { message, key, outcomes, written, ports } = desk(null, {
      get: () => Promise.reject(new Error("KV is down")),
    });
    const batch = await openBatch([message], ports);
    await expect(batch.kv.get(key)).rejects.toThrow("KV is down");
    batch.messages[0]?.ack();
    await batch.clear();
    expect([outcomes, written]).toEqual([["ack"], []]);
  });

  it("retries the write when KV was written a moment ago", async () => {
    let tries = 0;
    const put = async (): Promise<void> => {
      tries += 1;
      if (tries === 1) throw new Error("429 Too Many Requests");
    };
    const { message, logged, ports } = desk("content", { put });
    const batch = await openBatch([message], ports);
    batch.messages[0]?.ack();
    await batch.clear();
    expect([tries, logged]).toEqual([2, []]);
  });

  it("is acknowledged even if KV does not replace the content, and logs it", async () => {
    const { message, outcomes, logged, ports } = desk("content", {
      put: () => Promise.reject(new Error("KV is down")),
    });
    const batch = await openBatch([message], ports);
    batch.messages[0]?.ack();
    await batch.clear();
    expect([outcomes, logged]).toEqual([["ack"], ["content_not_cleared"]]);
  });

  it("does not wait for KV if it never responds", async () => {
    const { message, outcomes, ports } = desk("content", { put: () => new Promise(() => undefined) });
    const batch = await openBatch([message], ports);
    batch.messages[0]?.ack();
    await batch.clear();
    expect(outcomes).toEqual(["ack"]);
  });

  it("writes an existing mark again: the value may be newer than the one that was read", async () => {
    const { message, key, outcomes, written, ports } = desk(MARK);
    const batch = await openBatch([message], ports);
    expect(batch.messages).toEqual([]);
    await batch.clear();
    expect([outcomes, written]).toEqual([["ack"], [[key, MARK]]]);
  });
});
