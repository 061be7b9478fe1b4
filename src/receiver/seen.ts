/**
 * Remembers recently queued events, so that a delivery that Meta repeats is not queued again.
 *
 * This is only an optimization. KV has no compare-and-set and can return stale values (also "not seen") for a minute
 * and longer, so two copies may both be queued. The Account's table then removes the duplicate. A key is written only
 * after the queue has confirmed the event, so a hit proves that the event is stored.
 */
import type { MetaEvent } from "../core/event.ts";
import { describeError } from "./log.ts";
import { type IntakePorts, TIMED_OUT, within } from "./ports.ts";

/** Meta sends a failed delivery again for 36 hours (documentation: Graph API, Webhooks, "Getting started"). */
export const SEEN_TTL_SECONDS = 48 * 3600;

/**
 * Up to this number, each event has its own key, so it is recognized in any batch. A larger delivery has one key for
 * the whole body, because a write per event would cost more than it saves.
 */
export const MAX_EVENT_KEYS = 25;

/** Time limit for KV reads, because Meta waits for the response. */
const READ_LIMIT_MS = 250;

/** The key of each event, in order. */
export const seenKeys = (events: readonly MetaEvent[], deliveryId: string): string[] =>
  events.map((event) => `seen:${events.length <= MAX_EVENT_KEYS ? event.id : deliveryId}`);

/** The keys that exist in KV. None if KV fails or is too slow. */
export async function readSeen(
  keys: readonly string[],
  ports: Pick<IntakePorts, "kv" | "clock" | "log">,
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  if (keys.length === 0) return seen;
  let cause: string;
  try {
    const values = await within(ports.clock, READ_LIMIT_MS, ports.kv.get([...new Set(keys)]));
    if (values !== TIMED_OUT) {
      for (const [key, value] of values) if (value !== null) seen.add(key);
      return seen;
    }
    cause = "slow";
  } catch (error) {
    cause = describeError(error);
  }
  ports.log("kv_unavailable", { operation: "read", error: cause });
  return seen;
}

/** Never rejects: without the key, a repeated event is only queued once more. */
export async function markSeen(keys: readonly string[], ports: Pick<IntakePorts, "kv" | "log">): Promise<void> {
  const mark = async (key: string): Promise<void> => ports.kv.put(key, "1", { expirationTtl: SEEN_TTL_SECONDS });
  const writes = [...new Set(keys)].map(mark);
  const failed = (await Promise.allSettled(writes)).find((write) => write.status === "rejected");
  if (failed !== undefined) ports.log("kv_unavailable", { operation: "write", error: describeError(failed.reason) });
}
