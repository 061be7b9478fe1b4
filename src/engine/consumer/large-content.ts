/**
 * Content that is too large for the queue is stored in KV under the message's `rawKey`. When the message is
 * acknowledged, the account, the quarantine or a dead letter has the content (or has refused it permanently). A mark
 * then replaces the content in KV, because erased data must not stay readable there.
 *
 * The content is replaced by a mark instead of deleted. A message may be delivered again, and a deleted value looks
 * like one that has not arrived yet. The mark says that the message is done, even if its event was erased since.
 */
import { describe, type Log } from "../log.ts";
import type { QueueMessage } from "./events.ts";

/** No content is this short: it would be in the queue message. */
export const MARK = "delivered";

/** A message is retained for at most 14 days in each of the two queues, plus one day of margin. */
const MARK_TTL_SECONDS = 29 * 86_400;

/** KV accepts one write per second for a key, and the receiver's write may be more recent than that. */
const SECOND_TRY_MS = 1_100;

/** The queue acknowledges a batch only after its handler returns, so KV must not delay it for long. */
const LONGEST_MS = 3_000;

export interface LargeContentPorts {
  kv: {
    get(key: string): Promise<string | null>;
    put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  };
  log: Log;
  sleep: (delayMs: number) => Promise<void>;
}

export interface OpenedBatch {
  /** The messages to process. A message that was done before is acknowledged and left out. */
  messages: readonly QueueMessage[];
  /** Content by key: null if KV has none (yet). Rethrows KV's error. */
  kv: { get(key: string): Promise<string | null> };
  /** Replaces the content of acknowledged messages with marks. Never throws, and takes at most a few seconds. */
  clear: () => Promise<void>;
}

/** Reads each key once, so that a mark that is set during the batch is not read as content. Never throws. */
export async function openBatch(messages: readonly QueueMessage[], ports: LargeContentPorts): Promise<OpenedBatch> {
  const keys = new Set(messages.flatMap(({ body }) => rawKeyOf(body) ?? []));
  const contents = new Map(await Promise.all(Array.from(keys, async (key) => [key, await read(key, ports)] as const)));
  const done = new Set<string>();

  const open = messages.flatMap((message) => {
    const rawKey = rawKeyOf(message.body);
    const content = rawKey === undefined ? undefined : contents.get(rawKey);
    // A dead letter without its content is acknowledged too. Its value in KV, if any, stays.
    if (rawKey === undefined || typeof content !== "string") return [message];
    if (content !== MARK) return [withAckCallback(message, () => done.add(rawKey))];
    message.ack();
    // The mark is written again: KV may return a value that is up to a minute old, and a repeated delivery may have
    // restored the content.
    done.add(rawKey);
    return [];
  });

  return {
    messages: open,
    kv: {
      get: async (key) => {
        const content = contents.get(key) ?? null;
        if (content instanceof Error) throw content;
        return content;
      },
    },
    clear: async () => {
      if (done.size === 0) return;
      const marking = Promise.all(Array.from(done, (key) => mark(key, ports)));
      await Promise.race([marking, ports.sleep(LONGEST_MS)]);
    },
  };
}

/** A message that was sent manually may have any shape. `unpack` reports what is wrong. */
const rawKeyOf = (body: Partial<QueueMessage["body"]> | null): string | undefined => body?.rawKey;

async function read(key: string, { kv }: LargeContentPorts): Promise<string | null | Error> {
  try {
    return await kv.get(key);
  } catch (error) {
    return error instanceof Error ? error : new Error("KV failed");
  }
}

/** Content that cannot be replaced is deleted by its time to live. */
async function mark(key: string, { kv, log, sleep }: LargeContentPorts): Promise<void> {
  const put = (): Promise<void> => kv.put(key, MARK, { expirationTtl: MARK_TTL_SECONDS });
  try {
    await put().catch(() => sleep(SECOND_TRY_MS).then(put));
  } catch (error) {
    log("content_not_cleared", { error: describe(error) });
  }
}

/** The message with a callback that runs after it is acknowledged. */
function withAckCallback(message: QueueMessage, onAck: () => void): QueueMessage {
  const { body, attempts } = message;
  return {
    body,
    attempts,
    ack: () => {
      message.ack();
      onAck();
    },
    retry: (options) => message.retry(options),
  };
}
