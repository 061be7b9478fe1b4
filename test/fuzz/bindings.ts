/**
 * The receiver's queue and KV namespace in memory. They record their input, check Cloudflare's limits, and fail on
 * request.
 */
import { serialize } from "node:v8";
import type { QueuedEvent } from "../../src/core/event.ts";
import type { Fault } from "./case.ts";

/** Input that the real binding would reject. */
export class OverLimit extends Error {
  override name = "OverLimit";
}

interface Sent {
  body: QueuedEvent;
  contentType?: string;
}

/** https://developers.cloudflare.com/queues/platform/limits/, in KB of 1000 bytes. */
const MAX_MESSAGE_BYTES = 128_000;
const MAX_BATCH_BYTES = 256_000;
const MAX_BATCH_MESSAGES = 100;

export class FuzzQueue {
  readonly stored: QueuedEvent[] = [];
  /** Exceeded limits. They are errors of the receiver, not of the queue. */
  readonly complaints: string[] = [];
  fault: Fault = "none";
  #batches = 0;

  async sendBatch(messages: Iterable<Sent>): Promise<void> {
    const batch = [...messages];
    const batchNumber = ++this.#batches;
    // Asynchronous, like a call to the queue: the receiver must not rely on an immediate effect.
    await Promise.resolve();
    if (this.fault === "queue_rejects") throw new Error("Queue is overloaded. Please back off.");
    const problem = checkBatch(batch);
    if (problem !== null) {
      this.complaints.push(problem);
      throw new OverLimit(problem);
    }
    // A copy, as after serialization.
    this.stored.push(...batch.map(({ body }) => structuredClone(body)));
    if (this.fault === "queue_breaks" && batchNumber <= 2) throw new Error("internal error");
  }
}

function checkBatch(batch: readonly Sent[]): string | null {
  if (batch.length === 0 || batch.length > MAX_BATCH_MESSAGES) return `a batch of ${batch.length} messages`;
  let total = 0;
  for (const { body, contentType } of batch) {
    const bytes = contentType === "json" ? Buffer.byteLength(JSON.stringify(body)) : serialize(body).length;
    if (bytes > MAX_MESSAGE_BYTES) return `a message of ${bytes} bytes`;
    if (contentType === "json" && body.rawGzip !== undefined) return "bytes in a JSON message";
    total += bytes;
  }
  return total > MAX_BATCH_BYTES ? `a batch of ${total} bytes` : null;
}

/** https://developers.cloudflare.com/kv/platform/limits/ */
const MAX_KEY_BYTES = 512;
const MAX_VALUE_BYTES = 25 * 1024 * 1024;
const MAX_BULK_KEYS = 100;
const MIN_TTL_SECONDS = 60;

export class FuzzKv {
  readonly values = new Map<string, string>();
  readonly complaints: string[] = [];
  fault: Fault = "none";
  reads = 0;

  async get(keys: string[]): Promise<Map<string, string | null>> {
    await Promise.resolve();
    this.reads++;
    if (keys.length === 0 || keys.length > MAX_BULK_KEYS) this.#refuse(`a bulk read of ${keys.length} keys`);
    for (const key of keys) this.#checkKey(key);
    if (this.fault === "kv_read") throw new Error("KV GET failed: 503");
    return new Map(keys.map((key) => [key, this.values.get(key) ?? null]));
  }

  async put(key: string, value: string, options?: { expirationTtl?: number }): Promise<void> {
    await Promise.resolve();
    this.#checkKey(key);
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) this.#refuse(`a value of ${Buffer.byteLength(value)} bytes`);
    if ((options?.expirationTtl ?? 0) < MIN_TTL_SECONDS)
      this.#refuse("a value without a TTL, or with a TTL that is too short");
    if (this.fault === "kv_write") throw new Error("KV PUT failed: 429");
    this.values.set(key, value);
  }

  #checkKey(key: string): void {
    const bytes = Buffer.byteLength(key);
    if (bytes === 0 || bytes > MAX_KEY_BYTES || key === "." || key === "..") this.#refuse(`a key of ${bytes} bytes`);
  }

  #refuse(problem: string): never {
    this.complaints.push(problem);
    throw new OverLimit(problem);
  }
}
