/** Bindings that record their calls, and fail, stall or respond as the test requires. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { QueuedEvent } from "../../src/core/event.ts";
import type { ReceiverEnv } from "../../src/receiver/env.ts";
import worker from "../../src/receiver/index.ts";

export class RecordingQueue {
  readonly batches: { body: QueuedEvent; contentType?: string }[][] = [];
  /** Called before a batch is recorded; throw or stall here. */
  onSend: (batchNumber: number) => Promise<void> | void = () => {};
  inFlight = 0;
  mostInFlight = 0;

  get events(): QueuedEvent[] {
    return this.batches.flat().map(({ body }) => body);
  }

  async sendBatch(messages: Iterable<{ body: QueuedEvent; contentType?: string }>): Promise<void> {
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.onSend(this.batches.length + this.inFlight);
      // Another macrotask, so that batches sent in parallel overlap as they do in production.
      await scheduler.wait(0);
      this.batches.push([...messages]);
    } finally {
      this.inFlight--;
    }
  }
}

export class RecordingKv {
  readonly values = new Map<string, string>();
  readonly reads: string[][] = [];
  readonly writes: { key: string; expirationTtl: number | undefined }[] = [];
  onGet: () => Promise<void> | void = () => {};
  onPut: () => Promise<void> | void = () => {};

  async get(keys: string[]): Promise<Map<string, string | null>> {
    this.reads.push(keys);
    await this.onGet();
    return new Map(keys.map((key) => [key, this.values.get(key) ?? null]));
  }

  async put(key: string, value: string, options?: { expirationTtl?: number }): Promise<void> {
    await this.onPut();
    this.writes.push({ key, expirationTtl: options?.expirationTtl });
    this.values.set(key, value);
  }
}

export interface Recorded {
  env: ReceiverEnv;
  queue: RecordingQueue;
  kv: RecordingKv;
  /** Sends a request through the Worker and waits for its background work. */
  fetch(request: Request): Promise<Response>;
}

/** The Worker with recording bindings for queue and KV; everything else as configured. */
export function recorded(overrides: Partial<Record<keyof ReceiverEnv, unknown>> = {}): Recorded {
  const queue = new RecordingQueue();
  const kv = new RecordingKv();
  const recordedEnv = { ...env, EVENTS: queue, KV: kv, ...overrides } as unknown as ReceiverEnv;
  return { env: recordedEnv, queue, kv, fetch: (request) => fetchWith(recordedEnv, request) };
}

export async function fetchWith(receiverEnv: ReceiverEnv, request: Request): Promise<Response> {
  const ctx = createExecutionContext();
  const response = await worker.fetch(request, receiverEnv, ctx);
  await waitOnExecutionContext(ctx);
  return response;
}

/** Waits for a condition with the real clock, because faked timers do not run. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1000) throw new Error(`never happened: ${holds.toString()}`);
    await scheduler.wait(1);
  }
}
