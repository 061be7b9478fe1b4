/**
 * A Durable Object: at most one instance has the storage and receives calls. Any instance may end at any time.
 *
 * The output gate: calls and responses of an instance are sent only after all earlier writes are durable. So an
 * instance that dies before its commit has neither written nor sent anything in that turn.
 * https://developers.cloudflare.com/durable-objects/best-practices/rules-of-durable-objects/
 *
 * A zombie is a replaced instance (after a deploy or a move to another machine): it continues for up to 30 s, but its
 * storage throws. https://developers.cloudflare.com/durable-objects/platform/known-issues/
 */
import type { Sql } from "../../../src/engine/storage/sql.ts";
import { Process, type Settlement } from "../process.ts";
import { note, type Sim } from "../sim.ts";
import type { Prng } from "../prng.ts";
import { Alarm } from "./alarm.ts";
import type { Storage } from "./storage.ts";

/** How long Cloudflare lets a replaced instance finish. */
export const ZOMBIE_MS = 30_000;
/** An idle object is evicted from memory after 10 s to 140 s. */
const IDLE_MS = [10_000, 140_000] as const;
/** An alarm run may take 15 minutes. */
const ALARM_RUN_MS = 900_000;

export interface Behavior<Core> {
  /** The constructor. May throw. */
  build(instance: Instance<Core>): Core;
  alarm: ((core: Core) => Promise<void>) | null;
}

/** A call to the object. The instance is for the checker. */
export type Ask<Core, T> = (core: Core, instance: Instance<Core>) => Promise<T> | T;

export class ObjectHost<Core> {
  readonly sim: Sim;
  readonly name: string;
  readonly storage: Storage;
  readonly alarm: Alarm;
  /** Called on each alarm run. */
  onRing: (() => void) | null = null;
  /** Until then the constructor throws. */
  brickedUntil = 0;
  readonly #behavior: Behavior<Core>;
  readonly #prng: Prng;
  #instance: Instance<Core> | null = null;

  constructor(sim: Sim, name: string, storage: Storage, behavior: Behavior<Core>) {
    this.sim = sim;
    this.name = name;
    this.storage = storage;
    this.#behavior = behavior;
    this.#prng = sim.prng.fork(`object ${name}`);
    this.alarm = new Alarm(sim, name, () => this.#ring());
  }

  /** Calls a method from another process. */
  call<T>(from: Process, ask: Ask<Core, T>): Promise<T> {
    return from.wait<T>((settlement) => from.emit(() => this.#send(ask, settlement)));
  }

  /** A deploy or a move: the instance becomes a zombie, the next call builds a new one. */
  replace(): void {
    const zombie = this.#instance;
    if (zombie === null) return;
    this.sim.tally.fault("object_replaced");
    note(this.sim, "object", this.name, "replaced");
    this.#instance = null;
    zombie.becomeZombie();
    this.sim.scheduler.after(this.#prng.between(0, ZOMBIE_MS), () => zombie.kill());
  }

  /** Evicts the instance from memory if it is idle. */
  evict(): void {
    const instance = this.#instance;
    if (instance === null || instance.busy) return;
    this.sim.tally.sometimes("object_evicted");
    note(this.sim, "object", this.name, "evicted");
    instance.kill();
  }

  /** The instance ended, for any reason. */
  lost(instance: Instance<Core>): void {
    if (this.#instance === instance) this.#instance = null;
  }

  #send<T>(ask: Ask<Core, T>, settlement: Settlement<T>): void {
    const { sim } = this;
    const fault = sim.nemesis.pick("rpc", ["rpc_lost_before", "rpc_lost_after", "rpc_overloaded", "rpc_slow"]);
    const transitMs = this.#prng.latency(8) + (fault === "rpc_slow" ? this.#prng.between(500, 10_000) : 0);
    if (fault === "rpc_lost_before") {
      sim.scheduler.after(transitMs, () => settlement.fail(platformError("Network connection lost.", "retryable")));
      return;
    }
    sim.scheduler.after(transitMs, () => {
      if (fault === "rpc_overloaded") {
        settlement.fail(platformError("Durable Object is overloaded.", "overloaded"));
        return;
      }
      const instance = this.#awake();
      if (instance instanceof Error) {
        settlement.fail(instance);
        return;
      }
      instance.answer(ask, {
        ok: (value) => {
          if (fault === "rpc_lost_after") settlement.fail(platformError("Network connection lost.", "retryable"));
          else settlement.ok(value);
        },
        fail: (error) => settlement.fail(error),
      });
    });
  }

  #ring(): void {
    const instance = this.#awake();
    const { alarm } = this.#behavior;
    if (instance instanceof Error || alarm === null) {
      this.alarm.failed();
      return;
    }
    this.alarm.begun();
    this.onRing?.();
    let over = false;
    const end = (report: () => void): void => {
      if (over) return;
      over = true;
      report();
    };
    instance.answer(alarm, {
      ok: () => end(() => this.alarm.finished()),
      fail: (error) => end(() => (error instanceof ResetError ? this.alarm.died() : this.alarm.failed())),
    });
    this.sim.scheduler.after(ALARM_RUN_MS, () => end(() => instance.kill()));
  }

  #awake(): Instance<Core> | Error {
    if (this.#instance !== null) return this.#instance;
    if (this.sim.scheduler.now < this.brickedUntil) {
      this.sim.tally.fault("object_bricked");
      return new Error("the constructor threw");
    }
    const instance = new Instance<Core>(this);
    this.#instance = instance;
    try {
      instance.start(this.#behavior);
    } catch (error) {
      this.#instance = null;
      this.storage.rollback();
      throw error;
    }
    this.#watchIdle(instance);
    return instance;
  }

  #watchIdle(instance: Instance<Core>): void {
    const idleMs = this.#prng.between(...IDLE_MS);
    this.sim.scheduler.after(idleMs, () => {
      if (this.#instance !== instance) return;
      if (!instance.busy && instance.idleSince + idleMs <= this.sim.scheduler.now) this.evict();
      else this.#watchIdle(instance);
    });
  }
}

type State = "live" | "zombie" | "dead";

export class Instance<Core> extends Process {
  readonly host: ObjectHost<Core>;
  idleSince: number;
  #core: Core | null = null;
  #state: State = "live";
  #gated = false;
  #alarm: number | null | undefined = undefined;
  #atCommit: (() => void)[] = [];
  #outgoing: (() => void)[] = [];
  readonly #calls = new Set<(error: Error) => void>();

  constructor(host: ObjectHost<Core>) {
    super(host.sim, "object", host.name, "object_crashed_at_await");
    this.host = host;
    this.idleSince = host.sim.scheduler.now;
    this.onDeath(() => this.#die());
  }

  get busy(): boolean {
    return this.#calls.size > 0;
  }

  get zombie(): boolean {
    return this.#state === "zombie";
  }

  start(behavior: Behavior<Core>): void {
    this.#core = behavior.build(this);
  }

  /** The storage of this instance. It throws for a zombie. */
  readonly sql: Sql = {
    all: (statement, ...values) => {
      this.#touch();
      return this.host.storage.all(statement, values);
    },
    transaction: (body) => {
      this.#touch();
      return this.host.storage.transaction(body);
    },
  };

  /** Part of the turn's transaction. null: none. */
  setAlarm(at: number | null): void {
    this.#touch();
    this.#alarm = at;
  }

  /** Called when the writes of this turn are durable; never if they are lost. Only the checker uses it. */
  atCommit(tell: () => void): void {
    if (this.#state === "live") this.#atCommit.push(tell);
    this.#awaitGate();
  }

  override emit(leave: () => void): void {
    if (this.#state === "dead") return;
    this.#outgoing.push(leave);
    this.#awaitGate();
  }

  /** Runs a method and responds through the output gate. */
  answer<T>(ask: Ask<Core, T>, settlement: Settlement<T>): void {
    const { scheduler } = this.sim;
    const reset = (error: Error): void => void scheduler.after(20, () => settlement.fail(error));
    this.#calls.add(reset);
    const answered = (give: () => void): void => {
      this.emit(() => {
        if (!this.#calls.delete(reset)) return;
        this.idleSince = scheduler.now;
        scheduler.after(5, give);
      });
    };
    scheduler.ranCode();
    const run = async (): Promise<T> => {
      if (this.#core === null) throw new Error("no core");
      return ask(this.#core, this);
    };
    run().then(
      (value) => answered(() => settlement.ok(value)),
      (error: unknown) => answered(() => settlement.fail(error as Error)),
    );
  }

  /** Continues without storage. Pending calls fail with a reset error. */
  becomeZombie(): void {
    this.#state = "zombie";
    this.host.storage.rollback();
    this.#alarm = undefined;
    this.#reject("Durable Object reset because its code was updated.");
  }

  #touch(): void {
    if (this.#state !== "live") {
      this.sim.tally.sometimes("zombie_storage_refused");
      throw new Error("Durable Object storage is no longer accessible.");
    }
    this.#awaitGate();
  }

  #awaitGate(): void {
    if (this.#gated) return;
    this.#gated = true;
    this.sim.scheduler.atGate(() => this.#gate());
  }

  /** Ends the turn: its writes become durable, then its calls are sent. */
  #gate(): void {
    this.#gated = false;
    if (this.#state === "live") {
      const { storage } = this.host;
      const alarm = this.#alarm;
      const crash =
        storage.dirty || alarm !== undefined
          ? this.sim.nemesis.pick("object.commit", ["object_crashed_before_commit", "object_crashed_after_commit"])
          : null;
      if (crash === "object_crashed_before_commit") {
        note(this.sim, "object", this.name, crash);
        this.kill();
        return;
      }
      storage.commit();
      this.#alarm = undefined;
      this.host.alarm.committed(alarm);
      const committed = this.#atCommit;
      this.#atCommit = [];
      for (const tell of committed) tell();
      if (crash !== null) {
        note(this.sim, "object", this.name, crash);
        this.kill();
        return;
      }
    }
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    for (const leave of outgoing) leave();
  }

  #die(): void {
    if (this.#state === "live") {
      this.host.storage.rollback();
      note(this.sim, "object", this.name, "gone");
    }
    this.#state = "dead";
    this.#atCommit = [];
    this.#outgoing = [];
    this.host.lost(this);
    this.#reject("Durable Object reset.");
  }

  #reject(message: string): void {
    const calls = [...this.#calls];
    this.#calls.clear();
    for (const reset of calls) reset(new ResetError(message));
  }
}

/** The instance ended during the call. */
class ResetError extends Error {
  readonly retryable = true;
}

/**
 * An error with Cloudflare's flags. https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
 */
function platformError(message: string, mark: "retryable" | "overloaded"): Error {
  return Object.assign(new Error(message), { [mark]: true });
}
