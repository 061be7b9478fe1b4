/**
 * Content that was too large for the queue waits in KV under the message's `rawKey`. Once the message is acknowledged,
 * the account, the quarantine or a dead letter has the content (or has refused it for good), and a mark takes its place:
 * what is erased there must not stay readable here.
 *
 * A mark, and no deletion: a message may come again, and a value that is gone looks like one that has not arrived yet.
 * The mark says that there is nothing left to do, also when the event itself has been erased since.
 */
import { describe, type Log } from "../log.ts";
import type { QueueMessage } from "./events.ts";

/** No content is this short: it would have traveled in the queue. */
export const MARK = "delivered";

/** A message lives fourteen days at most in either queue, and one day is slack. */
const MARK_TTL_SECONDS = 29 * 86_400;

/** KV takes one write a second for a key, and the receiver's may be younger than that. */
const SECOND_TRY_MS = 1_100;

/** The queue counts nothing of a batch as acknowledged before its handler is through, so KV may not hold it up. */
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
  /** What is left to do. A message that was done before is acknowledged and not among them. */
  messages: readonly QueueMessage[];
  /** Content by key: null where KV has none (yet). Throws what KV threw. */
  kv: { get(key: string): Promise<string | null> };
  /** Puts marks in the place of the content of what was acknowledged. Never throws, and takes seconds at most. */
  clear: () => Promise<void>;
}

/** Reads each key once, so that nobody can take a mark that was set meanwhile for content. Never throws. */
export async function openBatch(messages: readonly QueueMessage[], ports: LargeContentPorts): Promise<OpenedBatch> {
  const keys = new Set(messages.flatMap(({ body }) => rawKeyOf(body) ?? []));
  const contents = new Map(await Promise.all(Array.from(keys, async (key) => [key, await read(key, ports)] as const)));
  const done = new Set<string>();

  const open = messages.flatMap((message) => {
    const rawKey = rawKeyOf(message.body);
    const content = rawKey === undefined ? undefined : contents.get(rawKey);
    // A letter that is kept without its content is acknowledged too; what KV may still have of it stays.
    if (rawKey === undefined || typeof content !== "string") return [message];
    if (content !== MARK) return [noting(message, () => done.add(rawKey))];
    message.ack();
    // Marked again: KV answers with what was a minute ago, and a repeated delivery may have put the content back.
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

/** Somebody may send anything into a queue by hand; who unpacks it says what is wrong. */
const rawKeyOf = (body: Partial<QueueMessage["body"]> | null): string | undefined => body?.rawKey;

async function read(key: string, { kv }: LargeContentPorts): Promise<string | null | Error> {
  try {
    return await kv.get(key);
  } catch (error) {
    return error instanceof Error ? error : new Error("KV failed");
  }
}

/** Content that cannot be replaced goes with its time to live. */
async function mark(key: string, { kv, log, sleep }: LargeContentPorts): Promise<void> {
  const put = (): Promise<void> => kv.put(key, MARK, { expirationTtl: MARK_TTL_SECONDS });
  try {
    await put().catch(() => sleep(SECOND_TRY_MS).then(put));
  } catch (error) {
    log("content_not_cleared", { error: describe(error) });
  }
}

/** The message, with a word to us when it is acknowledged. */
function noting(message: QueueMessage, note: () => void): QueueMessage {
  const { body, attempts } = message;
  return {
    body,
    attempts,
    ack: () => {
      message.ack();
      note();
    },
    retry: (options) => message.retry(options),
  };
}
