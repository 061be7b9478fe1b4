/**
 * The intake: what happens between a good signature and the answer.
 *
 * The order is the promise. A 200 means that the queue has confirmed every event of the delivery, now or before; KV is
 * told afterwards, so that nothing is ever known as seen that is not safe.
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
  /** Pass KV over: so much arrives at once that asking it costs more than the repeated trips it saves. */
  hurried: boolean;
}

export interface Accepted {
  /** Events in the delivery. */
  received: number;
  /** How many of them were queued before, and were not queued again. */
  duplicates: number;
}

/** Queues what is new. An error means: answer 503, so that Meta sends the delivery again. */
export async function accept(
  { deliveryId, events, hurried }: VerifiedDelivery,
  ports: IntakePorts,
): Promise<Result<Accepted, EnqueueFailure>> {
  const keys = seenKeys(events, deliveryId);
  const seen = hurried ? NONE : await readSeen(keys, ports);
  const isNew = (_: unknown, index: number): boolean => !seen.has(keys[index] ?? "");
  const fresh = events.filter(isNew);
  if (fresh.length > 0) {
    const queued = await enqueue(fresh, ports);
    if (!queued.ok) return queued;
    if (!hurried) ports.waitUntil(markSeen(keys.filter(isNew), ports));
  }
  return ok({ received: events.length, duplicates: events.length - fresh.length });
}

const NONE: ReadonlySet<string> = new Set();
