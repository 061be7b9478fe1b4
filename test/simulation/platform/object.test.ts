/** The model of a Durable Object: effects of crashes, the output gate, zombies, and alarm faults. */
import { beforeEach, describe, expect, it } from "vitest";
import type { FaultKind } from "../faults.ts";
import type { Nemesis } from "../nemesis.ts";
import { Prng } from "../prng.ts";
import { Process, sleep } from "../process.ts";
import { Scheduler } from "../scheduler.ts";
import type { Sim } from "../sim.ts";
import { Tally } from "../tally.ts";
import { Trace } from "../trace.ts";
import { type Instance, ObjectHost } from "./object.ts";
import { Storage } from "./storage.ts";

const MINUTE_MS = 60_000;

let sim: Sim;
let storage: Storage;
/** Faults that occur at their next place, once each. */
let due: FaultKind[];
let sent: string[];
let alarms: number;
let alarmThrows: boolean;

class Core {
  readonly instance: Instance<Core>;

  constructor(instance: Instance<Core>) {
    this.instance = instance;
    instance.sql.all("CREATE TABLE IF NOT EXISTS notes (text TEXT)");
  }

  write(text: string): void {
    this.instance.sql.all("INSERT INTO notes VALUES (?)", text);
  }

  async writeAndSend(text: string): Promise<string> {
    this.write(text);
    this.instance.emit(() => sent.push(text));
    return text;
  }

  async writeTwice(pauseMs: number): Promise<void> {
    this.write("first");
    await sleep(this.instance, pauseMs);
    this.write("second");
  }

  setAlarm(inMs: number): void {
    this.instance.setAlarm(sim.scheduler.now + inMs);
  }

  async alarm(): Promise<void> {
    alarms++;
    if (alarmThrows) throw new Error("the alarm failed");
  }
}

let host: ObjectHost<Core>;

beforeEach(() => {
  due = [];
  sent = [];
  alarms = 0;
  alarmThrows = false;
  const nemesis: Nemesis = {
    pick: (_, kinds) => {
      const fault = kinds.find((kind) => due.includes(kind)) ?? null;
      due = due.filter((kind) => kind !== fault);
      return fault;
    },
  };
  sim = { scheduler: new Scheduler(), prng: new Prng("object"), nemesis, tally: new Tally(), trace: new Trace() };
  storage = new Storage();
  host = new ObjectHost<Core>(sim, "1", storage, {
    build: (instance) => new Core(instance),
    alarm: (core) => core.alarm(),
  });
});

/** Calls a method from outside and returns its result or error. */
async function call<T>(ask: (core: Core) => Promise<T> | T, forMs = MINUTE_MS): Promise<T | Error | "nothing"> {
  const process = new Process(sim, "test", "", null);
  let outcome: T | Error | "nothing" = "nothing";
  sim.scheduler.ranCode();
  host.call(process, ask).then(
    (value) => (outcome = value),
    (error: Error) => (outcome = error),
  );
  await pass(forMs);
  return outcome;
}

const pass = (ms: number): Promise<void> => {
  sim.scheduler.after(ms, () => undefined);
  return sim.scheduler.run(sim.scheduler.now + ms);
};

const notes = (): unknown[] => storage.all("SELECT text FROM notes", []).map(({ text }) => text);

describe("writes of an object between two awaits", () => {
  it("are stored, and its calls are sent, without a fault", async () => {
    expect(await call((core) => core.writeAndSend("a"))).toBe("a");
    expect(notes()).toEqual(["a"]);
    expect(sent).toEqual(["a"]);
  });

  it("are rolled back by a crash before the commit, and nothing is sent", async () => {
    await call((core) => core.write("before"));
    due = ["object_crashed_before_commit"];
    expect(await call((core) => core.writeAndSend("a"))).toMatchObject({ retryable: true });
    expect(notes()).toEqual(["before"]);
    expect(sent).toEqual([]);
  });

  it("are stored despite a crash after the commit, but nothing is sent", async () => {
    await call((core) => core.write("before"));
    due = ["object_crashed_after_commit"];
    expect(await call((core) => core.writeAndSend("a"))).toMatchObject({ retryable: true });
    expect(notes()).toEqual(["before", "a"]);
    expect(sent).toEqual([]);
  });

  it("are separate transactions before and after an await", async () => {
    await call((core) => core.write("before"));
    due = ["object_crashed_at_await"];
    expect(await call((core) => core.writeTwice(10))).toBeInstanceOf(Error);
    expect(notes()).toEqual(["before", "first"]);
    // A new instance is built for the next call.
    expect(await call((core) => core.writeAndSend("after"))).toBe("after");
  });

  it("are rolled back by an exception inside a transaction, but only that part", async () => {
    await call((core) => {
      core.write("outside");
      try {
        core.instance.sql.transaction(() => {
          core.write("inside");
          throw new Error("no");
        });
      } catch {
        core.write("caught");
      }
    });
    expect(notes()).toEqual(["outside", "caught"]);
  });
});

describe("a zombie", () => {
  it("continues without storage, while its successor has the storage", async () => {
    sim.scheduler.after(5_000, () => host.replace());
    const outcome = await call((core) => core.writeTwice(6_000));
    expect(outcome).toMatchObject({ retryable: true });
    expect(notes()).toEqual(["first"]);
    await call((core) => core.write("successor"));
    expect(notes()).toEqual(["first", "successor"]);
  });
});

describe("a call", () => {
  it.each([
    ["rpc_lost_before", [], { retryable: true }],
    ["rpc_lost_after", ["a"], { retryable: true }],
    ["rpc_overloaded", [], { overloaded: true }],
  ] as const)("%s", async (fault, kept, error) => {
    await call(() => undefined);
    due = [fault];
    expect(await call((core) => core.writeAndSend("a"))).toMatchObject(error);
    expect(notes()).toEqual(kept);
  });
});

describe("an alarm", () => {
  it("runs once, at its time", async () => {
    await call((core) => core.setAlarm(2 * MINUTE_MS));
    expect(alarms).toBe(0);
    await pass(2 * MINUTE_MS);
    expect(alarms).toBe(1);
  });

  it("is not set by a transaction that was lost", async () => {
    await call(() => undefined);
    due = ["object_crashed_before_commit"];
    await call((core) => core.setAlarm(MINUTE_MS));
    await pass(10 * MINUTE_MS);
    expect(alarms).toBe(0);
  });

  it("is run seven times in total if it throws, and then dropped", async () => {
    alarmThrows = true;
    await call((core) => core.setAlarm(MINUTE_MS));
    await pass(60 * MINUTE_MS);
    expect(alarms).toBe(7);
    expect(sim.tally.faults.get("alarm_dropped")).toBe(1);
  });

  it.each([
    ["alarm_doubled", 2],
    ["alarm_stuck", 0],
  ] as const)("%s", async (fault, times) => {
    await call(() => undefined);
    due = [fault];
    await call((core) => core.setAlarm(MINUTE_MS));
    await pass(60 * MINUTE_MS);
    expect(alarms).toBe(times);
  });
});

describe("a process", () => {
  it("that is killed at an await is never resumed", async () => {
    due = ["consumer_killed"];
    const process = new Process(sim, "test", "", "consumer_killed");
    const seen: string[] = [];
    const code = async (): Promise<void> => {
      seen.push("before");
      await sleep(process, 10);
      seen.push("after");
    };
    sim.scheduler.ranCode();
    void code();
    await pass(1_000);
    expect(seen).toEqual(["before"]);
    expect(process.alive).toBe(false);
  });
});
