/**
 * The intake: from a valid signature to the response.
 *
 * The order matters. A 200 means that the queue has confirmed every event of the delivery, now or earlier. KV is
 * written afterwards, so that an event is never marked as seen before it is stored.
 */
import type { MetaEvent } from "../core/event.ts";
import { ok, type Result } from "../core/result.ts";
import { enqueue, type EnqueueFailure } from "./enqueue.ts";
import type { IntakePorts } from "./ports.ts";
import { markSeen, readSeen, seenKeys } from "./seen.ts";

export interface VerifiedDelivery {
  /** The SHA-256 of the body, as hex. */
  deliveryId: string;
  events: readonly MetaEvent[];
  /** Skip KV. Under high load, reading KV costs more than the duplicate queue messages that it avoids. */
  skipSeen: boolean;
}

export interface Accepted {
  /** Events in the delivery. */
  received: number;
  /** How many of them were already queued and are not queued again. */
  duplicates: number;
}

/** Queues new events. On an error, answer 503, so that Meta sends the delivery again. */
export async function accept(
  { deliveryId, events, skipSeen }: VerifiedDelivery,
  ports: IntakePorts,
): Promise<Result<Accepted, EnqueueFailure>> {
  const keys = seenKeys(events, deliveryId);
  const seen = skipSeen ? NONE : await readSeen(keys, ports);
  const isNew = (_: unknown, index: number): boolean => !seen.has(keys[index] ?? "");
  const fresh = events.filter(isNew);
  if (fresh.length > 0) {
    const queued = await enqueue(fresh, ports);
    if (!queued.ok) return queued;
    if (!skipSeen) ports.waitUntil(markSeen(keys.filter(isNew), ports));
  }
  return ok({ received: events.length, duplicates: events.length - fresh.length });
}

const NONE: ReadonlySet<string> = new Set();
