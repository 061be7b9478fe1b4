/**
 * The interfaces that the intake depends on. With them, the same code runs in the Worker, in tests with a failing
 * queue, and in the simulation with a simulated clock.
 */
import type { QueuedEvent } from "../core/event.ts";
import type { Log } from "./log.ts";

export interface QueueMessage {
  body: QueuedEvent;
  /** `v8` (structured clone) for messages that contain bytes. */
  contentType: "json" | "v8";
}

export interface EventQueue {
  /** Resolves when the queue has stored the batch. A rejection does not say how much of it was stored. */
  sendBatch(messages: QueueMessage[]): Promise<unknown>;
}

export interface KeyValue {
  /** The values of up to 100 keys; null or no entry for missing keys. */
  get(keys: string[]): Promise<ReadonlyMap<string, string | null>>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

export interface Clock {
  /** Calls back once after `delayMs`. The returned function cancels the timer. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface IntakePorts {
  queue: EventQueue;
  kv: KeyValue;
  clock: Clock;
  /** Work that may continue after the response was sent. */
  waitUntil(work: Promise<unknown>): void;
  log: Log;
}

export const TIMED_OUT = Symbol("timed out");

/** The result of `work`, or `TIMED_OUT` when it takes longer than `limitMs`. The work itself is not stopped. */
export async function within<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | typeof TIMED_OUT> {
  let cancel = (): void => {};
  const timeout = new Promise<typeof TIMED_OUT>((resolve) => {
    cancel = clock.after(limitMs, () => resolve(TIMED_OUT));
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    cancel();
  }
}
