/** Converts events of any size to queue messages within the queue's size limit. */
import type { MetaEvent } from "../core/event.ts";
import type { KeyValue, QueueMessage } from "./ports.ts";

/**
 * Cloudflare's limit is 128 KB (1 KB = 1000 bytes), including about 100 bytes of internal data. The rest of the margin
 * is for the other fields of an event, which have a maximum length.
 * https://developers.cloudflare.com/queues/platform/limits/
 */
const MAX_CONTENT_BYTES = 120_000;

/**
 * Longer than the message exists: at most fourteen days in either queue, plus one day of margin. The consumer deletes
 * the value when the message is processed. The TTL removes values whose message is never processed.
 */
const RAW_TTL_SECONDS = 29 * 86_400;

export interface SizedMessage {
  message: QueueMessage;
  bytes: number;
}

const encoder = new TextEncoder();

/** The message for an event that fits unchanged; null if it does not fit. */
export function plainMessage(event: MetaEvent): SizedMessage | null {
  const bytes = encoder.encode(JSON.stringify(event)).length;
  return bytes > MAX_CONTENT_BYTES ? null : { message: { body: event, contentType: "json" }, bytes };
}

/**
 * The message for an event that does not fit unchanged: gzipped, or stored in KV with a pointer in the message.
 * Rejects if KV fails, because an event must not be queued without its content.
 */
export async function largeMessage(event: MetaEvent, kv: Pick<KeyValue, "put">): Promise<SizedMessage> {
  const rawGzip = await gzip(event.raw);
  if (rawGzip.length <= MAX_CONTENT_BYTES) {
    return { message: { body: { ...event, raw: "", rawGzip }, contentType: "v8" }, bytes: rawGzip.length + 2_000 };
  }
  const rawKey = `raw:${event.id}`;
  await kv.put(rawKey, event.raw, { expirationTtl: RAW_TTL_SECONDS });
  return { message: { body: { ...event, raw: "", rawKey }, contentType: "json" }, bytes: 2_000 };
}

async function gzip(text: string): Promise<Uint8Array> {
  const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}
