/**
 * What was queued lately, so that a delivery that Meta repeats costs no second trip through the queue.
 *
 * It saves work and decides nothing: KV has no compare-and-set and serves old answers for a minute and more, "not seen"
 * included, so two copies may both pass. The Account's table knows better. A key is written only after the queue has
 * confirmed, so a hit proves that the event is safe.
 */
import type { MetaEvent } from "../core/event.ts";
import { describeError } from "./log.ts";
import { type IntakePorts, TIMED_OUT, within } from "./ports.ts";

/** Meta sends a failed delivery again for 36 hours (documentation: Graph API, Webhooks, "Getting started"). */
export const SEEN_TTL_SECONDS = 48 * 3600;

/**
 * Up to here every event has a key of its own, so it is known again in whatever batch it returns. Larger deliveries have
 * one key for the whole body: a write per event would cost more than it saves.
 */
export const MAX_EVENT_KEYS = 25;

/** KV may be slow, and Meta is waiting. */
const READ_LIMIT_MS = 250;

/** The key of each event, in their order. */
export const seenKeys = (events: readonly MetaEvent[], deliveryId: string): string[] =>
  events.map((event) => `seen:${events.length <= MAX_EVENT_KEYS ? event.id : deliveryId}`);

/** Those of the keys that are known. None, when KV fails or takes too long. */
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

/** Never rejects: a mark that is missing costs a repeated trip, nothing else. */
export async function markSeen(keys: readonly string[], ports: Pick<IntakePorts, "kv" | "log">): Promise<void> {
  const mark = async (key: string): Promise<void> => ports.kv.put(key, "1", { expirationTtl: SEEN_TTL_SECONDS });
  const writes = [...new Set(keys)].map(mark);
  const failed = (await Promise.allSettled(writes)).find((write) => write.status === "rejected");
  if (failed !== undefined) ports.log("kv_unavailable", { operation: "write", error: describeError(failed.reason) });
}
