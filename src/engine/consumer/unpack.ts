/** From a queue message back to the event: small ones as they are, large ones from gzip or from KV. */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";

/** @throws when the KV value is not there (yet): KV may take a minute, so the message is retried. */
export async function unpack(queued: QueuedEvent, kv: KVNamespace): Promise<MetaEvent> {
  const { rawGzip, rawKey, ...event } = queued;
  if (rawGzip !== undefined) return { ...event, raw: await gunzip(rawGzip) };
  if (rawKey === undefined) return event;
  const raw = await kv.get(rawKey);
  if (raw === null) throw new Error("the event's content is not in KV yet");
  return { ...event, raw };
}

async function gunzip(bytes: Uint8Array): Promise<string> {
  const stream = new Response(bytes).body?.pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream ?? null).text();
}
