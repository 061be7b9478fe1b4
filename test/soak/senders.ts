/** Sends Meta's deliveries: signed, several at a time, and repeated until they get a 200. */
import { createHmac } from "node:crypto";
import { Random } from "../fuzz/random.ts";
import { type Answer, type Line, pause } from "./line.ts";
import { type PlannedBody, writeBody } from "./plan.ts";
import { APP_SECRET } from "./stack.ts";

const CONCURRENCY = 6;

/** The external state of one event. */
export interface Delivered {
  /** When a delivery with it was first sent, ms since the epoch. No reply may be earlier. */
  firstSentAt: number;
  acknowledged: boolean;
}

interface Delivery {
  ids: readonly string[];
  text: string;
}

export class Senders {
  readonly events = new Map<string, Delivered>();
  /** Unreadable bodies that got a 200. */
  readonly unreadable: string[] = [];
  readonly wrongAnswers: string[] = [];
  resent = 0;
  readonly #line: Line;
  readonly #bodies: readonly PlannedBody[];
  readonly #random: Random;
  /** Echoes that the Graph process has requested. */
  readonly #echoes: Delivery[] = [];
  #next = 0;
  #allowed = 0;
  #underWay = 0;
  #ended = false;
  readonly #loops: Promise<void>[];

  constructor(line: Line, bodies: readonly PlannedBody[], seed: number) {
    this.#line = line;
    this.#bodies = bodies;
    this.#random = new Random(seed, 3);
    this.#loops = Array.from({ length: CONCURRENCY }, () => this.#loop());
  }

  get acknowledged(): number {
    let count = 0;
    for (const { acknowledged } of this.events.values()) if (acknowledged) count++;
    return count;
  }

  /** Released deliveries without a 200. */
  get backlog(): number {
    return this.#allowed - this.#next + this.#echoes.length + this.#underWay;
  }

  /** Releases the plan up to this total share. */
  allow(share: number): void {
    this.#allowed = Math.ceil(this.#bodies.length * Math.min(1, share));
  }

  echo(id: string, text: string): void {
    this.#echoes.push({ ids: [id], text });
  }

  /** Stops the senders when all released deliveries have a 200. */
  async finish(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    for (;;) {
      const delivery = this.#take();
      if (delivery !== null) {
        this.#underWay++;
        await this.#deliver(delivery);
        this.#underWay--;
      } else if (this.#ended) return;
      else await pause(20);
    }
  }

  #take(): Delivery | null {
    const echo = this.#echoes.shift();
    if (echo !== undefined) return echo;
    const body = this.#next < this.#allowed ? this.#bodies[this.#next] : undefined;
    if (body === undefined) return null;
    this.#next++;
    return { ids: body.events.map(({ id }) => id), text: writeBody(body, Date.now()) };
  }

  async #deliver({ ids, text }: Delivery): Promise<void> {
    for (const id of ids) {
      if (!this.events.has(id)) this.events.set(id, { firstSentAt: Date.now(), acknowledged: false });
    }
    // Sometimes the same delivery arrives twice at the same time.
    if (this.#random.chance(0.03)) void this.#post(text).catch(() => null);
    for (let attempt = 0; ; attempt++) {
      if (attempt > 0) {
        this.resent++;
        await pause(this.#random.int(80, 350));
      }
      const answer = await this.#post(text).catch(() => null);
      if (answer?.status !== 200) continue;
      const { received } = JSON.parse(answer.text) as { received: number };
      if (received !== Math.max(1, ids.length)) this.wrongAnswers.push(`${answer.text} for ${ids.length}`);
      for (const id of ids) Object.assign(this.events.get(id) ?? {}, { acknowledged: true });
      if (ids.length === 0) this.unreadable.push(text);
      return;
    }
  }

  #post(text: string): Promise<Answer> {
    const signature = createHmac("sha256", APP_SECRET).update(text).digest("hex");
    const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
    return this.#line.request("/webhooks", { method: "POST", headers, body: text });
  }
}
