/**
 * Simulates Meta's deliveries: in batches, repeated for 36 hours until a 200, sometimes twice, and in no order.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started
 */
import type { Prng } from "../prng.ts";
import { note, type Sim } from "../sim.ts";
import { deliveryBody, type Item } from "./items.ts";

/** For Meta, no response within 5 seconds is a failure. */
const ANSWER_MS = 5_000;
const GIVE_UP_MS = 36 * 3_600_000;
/** The first retry is immediate. Meta documents only "a few more times, with decreasing frequency". */
const LADDER_MS = [0, 10_000, 60_000, 300_000, 900_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000];
const MAX_ITEMS = 1_000;

/** @param received called when a receiver has read the body */
export type Post = (body: string, received: () => void, answer: (status: number | null) => void) => void;

interface Delivery {
  items: Item[];
  failures: number;
  firstTriedAt: number;
}

export class Deliveries {
  readonly #sim: Sim;
  readonly #post: Post;
  readonly #prng: Prng;
  readonly #waiting = new Map<string, Item[]>();
  #outstanding = 0;
  #number = 0;

  constructor(sim: Sim, post: Post) {
    this.#sim = sim;
    this.#post = post;
    this.#prng = sim.prng.fork("deliveries");
  }

  /** Items without a 200 that Meta still retries. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Adds a new item to the next delivery. */
  registerAwake(item: Item): void {
    this.#outstanding++;
    const waiting = this.#waiting.get(item.object);
    if (waiting !== undefined) {
      waiting.push(item);
      return;
    }
    this.#waiting.set(item.object, [item]);
    // Sometimes Meta collects many items and sends them as one delivery.
    const waitMs = this.#prng.chance(0.1) ? this.#prng.between(5_000, 120_000) : this.#prng.latency(600);
    this.#sim.scheduler.after(waitMs, () => this.#flush(item.object));
  }

  #flush(object: string): void {
    const items = this.#waiting.get(object) ?? [];
    this.#waiting.delete(object);
    while (items.length > 0) {
      const size = this.#prng.chance(0.3) ? 1 : this.#prng.pick([5, 25, 26, 100, 300, MAX_ITEMS]);
      this.#begin(items.splice(0, size), 0, this.#sim.scheduler.now);
    }
  }

  #begin(items: Item[], failures: number, firstTriedAt: number): void {
    const { nemesis, scheduler } = this.#sim;
    const delivery: Delivery = { items, failures, firstTriedAt };
    const fault = nemesis.pick("meta.delivery", ["delivery_duplicated", "delivery_held"]);
    const delayMs = fault === "delivery_held" ? this.#prng.between(1_000, 1_200_000) : 0;
    if (fault === "delivery_duplicated") {
      const againMs = this.#prng.chance(0.5) ? this.#prng.between(0, 50) : this.#prng.between(1_000, 300_000);
      scheduler.after(againMs, () => this.#send(items, () => undefined));
    }
    scheduler.after(delayMs, () => this.#try(delivery));
  }

  #try(delivery: Delivery): void {
    this.#send(delivery.items, (status) => {
      if (status === 200) {
        for (const item of delivery.items) this.#acknowledge(item);
        return;
      }
      this.#again(delivery);
    });
  }

  #send(items: readonly Item[], answered: (status: number | null) => void): void {
    const { scheduler } = this.#sim;
    const number = ++this.#number;
    note(this.#sim, "deliver", "", `${number}: ${items.map(({ key }) => key).join(" ")}`);
    let over = false;
    const end = (status: number | null): void => {
      if (over) return;
      over = true;
      note(this.#sim, "deliver", "", `${number} answered ${status ?? "nothing"} for ${items[0]?.key ?? ""}`);
      answered(status);
    };
    scheduler.after(ANSWER_MS, () => end(null));
    const received = (): void => {
      for (const item of items) item.receivedAt ??= scheduler.now;
    };
    this.#post(deliveryBody(items), received, end);
  }

  #acknowledge(item: Item): void {
    if (item.acknowledgedAt !== null) return;
    item.acknowledgedAt = this.#sim.scheduler.now;
    if (!item.givenUp) this.#outstanding--;
  }

  #again({ items, failures, firstTriedAt }: Delivery): void {
    const { nemesis, scheduler } = this.#sim;
    const delayMs = LADDER_MS[Math.min(failures, LADDER_MS.length - 1)] ?? 0;
    if (scheduler.now + delayMs > firstTriedAt + GIVE_UP_MS) {
      for (const item of items) {
        if (item.acknowledgedAt !== null) continue;
        item.givenUp = true;
        this.#outstanding--;
      }
      return;
    }
    scheduler.after(delayMs * this.#prng.between(1, 1.2), () => {
      const recut = items.length > 1 && nemesis.pick("meta.recut", ["delivery_recut"]) !== null;
      const cut = recut ? this.#prng.whole(1, items.length - 1) : items.length;
      for (const part of [items.slice(0, cut), items.slice(cut)]) {
        if (part.length > 0) this.#begin(part, failures + 1, firstTriedAt);
      }
    });
  }
}
