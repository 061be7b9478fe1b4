/** From a queue message back to the event: small ones as they are, large ones from gzip or from KV. */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import { MARK } from "./large-content.ts";

/** KV holds the mark in place of the content: the event has arrived where it belongs. */
export class AlreadyDelivered extends Error {
  constructor() {
    super("the event has been delivered; KV does not hold its content any more");
  }
}

/**
 * @throws when the KV value is not there (yet): KV may take a minute, so the message is retried. Also when the mark stands
 *   there, which a dead letter without its content may meet: it is no content
 */
export async function unpack(
  queued: QueuedEvent,
  kv: { get(key: string): Promise<string | null> },
): Promise<MetaEvent> {
  const { rawGzip, rawKey, ...event } = queued;
  if (rawGzip !== undefined) return { ...event, raw: await gunzip(rawGzip) };
  if (rawKey === undefined) return event;
  const raw = await kv.get(rawKey);
  if (raw === null) throw new Error("the event's content is not in KV yet");
  if (raw === MARK) throw new AlreadyDelivered();
  return { ...event, raw };
}

async function gunzip(bytes: Uint8Array): Promise<string> {
  const stream = new Response(bytes).body?.pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream ?? null).text();
}
