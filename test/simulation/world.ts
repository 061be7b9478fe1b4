/**
 * One simulated world: Meta on one side, the shipping receiver, queue consumer, objects and watchdog on the other, and
 * the injected faults between them.
 */
import type { MetaEvent } from "../../src/core/event.ts";
import type { AccountCore } from "../../src/engine/account/account.ts";
import type { AccountRpc } from "../../src/engine/object-rpc.ts";
import type { SendResponse, SendOrder } from "../../src/engine/account/ports.ts";
import type { DirectoryCore } from "../../src/engine/directory/directory.ts";
import type { Log } from "../../src/engine/log.ts";
import { anybodyAwake } from "./checker/ledger.ts";
import { Witness } from "./checker/witness.ts";
import { Deliveries } from "./meta/deliveries.ts";
import { Echoes } from "./meta/echoes.ts";
import { Graph } from "./meta/graph.ts";
import type { Item } from "./meta/items.ts";
import { type Effect, type Prompt, History } from "./meta/history.ts";
import { buildAccount, DEFER_SECONDS } from "./platform/account.ts";
import { consumeDead, consumeNew } from "./platform/consumer.ts";
import { Cron } from "./platform/cron.ts";
import { buildDirectory } from "./platform/directory.ts";
import { KeyValueStore } from "./platform/kv.ts";
import { type Instance, ObjectHost } from "./platform/object.ts";
import { type Hosts, objectsFor } from "./platform/objects.ts";
import { Queue } from "./platform/queue.ts";
import { Receivers } from "./platform/receiver.ts";
import { Sender } from "./platform/sender.ts";
import { queueSettings } from "./platform/settings.ts";
import type { StoragePool } from "./platform/storage.ts";
import { Process, sleep } from "./process.ts";
import type { Sim } from "./sim.ts";

/** `Settings.takeover.holdMinutes`, by default. */
const HOLD_MS = 3_600_000;

/** Minimum wait after a throttling error without a time: one minute. */
const FIRST_WAIT_MS = 60_000;

/** Errors that Cloudflare throws. The code must handle them and may log them. */
const PLATFORM_ERROR = /Network connection lost|Durable Object/;

export class World {
  readonly sim: Sim;
  readonly history = new History();
  readonly witness: Witness;
  readonly deliveries: Deliveries;
  readonly events: Queue;
  readonly dead: Queue;
  readonly directory: ObjectHost<DirectoryCore>;
  readonly accounts = new Map<string, ObjectHost<AccountCore>>();
  readonly cron: Cron;
  readonly sender: Sender;
  /** Time of the last planned action at Meta or of the last call that arrived there. */
  lastActionAt = 0;
  readonly #pool: StoragePool;
  readonly #hosts: Hosts;
  readonly #byRaw = new Map<string, Item[]>();
  /** The latest attempt of each reply whose result reached its object. */
  readonly #answeredAttempts = new Map<string, number>();
  #replies = 0;

  constructor(sim: Sim, pool: StoragePool) {
    this.sim = sim;
    this.#pool = pool;
    this.witness = new Witness(sim, this.history, DEFER_SECONDS * 1_000, HOLD_MS);
    this.directory = new ObjectHost<DirectoryCore>(sim, "directory", pool.take("directory"), {
      build: (instance) => buildDirectory(instance, () => this.#hosts),
      alarm: null,
    });
    this.#hosts = {
      account: (accountId) => this.account(accountId),
      directory: this.directory,
      anybodyAwake: () => anybodyAwake(this),
      ingested: (accountId, events) => this.#ingested(accountId, events),
    };
    const settings = new Map(queueSettings().map((queue) => [queue.queue, queue]));
    const of = (name: string) => {
      const found = settings.get(name);
      if (found === undefined) throw new Error(`wrangler.engine.toml has no consumer of ${name}`);
      return found;
    };
    const log = this.logOf(() => true);
    const consumers = sim.prng.fork("consumers");
    this.dead = new Queue(sim, of("replyline-dead"), consumeDead(this.#hosts, consumers.fork("dead"), log), null);
    const events = of("replyline-events");
    this.events = new Queue(
      sim,
      events,
      consumeNew(this.#hosts, consumers.fork("events"), log),
      events.deadLetterQueue === null ? null : this.dead,
    );
    const receivers = new Receivers(sim, this.events, new KeyValueStore(sim));
    this.deliveries = new Deliveries(sim, receivers.post);
    const echoes = new Echoes(this);
    const graph = new Graph(sim, this.history, {
      arrived: ({ way, account, prompt, personId }) => {
        this.lastActionAt = Math.max(this.lastActionAt, sim.scheduler.now);
        this.witness.arrived(account.id, prompt, personId, way);
      },
      sent: ({ way, account, prompt, personId, metadata }, effect) => {
        this.witness.happened(account.id, prompt, personId, effect);
        if (way === "public_reply" && prompt !== null) echoes.comment(account, prompt, effect);
        else echoes.message(account, personId, effect, metadata);
      },
    });
    this.sender = new Sender(sim, graph);
    this.cron = new Cron(sim, this.#hosts, log);
  }

  /** The object of an account, created at first use, as on Cloudflare. */
  account(accountId: string): ObjectHost<AccountCore> {
    const known = this.accounts.get(accountId);
    if (known !== undefined) return known;
    const { sim } = this;
    const host = new ObjectHost<AccountCore>(sim, accountId, this.#pool.take("account"), {
      build: (instance) =>
        buildAccount(instance, {
          directory: this.directory,
          sender: this.sender,
          prng,
          newReplyId: () => `r_${String(++this.#replies).padStart(7, "0")}`,
          handedOver: (by, order) => this.#handedOver(by, order),
          answered: (by, order, answer) => this.#answered(by, order, answer),
          log: (by) => this.logOf(() => by.alive && !by.zombie),
        }),
      alarm: (core) => core.alarm(),
    });
    const prng = sim.prng.fork(`account ${accountId}`);
    host.onRing = this.witness.ringing(accountId);
    this.accounts.set(accountId, host);
    return host;
  }

  /** Calls an account on behalf of the owner and retries until it succeeds. */
  ask(what: string, accountId: string, request: (account: AccountRpc) => Promise<unknown>): void {
    const process = new Process(this.sim, "owner", what, null);
    this.sim.scheduler.ranCode();
    const persist = async (): Promise<void> => {
      for (;;) {
        try {
          await objectsFor(process, this.#hosts).account(accountId, request);
          return;
        } catch {
          await sleep(process, 3_000);
        }
      }
    };
    persist().catch((error: unknown) => {
      this.witness.report("INTERNAL", accountId, "", `${what}: ${String(error)}`);
    });
  }

  /** A deploy: replaces every instance. */
  deploy(): void {
    for (const host of [this.directory, ...this.accounts.values()]) host.replace();
  }

  plan(at: number, act: (now: number) => void): void {
    const { scheduler } = this.sim;
    this.lastActionAt = Math.max(this.lastActionAt, at);
    scheduler.at(at, () => act(scheduler.now));
  }

  /** Adds a new item of Meta, which the checker will look for. */
  add(item: Item): void {
    this.history.items.push(item);
    const alike = this.#byRaw.get(item.raw);
    if (alike === undefined) this.#byRaw.set(item.raw, [item]);
    else alike.push(item);
  }

  /** Returns the databases to the pool. The world must not be used afterwards. */
  close(): void {
    this.#pool.give("directory", this.directory.storage);
    for (const { storage } of this.accounts.values()) this.#pool.give("account", storage);
  }

  #ingested(_: string, events: readonly MetaEvent[]): void {
    const { turn, now } = this.sim.scheduler;
    for (const { raw } of events) {
      for (const item of this.#byRaw.get(raw) ?? []) {
        if (item.ingested === null) item.ingested = { turn, at: now };
        else this.sim.tally.sometimes("event_ingested_again");
      }
    }
  }

  #handedOver(by: Instance<AccountCore>, order: SendOrder): void {
    const { kind, to, profile, replyId, attempt } = order;
    const prompt = this.#promptOf(order);
    const personId = "recipientId" in to ? to.recipientId : (prompt?.personId ?? "");
    this.witness.handedOver(profile.id, prompt, personId, kind);
    if (attempt > 1 && this.#answeredAttempts.get(replyId) !== attempt - 1) {
      by.sim.tally.sometimes("attempt_judged_unanswered");
    }
  }

  #answered(by: Instance<AccountCore>, order: SendOrder, { outcome }: SendResponse): void {
    const { replyId, attempt, kind, profile } = order;
    this.#answeredAttempts.set(replyId, attempt);
    const personId = "recipientId" in order.to ? order.to.recipientId : (this.#promptOf(order)?.personId ?? "");
    by.atCommit(() => this.witness.answered(profile.id, personId));
    if (outcome.kind === "accepted" && !by.zombie) {
      const [row] = by.sql.all("SELECT state FROM replies WHERE id = ?", replyId);
      if (row?.["state"] === "sent") by.sim.tally.sometimes("settled_by_early_echo");
    }
    if (outcome.kind !== "throttled") return;
    const waitMs = outcome.waitMs ?? FIRST_WAIT_MS;
    by.atCommit(() => this.witness.throttled(profile.id, this.#promptOf(order), kind, waitMs));
  }

  #promptOf({ kind, to, message }: SendOrder): Prompt | null {
    const id = "commentId" in to ? to.commentId : /mid_in_\d+/.exec(message.text ?? "")?.[0];
    const prompt = id === undefined ? undefined : this.history.prompts.get(id);
    if (prompt === undefined && kind !== ("message" satisfies Effect["way"])) throw new Error(`no prompt ${id}`);
    return prompt ?? null;
  }

  /** Failures that the code logs. They are expected in a zombie and a bug anywhere else. */
  logOf(isLive: () => boolean): Log {
    return (event, fields) => {
      if (event === "dead_letter_kept") this.sim.tally.sometimes(event);
      const bug = event === "alarm_failed" || (event === "ingest_failed" && fields?.eventId !== undefined);
      const error = fields?.error ?? "";
      if (bug && isLive() && !PLATFORM_ERROR.test(error))
        this.witness.report("INTERNAL", fields?.accountId ?? "", "", `${event}: ${error}`);
    };
  }
}
