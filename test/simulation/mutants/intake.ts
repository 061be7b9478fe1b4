/** Mutants of the ingest path: receiver, queue, consumer, event ids. */
import type { Mutant } from "./mutant.ts";

const INTAKE = "src/receiver/intake.ts";
const QUEUED = `    const queued = await enqueue(fresh, ports);
    if (!queued.ok) return queued;
    if (!skipSeen) ports.waitUntil(markSeen(keys.filter(isNew), ports));`;

export const INTAKE_MUTANTS: readonly Mutant[] = [
  {
    name: "ack before enqueue",
    without: "a 200 is sent only after the queue has confirmed",
    patches: [{ file: INTAKE, find: QUEUED, replace: "    ports.waitUntil(enqueue(fresh, ports));" }],
    runs: [{ workload: "busy", prompts: 600 }],
    caughtBy: ["LOST"],
  },
  {
    name: "KV mark first",
    without: "a key in KV proves that the event is stored",
    patches: [
      {
        file: INTAKE,
        find: QUEUED,
        replace: `    await markSeen(keys.filter(isNew), ports);
    const queued = await enqueue(fresh, ports);
    if (!queued.ok) return queued;`,
      },
    ],
    runs: [{ workload: "busy", prompts: 900 }],
    caughtBy: ["LOST"],
  },
  {
    name: "failure answered 200",
    without: "503 if the queue did not confirm",
    patches: [{ file: INTAKE, find: "    if (!queued.ok) return queued;\n", replace: "" }],
    runs: [{ workload: "busy", prompts: 600 }],
    caughtBy: ["LOST"],
  },
  {
    name: "batch as one message",
    without: "one queue message per event",
    patches: [
      {
        file: "src/receiver/enqueue.ts",
        find: "  await inParallel(batch(messages), signal, (batched) => ports.queue.sendBatch(batched));",
        replace: `  const bodies = messages.map(({ message }) => message.body);
  await ports.queue.sendBatch([{ body: { ...bodies[0], bodies }, contentType: "json" }]);`,
      },
      {
        file: "src/engine/consumer/events.ts",
        find: "(await Promise.all(messages.map((message) => unpackOne(message, ports))))",
        replace: `(await Promise.all(messages.flatMap((message) => message.body.bodies.map((body) => unpackOne(
    { body, attempts: message.attempts, ack: () => message.ack(), retry: (options) => message.retry(options) }, ports)))))`,
      },
    ],
    runs: [{ workload: "live", prompts: 1_500 }],
    caughtBy: ["UNDELIVERED", "LOST"],
  },
  {
    name: "low retries, no dead letters",
    without: "retries for most of a day, then a dead-letter queue",
    patches: [
      {
        file: "wrangler.engine.toml",
        find: 'max_retries = 24\ndead_letter_queue = "replyline-dead"',
        replace: "max_retries = 3",
      },
    ],
    runs: [{ workload: "outages", prompts: 120 }],
    caughtBy: ["LOST"],
  },
  {
    name: "retries for days",
    without: "the retries end before the queue deletes the message",
    patches: [
      {
        file: "wrangler.engine.toml",
        find: "max_retries = 24\n",
        replace: "max_retries = 100\n",
      },
    ],
    runs: [{ workload: "outages", prompts: 120 }],
    caughtBy: ["LOST"],
  },
  {
    name: "ack in the catch",
    without: "a message is acknowledged only after it is in its ledger",
    patches: [
      {
        file: "src/engine/consumer/events.ts",
        find: "for (const { message } of group) retry(message, ports, { accountId, error: describe(error) });",
        replace: "for (const { message } of group) message.ack();",
      },
    ],
    runs: [{ workload: "busy", prompts: 600 }],
    caughtBy: ["LOST"],
  },
  {
    name: "body-hash identity",
    without: "an event's id is made from Meta's id",
    patches: [
      {
        file: "src/meta/reader/delivery.ts",
        find: "      v: 1,\n      id,\n",
        replace: "      v: 1,\n      id: `${deliveryId}:${this.#events.length}`,\n",
      },
    ],
    runs: [{ workload: "busy", prompts: 900 }],
    caughtBy: ["DUPLICATED"],
  },
];
