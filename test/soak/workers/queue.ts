/**
 * A queue that survives `kill -9`. The local emulation of Cloudflare Queues is in memory, so a killed `wrangler dev`
 * would lose confirmed messages; the real queue does not. This Worker replaces it in the soak only. It stores messages
 * in a Durable Object and delivers them by alarm, at least once and in no order, with the faults that a real queue may
 * have.
 */
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import type { QueuedEvent } from "../../../src/core/event.ts";
import type { QueuedMessage, QueueFigures, Decision } from "./delivery.ts";

interface QueueEnv {
  STORE: DurableObjectNamespace<QueueStore>;
  CONSUMER: { deliver(queue: string, messages: readonly QueuedMessage[]): Promise<Decision[]> };
  SOAK_SEED: string;
  /** "on": a planted bug. */
  FORGETFUL: string;
  /** The values of wrangler.engine.toml. */
  MAX_BATCH_SIZE: string;
  MAX_RETRIES: string;
  QUEUE: string;
  DEAD_LETTER_QUEUE: string;
}

interface Sent {
  body: QueuedEvent;
  contentType?: string;
}

/** Bound to the receiver as `EVENTS`, instead of a queue producer. */
export class EventsQueue extends WorkerEntrypoint<QueueEnv> {
  /** Resolves when the messages are stored: the object responds only after its writes are on disk. */
  async sendBatch(messages: readonly Sent[]): Promise<void> {
    const store = this.env.STORE.getByName("queue");
    const bodies = messages.map(({ body }) => body);
    if (this.env.FORGETFUL !== "on") return store.append(bodies);
    const later = new Promise((resolve) => setTimeout(resolve, FORGETFUL_MS));
    this.ctx.waitUntil(later.then(() => store.append(bodies)));
  }
  async send(body: QueuedEvent): Promise<void> {
    await this.sendBatch([{ body }]);
  }
  figures(): Promise<QueueFigures> {
    return this.env.STORE.getByName("queue").figures();
  }
}

/** Share of messages that are queued twice, and of acknowledgements that are lost. */
const DUPLICATES = 0.02;
const LOST_ACKS = 0.01;
/** How long the planted bug keeps messages in memory after it has confirmed them. */
const FORGETFUL_MS = 500;
/** A delivered message without a decision is delivered again after this time. */
const INVISIBLE_MS = 8_000;
/** A run ends after this time, and the next alarm continues. */
const RUN_MS = 3_000;
const LEASE_MS = 500;

type Count = Exclude<keyof QueueFigures, "depth">;
interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  queue: string;
  body: string;
  gzip: ArrayBuffer | null;
  attempts: number;
  queued_at: number;
}

export class QueueStore extends DurableObject<QueueEnv> {
  readonly #sql: SqlStorage;
  #running = false;

  constructor(ctx: DurableObjectState, env: QueueEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS messages (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      queue TEXT NOT NULL,
      body TEXT NOT NULL,
      gzip BLOB,
      attempts INTEGER NOT NULL,
      queued_at INTEGER NOT NULL,
      visible_at INTEGER NOT NULL
    ) STRICT`);
    this.#sql.exec("CREATE INDEX IF NOT EXISTS messages_visible ON messages (visible_at)");
    this.#sql.exec("CREATE TABLE IF NOT EXISTS figures (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT");
  }

  async append(bodies: readonly QueuedEvent[]): Promise<void> {
    const now = Date.now();
    for (const body of bodies) {
      const seq = this.#insert(body, now);
      // Later, because the copy that arrives after the response is the interesting case.
      if (chance(this.env.SOAK_SEED, "duplicate", seq) < DUPLICATES) {
        this.#insert(body, now + 200 + Math.floor(chance(this.env.SOAK_SEED, "later", seq) * 4_000));
        this.#count("duplicated", 1);
      }
    }
    this.#count("taken", bodies.length);
    await this.ctx.storage.setAlarm(now);
  }

  async figures(): Promise<QueueFigures> {
    const figures: QueueFigures = {
      depth: Number(this.#sql.exec("SELECT count(*) AS n FROM messages").one()["n"]),
      taken: 0,
      delivered: 0,
      duplicated: 0,
      acksLost: 0,
      retried: 0,
      died: 0,
      brokenOff: 0,
    };
    for (const { name, value } of this.#sql.exec<{ name: Count; value: number }>("SELECT name, value FROM figures")) {
      figures[name] = value;
    }
    return figures;
  }

  override async alarm(): Promise<void> {
    // Set first, so that a killed run is repeated.
    await this.ctx.storage.setAlarm(Date.now() + LEASE_MS);
    if (this.#running) return;
    this.#running = true;
    try {
      const endsAt = Date.now() + RUN_MS;
      while (Date.now() < endsAt && (await this.#deliverBatch()))
        await this.ctx.storage.setAlarm(Date.now() + LEASE_MS);
    } finally {
      this.#running = false;
    }
    const next = this.#sql.exec<{ at: number | null }>("SELECT min(visible_at) AS at FROM messages").one().at;
    if (next === null) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(next, Date.now()));
  }

  /** @returns whether there was anything to deliver */
  async #deliverBatch(): Promise<boolean> {
    const now = Date.now();
    const [first] = this.#sql.exec<Row>(`${VISIBLE} LIMIT 1`, now);
    if (first === undefined) return false;
    const { queue } = first;
    const rows = this.#sql.exec<Row>(`${VISIBLE} AND queue = ? LIMIT ?`, now, queue, Number(this.env.MAX_BATCH_SIZE));
    const batch = rows.toArray();
    for (const { seq } of batch) {
      this.#sql.exec(
        "UPDATE messages SET attempts = attempts + 1, visible_at = ? WHERE seq = ?",
        now + INVISIBLE_MS,
        seq,
      );
    }
    this.#count("delivered", batch.length);
    this.#count("brokenOff", 1);
    let decisions: Decision[];
    try {
      decisions = await this.env.CONSUMER.deliver(queue, batch.map(toMessage));
    } catch {
      // The engine was killed. The messages become visible again after a timeout.
      return false;
    }
    this.#count("brokenOff", -1);
    for (const [index, row] of batch.entries()) this.#settle(row, decisions[index] ?? null);
    return true;
  }

  #settle(row: Row, decision: Decision): void {
    const now = Date.now();
    const attempts = row.attempts + 1;
    if (decision === null || decision.ack) {
      if (chance(this.env.SOAK_SEED, "ack", row.seq * 1_000 + attempts) < LOST_ACKS) {
        // The acknowledgement is lost: the message stays invisible for a while, then it is delivered again.
        this.#sql.exec("UPDATE messages SET visible_at = ? WHERE seq = ?", now + 1_500, row.seq);
        this.#count("acksLost", 1);
      } else {
        this.#sql.exec("DELETE FROM messages WHERE seq = ?", row.seq);
      }
      return;
    }
    this.#count("retried", 1);
    if (attempts > Number(this.env.MAX_RETRIES) && row.queue === this.env.QUEUE) {
      const move = "UPDATE messages SET queue = ?, attempts = 0, visible_at = ? WHERE seq = ?";
      this.#sql.exec(move, this.env.DEAD_LETTER_QUEUE, now, row.seq);
      this.#count("died", 1);
      return;
    }
    this.#sql.exec("UPDATE messages SET visible_at = ? WHERE seq = ?", now + decision.delaySeconds * 1_000, row.seq);
  }

  #insert({ rawGzip, ...body }: QueuedEvent, visibleAt: number): number {
    const gzip = rawGzip === undefined ? null : new Uint8Array(rawGzip).buffer;
    const insert =
      "INSERT INTO messages (queue, body, gzip, attempts, queued_at, visible_at) VALUES (?, ?, ?, 0, ?, ?) RETURNING seq";
    const values = [this.env.QUEUE, JSON.stringify(body), gzip, Date.now(), visibleAt];
    return this.#sql.exec<{ seq: number }>(insert, ...values).one().seq;
  }

  #count(name: Count, by: number): void {
    this.#sql.exec(
      "INSERT INTO figures (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
      name,
      by,
    );
  }
}

/** Without ORDER BY, because a queue guarantees no order. */
const VISIBLE = "SELECT * FROM messages WHERE visible_at <= ?";

function toMessage({ seq, body, gzip, attempts, queued_at }: Row): QueuedMessage {
  const event = JSON.parse(body) as QueuedEvent;
  if (gzip !== null) event.rawGzip = new Uint8Array(gzip);
  return { id: `soak-${seq}`, timestamp: queued_at, attempts: attempts + 1, body: event };
}

/** In [0, 1): the same for the same seed, purpose and number, also after kills (FNV-1a). */
function chance(seed: string, purpose: string, n: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed} ${purpose} ${n}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32;
}

export default { fetch: () => new Response(null, { status: 404 }) } satisfies ExportedHandler<QueueEnv>;
