/**
 * Converts a queue message back to the event. Small content is in the message; large content is compressed with gzip,
 * or in KV.
 */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import { MARK } from "./large-content.ts";

/** KV has the mark instead of the content: the event was delivered. */
export class AlreadyDelivered extends Error {
  constructor() {
    super("the event has been delivered; its content is no longer in KV");
  }
}

/**
 * @throws when the KV value does not exist (yet): a KV write may take a minute to appear, so the message is retried.
 * Also when KV has the mark, which a dead letter without its content may find
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
