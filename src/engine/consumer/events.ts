/**
 * Queue replyline-events: each batch becomes one call per account. Every message is acknowledged or retried separately.
 * The handler never throws: a throw would retry the whole batch, including messages that are done.
 * https://developers.cloudflare.com/queues/configuration/batching-retries/
 */
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import { describe, type Log } from "../log.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

export interface ConsumerPorts {
  unpack(queued: QueuedEvent): Promise<MetaEvent>;
  ingest(accountId: string, events: MetaEvent[]): Promise<void>;
  quarantine(events: MetaEvent[]): Promise<void>;
  log: Log;
  random(): number;
}

/** The part of a queue message that is used here. */
export type QueueMessage = Pick<Message<QueuedEvent>, "body" | "attempts" | "ack" | "retry">;

interface Unpacked {
  message: QueueMessage;
  event: MetaEvent;
}

/** Never throws. A message is acknowledged only after its account or the quarantine has stored the event. */
export async function consumeEvents(messages: readonly QueueMessage[], ports: ConsumerPorts): Promise<void> {
  const unpacked = (await Promise.all(messages.map((message) => unpackOne(message, ports)))).filter(
    (one) => one !== null,
  );
  const groups = Map.groupBy(unpacked, ({ event }) => (event.kind === "quarantine" ? "" : event.accountId));
  await Promise.all(Array.from(groups, ([accountId, group]) => deliver(accountId, group, ports)));
}

async function unpackOne(message: QueueMessage, ports: ConsumerPorts): Promise<Unpacked | null> {
  try {
    return { message, event: await ports.unpack(message.body) };
  } catch (error) {
    retry(message, ports, { error: describe(error) });
    return null;
  }
}

/** Delivers the batch's events of one account, in one call. */
async function deliver(accountId: string, group: readonly Unpacked[], ports: ConsumerPorts): Promise<void> {
  const events = group.map(({ event }) => event);
  try {
    // A person must look at an event without an account, or one that could not be read.
    if (accountId === "") await ports.quarantine(events);
    else await ports.ingest(accountId, events);
    for (const { message } of group) message.ack();
  } catch (error) {
    for (const { message } of group) retry(message, ports, { accountId, error: describe(error) });
  }
}

function retry(message: QueueMessage, ports: ConsumerPorts, why: { accountId?: string; error: string }): void {
  const delaySeconds = retryDelaySeconds(message.attempts, ports.random());
  ports.log("ingest_failed", { ...why, attempts: message.attempts, delaySeconds });
  message.retry({ delaySeconds });
}
