/** Events as queue messages that keep within the queue's limit, however large the event. */
import type { MetaEvent } from "../core/event.ts";
import type { KeyValue, QueueMessage } from "./ports.ts";

/**
 * Cloudflare's limit is 128 KB (of 1000 bytes) with about 100 bytes of its own inside; the rest is the margin for the
 * other fields of an event, which are bounded.
 * https://developers.cloudflare.com/queues/platform/limits/
 */
const MAX_CONTENT_BYTES = 120_000;

/**
 * Longer than its message lives: fourteen days at most in either queue, and one day is slack. The
 * consumer clears the value when the message is done; this is the end of what never comes so far.
 */
const RAW_TTL_SECONDS = 29 * 86_400;

export interface SizedMessage {
  message: QueueMessage;
  bytes: number;
}

const encoder = new TextEncoder();

/** The message for an event that fits as it is; null for one that does not. */
export function plainMessage(event: MetaEvent): SizedMessage | null {
  const bytes = encoder.encode(JSON.stringify(event)).length;
  return bytes > MAX_CONTENT_BYTES ? null : { message: { body: event, contentType: "json" }, bytes };
}

/**
 * The message for an event that is too large as it is: gzipped, or else left in KV with a pointer to it.
 * Rejects when KV does: without its content the event must not be queued.
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
