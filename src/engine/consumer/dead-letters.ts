/** Queue replyline-dead: what no retry could deliver is kept in the Directory, where it is shown and can be replayed. */
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

/** Never throws. A letter is acknowledged only when it is kept. */
export async function consumeDeadLetters(messages: readonly QueueMessage[], ports: DeadLetterPorts): Promise<void> {
  await Promise.all(
    messages.map(async (message) => {
      const { accountId, id: eventId } = message.body;
      try {
        await ports.storeDeadLetters([{ event: await whole(message.body, ports), attempts: message.attempts }]);
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

/** With its content where that can be had. Without it the letter says where it was looked for, and is not redriven as it is. */
async function whole(queued: QueuedEvent, ports: DeadLetterPorts): Promise<QueuedEvent> {
  try {
    return await ports.unpack(queued);
  } catch {
    const { rawGzip: _, ...rest } = queued;
    return { ...rest, rawKey: queued.rawKey ?? "" };
  }
}
