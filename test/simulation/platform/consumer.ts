/** What the engine does with a batch (src/engine/index.ts), around the shipping handlers. */
import type { MetaEvent, QueuedEvent } from "../../../src/core/event.ts";
import { consumeDeadLetters } from "../../../src/engine/consumer/dead-letters.ts";
import { consumeEvents } from "../../../src/engine/consumer/events.ts";
import type { Log } from "../../../src/engine/log.ts";
import type { Prng } from "../prng.ts";
import { type Hosts, objectsFor } from "./objects.ts";
import type { Consume } from "./queue.ts";

export function consumeNew(hosts: Hosts, prng: Prng, log: Log): Consume {
  return (process, messages) => {
    const objects = objectsFor(process, hosts);
    return consumeEvents(messages, {
      unpack,
      ingest: async (accountId, events) =>
        void (await objects.account(accountId, (to) => to.ingest(accountId, events))),
      quarantine: (events) => objects.directory((to) => to.quarantine(events)),
      log,
      random: () => prng.next(),
    });
  };
}

export function consumeDead(hosts: Hosts, prng: Prng, log: Log): Consume {
  return (process, messages) => {
    const objects = objectsFor(process, hosts);
    return consumeDeadLetters(messages, {
      unpack,
      storeDeadLetters: (letters) => objects.directory((to) => to.storeDeadLetters(letters)),
      log,
      random: () => prng.next(),
    });
  };
}

/** Events of the simulation are small, so they are sent unchanged. */
async function unpack(queued: QueuedEvent): Promise<MetaEvent> {
  const { rawGzip, rawKey, ...event } = queued;
  if (rawGzip !== undefined || rawKey !== undefined) throw new Error("too large an event for the simulation");
  return event;
}
