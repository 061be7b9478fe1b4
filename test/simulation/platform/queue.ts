/**
 * A Cloudflare Queue: at-least-once delivery, in no order. A message is deleted when it is acknowledged, when its
 * retries are used up (then it moves to the dead-letter queue, if there is one), or when the retention period ends.
 * https://developers.cloudflare.com/queues/reference/delivery-guarantees/
 */
import type { QueuedEvent } from "../../../src/core/event.ts";
import type { QueueMessage } from "../../../src/engine/consumer/events.ts";
import { Process } from "../process.ts";
import type { Prng } from "../prng.ts";
import { note, type Sim } from "../sim.ts";
import type { QueueSettings } from "./settings.ts";

/** https://developers.cloudflare.com/queues/platform/limits/ */
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES = 256_000;
const MAX_MESSAGE_BYTES = 128_000;
/** Retention of the free plan, which is fixed. The paid plan has four days by default and at most fourteen. */
const RETENTION_MS = 86_400_000;
/** A consumer invocation may take 15 minutes. */
const INVOCATION_MS = 900_000;
/** workerd#6053: a sendBatch took 57 s and then failed. */
const HANG_MS = 57_000;

interface Stored {
  body: QueuedEvent;
  attempts: number;
  since: number;
}

/** Runs the consumer's handler over a batch. */
export type Consume = (process: Process, messages: QueueMessage[]) => Promise<void>;

export class Queue {
  readonly #sim: Sim;
  readonly #settings: QueueSettings;
  readonly #consume: Consume;
  readonly #dead: Queue | null;
  readonly #prng: Prng;
  #ready: Stored[] = [];
  #flushing = false;
  #size = 0;
  #invocations = 0;

  constructor(sim: Sim, settings: QueueSettings, consume: Consume, dead: Queue | null) {
    this.#sim = sim;
    this.#settings = settings;
    this.#consume = consume;
    this.#dead = dead;
    this.#prng = sim.prng.fork(`queue ${settings.queue}`);
  }

  /** Number of messages that are not acknowledged yet. */
  get size(): number {
    return this.#size;
  }

  /** The producer binding of a process. */
  sendBatch(process: Process, messages: readonly { body: QueuedEvent }[]): Promise<void> {
    return process.wait((settlement) => {
      const { scheduler, nemesis } = this.#sim;
      const problem = tooLarge(messages);
      if (problem !== null) {
        scheduler.after(10, () => settlement.fail(new Error(problem)));
        return;
      }
      const bodies = messages.map(({ body }) => body);
      const fault = nemesis.pick("queue.send", [
        "queue_refused",
        "queue_partly_stored",
        "queue_stored_but_failed",
        "queue_hung",
      ]);
      const ms = this.#prng.latency(25);
      switch (fault) {
        case null:
          scheduler.after(ms, () => {
            this.#store(bodies);
            settlement.ok();
          });
          return;
        case "queue_refused":
          scheduler.after(ms, () => settlement.fail(new Error("Queue is overloaded. Please back off.")));
          return;
        case "queue_partly_stored":
        case "queue_stored_but_failed":
          scheduler.after(ms, () => {
            this.#store(fault === "queue_partly_stored" ? bodies.filter(() => this.#prng.chance(0.5)) : bodies);
            settlement.fail(new Error("Unknown Internal Error (15000)"));
          });
          return;
        case "queue_hung":
          scheduler.after(HANG_MS, () => {
            if (this.#prng.chance(0.5)) this.#store(bodies);
            settlement.fail(new Error("Queue is overloaded. Please back off."));
          });
      }
    });
  }

  #store(bodies: readonly QueuedEvent[]): void {
    for (const body of bodies) this.#add({ body, attempts: 0, since: this.#sim.scheduler.now }, 0);
  }

  #add(message: Stored, delayMs: number): void {
    const { nemesis, scheduler } = this.#sim;
    this.#size++;
    const fault = nemesis.pick("queue.message", ["queue_duplicate", "queue_delayed"]);
    if (fault === "queue_duplicate") {
      this.#size++;
      scheduler.after(this.#prng.between(0, 60_000), () => this.#offer({ ...message }));
    }
    const waitMs = delayMs + (fault === "queue_delayed" ? this.#prng.between(1_000, 300_000) : 0);
    if (waitMs === 0) this.#offer(message);
    else scheduler.after(waitMs, () => this.#offer(message));
  }

  #offer(message: Stored): void {
    if (this.#sim.scheduler.now - message.since > RETENTION_MS) {
      note(this.#sim, "queue", "", `too old ${message.body.id}`);
      this.#size--;
      return;
    }
    this.#ready.push(message);
    if (this.#ready.length >= this.#settings.maxBatchSize) this.#flush();
    else if (!this.#flushing) {
      this.#flushing = true;
      this.#sim.scheduler.after(this.#settings.maxBatchTimeoutMs, () => {
        this.#flushing = false;
        this.#flush();
      });
    }
  }

  #flush(): void {
    const batch = this.#ready.splice(0, this.#settings.maxBatchSize);
    if (batch.length === 0) return;
    // The order is not guaranteed.
    this.#invoke(this.#prng.shuffle(batch));
    if (this.#ready.length > 0) this.#flush();
  }

  #invoke(batch: readonly Stored[]): void {
    const { scheduler, nemesis } = this.#sim;
    const { queue } = this.#settings;
    const process = new Process(this.#sim, "consumer", `${queue}.${++this.#invocations}`, "consumer_killed");
    const decisions = new Map<Stored, { retryAfterMs: number } | "ack">();
    let over = false;
    const end = (succeeded: boolean): void => {
      if (over) return;
      over = true;
      const forgotten = succeeded && nemesis.pick("queue.ack", ["ack_lost"]) !== null;
      for (const message of batch) {
        const decision = decisions.get(message) ?? (succeeded ? "ack" : { retryAfterMs: 0 });
        // The decisions of a killed invocation are lost.
        if (forgotten || (!succeeded && !process.alive)) this.#again(message, 0);
        else if (decision === "ack") this.#size--;
        else this.#again(message, decision.retryAfterMs);
      }
    };
    process.onDeath(() => scheduler.after(50, () => end(false)));
    const messages = batch.map((message): QueueMessage => ({
      body: message.body,
      attempts: message.attempts + 1,
      ack: () => {
        if (!decisions.has(message)) decisions.set(message, "ack");
      },
      retry: (options) => {
        if (!decisions.has(message)) decisions.set(message, { retryAfterMs: (options?.delaySeconds ?? 0) * 1_000 });
      },
    }));
    note(this.#sim, "consumer", process.name, `takes ${batch.length}`);
    scheduler.ranCode();
    this.#consume(process, messages).then(
      () => scheduler.after(5, () => process.alive && end(true)),
      () => scheduler.after(5, () => process.alive && end(false)),
    );
    scheduler.after(INVOCATION_MS, () => !over && process.kill());
  }

  #again(message: Stored, delayMs: number): void {
    this.#size--;
    message.attempts++;
    if (message.attempts <= this.#settings.maxRetries) {
      this.#add(message, delayMs + this.#prng.whole(1, 50));
      return;
    }
    note(this.#sim, "queue", "", `retries out ${message.body.id}`);
    this.#dead?.adopt(message.body);
  }

  /** Accepts a message whose retries in another queue are used up. */
  adopt(body: QueuedEvent): void {
    this.#add({ body, attempts: 0, since: this.#sim.scheduler.now }, 0);
  }
}

function tooLarge(messages: readonly { body: QueuedEvent }[]): string | null {
  if (messages.length > MAX_BATCH_MESSAGES) return "Too many messages in a batch.";
  let bytes = 0;
  for (const { body } of messages) {
    const size = Buffer.byteLength(JSON.stringify(body));
    if (size > MAX_MESSAGE_BYTES) return "A message is too large.";
    bytes += size;
  }
  return bytes > MAX_BATCH_BYTES ? "The batch is too large." : null;
}
