/** Sends events to the queue. Unless all are confirmed, the receiver does not answer 200. */
import type { MetaEvent } from "../core/event.ts";
import { err, ok, type Result } from "../core/result.ts";
import { describeError } from "./log.ts";
import { largeMessage, plainMessage, type SizedMessage } from "./message.ts";
import { type IntakePorts, type QueueMessage, TIMED_OUT, within } from "./ports.ts";

/** Documentation: Cloudflare Queues, Limits. The limit is 256 KB; the margin is for data that the platform adds. */
export const MAX_BATCH_MESSAGES = 100;
export const MAX_BATCH_BYTES = 200_000;

/** A Worker may have six connections open at once (documentation: Cloudflare Workers, Limits). */
const MAX_CONNECTIONS = 6;

/** Meta waits 5 seconds (documentation: Messenger Platform, Webhooks), then it sends the delivery again. */
export const ENQUEUE_LIMIT_MS = 3_000;

/**
 * - `queue_failed`: the queue returned an error, or KV did for an event too large for the queue
 * - `queue_slow`: no confirmation in time
 *
 * In both cases some events may have been stored. When Meta sends them again, their ids show that they are duplicates.
 */
export interface EnqueueFailure {
  reason: "queue_failed" | "queue_slow";
  error: string;
}

/** Resolves when the queue has confirmed every event, has failed, or has not confirmed within `ENQUEUE_LIMIT_MS`. */
export async function enqueue(
  events: readonly MetaEvent[],
  ports: Pick<IntakePorts, "queue" | "kv" | "clock">,
): Promise<Result<null, EnqueueFailure>> {
  const sending = new AbortController();
  try {
    const sent = await within(ports.clock, ENQUEUE_LIMIT_MS, send(events, ports, sending.signal));
    if (sent !== TIMED_OUT) return ok(null);
    return err({ reason: "queue_slow", error: `not confirmed within ${ENQUEUE_LIMIT_MS} ms` });
  } catch (error) {
    return err({ reason: "queue_failed", error: describeError(error) });
  } finally {
    sending.abort();
  }
}

async function send(
  events: readonly MetaEvent[],
  ports: Pick<IntakePorts, "queue" | "kv">,
  signal: AbortSignal,
): Promise<void> {
  const messages: SizedMessage[] = [];
  const large: MetaEvent[] = [];
  for (const event of events) {
    const message = plainMessage(event);
    if (message === null) large.push(event);
    else messages.push(message);
  }
  await inParallel(large, signal, async (event) => {
    messages.push(await largeMessage(event, ports.kv));
  });
  await inParallel(batch(messages), signal, (batched) => ports.queue.sendBatch(batched));
}

/** Splits messages into batches within both limits, in order. */
export function batch(messages: readonly SizedMessage[]): QueueMessage[][] {
  const batches: QueueMessage[][] = [];
  let current: QueueMessage[] = [];
  let currentBytes = 0;
  for (const { message, bytes } of messages) {
    if (current.length === MAX_BATCH_MESSAGES || currentBytes + bytes > MAX_BATCH_BYTES) {
      if (current.length > 0) batches.push(current);
      current = [];
      currentBytes = 0;
    }
    current.push(message);
    currentBytes += bytes;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

/** Processes the items with limited concurrency. The first failure or the signal stops further items from starting. */
async function inParallel<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (signal.aborted) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(MAX_CONNECTIONS, items.length) }, worker));
}
