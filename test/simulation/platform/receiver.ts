/**
 * Invocations of the receiver after the body was read: the shipping reader and intake. Signatures are not simulated;
 * test/receiver and test/fuzz cover them.
 */
import { createHash } from "node:crypto";
import { readDelivery } from "../../../src/meta/reader/delivery.ts";
import { accept } from "../../../src/receiver/intake.ts";
import type { IntakePorts } from "../../../src/receiver/ports.ts";
import type { Post } from "../meta/deliveries.ts";
import type { Prng } from "../prng.ts";
import { Process } from "../process.ts";
import type { Sim } from "../sim.ts";
import { type KeyValueStore, LOCATIONS } from "./kv.ts";
import type { Queue } from "./queue.ts";

const PROOF = { secret: "instagram", form: "raw" } as const;
/** https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil */
const WAIT_UNTIL_MS = 30_000;

export class Receivers {
  readonly #sim: Sim;
  readonly #queue: Queue;
  readonly #kv: KeyValueStore;
  readonly #prng: Prng;
  #invocations = 0;

  constructor(sim: Sim, queue: Queue, kv: KeyValueStore) {
    this.#sim = sim;
    this.#queue = queue;
    this.#kv = kv;
    this.#prng = sim.prng.fork("receiver");
  }

  readonly post: Post = (body, received, answer) => {
    const { scheduler } = this.#sim;
    const process = new Process(this.#sim, "receiver", String(++this.#invocations), "receiver_killed");
    process.onDeath(() => scheduler.after(10, () => answer(null)));
    scheduler.after(this.#prng.latency(40), () => {
      process.resume(() => {
        received();
        this.#answer(process, body).then(
          (status) => this.#leave(process, status, answer),
          // An exception gives a 503 (src/receiver/app.ts).
          () => this.#leave(process, 503, answer),
        );
      });
    });
  };

  async #answer(process: Process, body: string): Promise<number> {
    const deliveryId = createHash("sha256").update(body).digest("hex");
    const { events } = readDelivery(body, { receivedAt: this.#sim.scheduler.now, deliveryId, proof: PROOF });
    const accepted = await accept({ deliveryId, events, skipSeen: this.#prng.chance(0.1) }, this.#ports(process));
    if (accepted.ok) return 200;
    this.#sim.tally.sometimes(accepted.error.reason === "queue_slow" ? "answer_503_slow_queue" : "answer_503");
    return 503;
  }

  #leave(process: Process, status: number, answer: (status: number | null) => void): void {
    const { scheduler, nemesis } = this.#sim;
    const fault = nemesis.pick("receiver.answer", ["response_lost"]);
    scheduler.after(this.#prng.latency(40), () => answer(fault === null ? status : null));
    const dropped = nemesis.pick("receiver.after", ["wait_until_dropped"]) !== null;
    scheduler.after(dropped ? 0 : WAIT_UNTIL_MS, () => process.kill());
  }

  #ports(process: Process): IntakePorts {
    const location = this.#prng.pick(LOCATIONS);
    return {
      queue: { sendBatch: (messages) => this.#queue.sendBatch(process, messages) },
      kv: {
        get: (keys) => this.#kv.get(process, location, keys),
        put: (key, value, { expirationTtl }) => this.#kv.put(process, location, key, value, expirationTtl),
      },
      clock: {
        after: (delayMs, callback) => {
          const timer = this.#sim.scheduler.after(delayMs, () => process.resume(callback));
          return () => timer.cancel();
        },
      },
      waitUntil: (work) => void work.catch(() => undefined),
      log: () => undefined,
    };
  }
}
