/**
 * Queue replyline-dead: events that no retry could deliver. They are stored in the Directory, where they are shown and
 * can be replayed.
 */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import { describe, type Log } from "../log.ts";
import type { QueueMessage } from "./events.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

export interface DeadLetterPorts {
  unpack(queued: QueuedEvent): Promise<MetaEvent>;
  storeDeadLetters(deadLetters: { event: QueuedEvent; attempts: number }[]): Promise<void>;
  log: Log;
  random(): number;
}

/** Never throws. A dead letter is acknowledged only after it is stored. */
export async function consumeDeadLetters(messages: readonly QueueMessage[], ports: DeadLetterPorts): Promise<void> {
  await Promise.all(
    messages.map(async (message) => {
      const { accountId, id: eventId } = message.body;
      try {
        await ports.storeDeadLetters([{ event: await withContent(message.body, ports), attempts: message.attempts }]);
        ports.log("dead_letter_kept", { accountId, eventId });
        message.ack();
      } catch (error) {
        const delaySeconds = retryDelaySeconds(message.attempts, ports.random());
        ports.log("dead_letter_failed", { accountId, eventId, delaySeconds, error: describe(error) });
        message.retry({ delaySeconds });
      }
    }),
  );
}

/**
 * Adds the content if it is available. Otherwise the dead letter keeps its KV key, and is redriven only after the
 * content is available.
 */
async function withContent(queued: QueuedEvent, ports: DeadLetterPorts): Promise<QueuedEvent> {
  try {
    return await ports.unpack(queued);
  } catch {
    const { rawGzip: _, ...rest } = queued;
    return { ...rest, rawKey: queued.rawKey ?? "" };
  }
}
