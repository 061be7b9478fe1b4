import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Stop } from "../../../src/api/kill-switch.ts";
import { DirectoryCore } from "../../../src/engine/directory/directory.ts";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const STOP: Stop = { since: NOON, reason: "wrong link" };

class TestDirectory {
  now = NOON;
  readonly told = new Map<string, Stop | null>();
  readonly unreachable = new Set<string>();
  readonly background: Promise<unknown>[] = [];
  readonly core: DirectoryCore;

  constructor(storage: DurableObjectStorage) {
    this.core = new DirectoryCore({
      sql: durableSql(storage),
      now: () => this.now,
      unpack: async (queued) => queued,
      ingest: () => Promise.resolve({ results: [] }),
      setStop: async (accountId, stop) => {
        if (this.unreachable.has(accountId)) throw new Error("away");
        this.told.set(accountId, stop);
      },
      background: (work) => void this.background.push(work),
    });
  }
}

const inDirectory = (test: (directory: TestDirectory) => Promise<void> | void): Promise<void> =>
  runInDurableObject(env.DIRECTORY.getByName(`test-${crypto.randomUUID()}`), (_object, state) =>
    test(new TestDirectory(state.storage)),
  );

describe("the kill switch", () => {
  it("sends a stop and its end to every account", () =>
    inDirectory(async (directory) => {
      for (let id = 0; id < 45; id++) directory.core.syncSummary(String(id), {});
      expect(await directory.core.setKillSwitch(STOP)).toEqual({ stop: STOP, accounts: 45, told: 45 });
      expect([...directory.told.values()].every((stop) => stop?.reason === "wrong link")).toBe(true);
      expect(await directory.core.setKillSwitch(null)).toEqual({ stop: null, accounts: 45, told: 45 });
      expect([...directory.told.values()].every((stop) => stop === null)).toBe(true);
    }));

  it("skips an unreachable account, and reaches it in a later round", () =>
    inDirectory(async (directory) => {
      for (const id of ["a", "b", "c"]) directory.core.syncSummary(id, {});
      directory.unreachable.add("b");
      expect(await directory.core.setKillSwitch(STOP)).toMatchObject({ accounts: 3, told: 2 });
      directory.unreachable.clear();
      expect(await directory.core.propagateKillSwitch()).toMatchObject({ told: 3 });
      expect(directory.told.get("b")).toEqual(STOP);
    }));

  it("reaches an account that appears during a stop", () =>
    inDirectory(async (directory) => {
      await directory.core.setKillSwitch(STOP);
      directory.core.registerAwake("new", 1, {});
      await Promise.all(directory.background);
      expect(directory.told.get("new")).toEqual(STOP);
      expect(directory.core.killSwitch()).toEqual({ stop: STOP, accounts: 1, told: 1 });
    }));

  it("reaches an account that was erased during a stop and returns, during the stop or after its end", () =>
    inDirectory(async (directory) => {
      const { core, told } = directory;
      const comeBack = async (id: string): Promise<void> => {
        core.registerAwake(id, 2, { connected: true });
        await Promise.all(directory.background);
      };
      for (const id of ["a", "b", "c"]) core.syncSummary(id, { connected: true });
      await core.setKillSwitch(STOP);
      for (const id of ["a", "b"]) core.forget(id, "nothing");
      await core.propagateKillSwitch();
      told.clear();
      await comeBack("a");
      expect([...told]).toEqual([["a", STOP]]);
      await core.setKillSwitch(null);
      // All listed accounts have the current state, so propagation has ended.
      expect(await core.propagateKillSwitch()).toEqual({ stop: null, accounts: 2, told: 2 });
      told.clear();
      await comeBack("b");
      expect([...told]).toEqual([["b", null]]);
    }));

  it("reaches an account that was first listed by its summary", () =>
    inDirectory(async (directory) => {
      await directory.core.setKillSwitch(STOP);
      await directory.core.propagateKillSwitch();
      directory.core.syncSummary("new", {});
      await Promise.all(directory.background);
      expect(directory.told.get("new")).toEqual(STOP);
    }));

  it("makes no calls while nothing is stopped and all accounts have the current state", () =>
    inDirectory(async (directory) => {
      directory.core.registerAwake("a", 1, {});
      expect(directory.background).toEqual([]);
      expect(await directory.core.propagateKillSwitch()).toMatchObject({ stop: null });
      expect(directory.told.size).toBe(0);
    }));
});

describe("sign-in attempts", () => {
  it("are limited to ten per client in 15 minutes", () =>
    inDirectory(({ core }) => {
      for (let attempt = 0; attempt < 10; attempt++) expect(core.trySignIn("one").allowed).toBe(true);
      expect(core.trySignIn("one")).toEqual({ allowed: false, retryAfterSeconds: 900 });
      expect(core.trySignIn("two").allowed).toBe(true);
    }));

  it("start again after the time, and after the client sent the right token", () =>
    inDirectory((directory) => {
      for (let attempt = 0; attempt < 12; attempt++) directory.core.trySignIn("one");
      directory.now += 899_000;
      expect(directory.core.trySignIn("one")).toEqual({ allowed: false, retryAfterSeconds: 1 });
      directory.now += 1_000;
      expect(directory.core.trySignIn("one").allowed).toBe(true);
      for (let attempt = 0; attempt < 12; attempt++) directory.core.trySignIn("one");
      directory.core.forgiveSignIn("one");
      expect(directory.core.trySignIn("one").allowed).toBe(true);
    }));
});

describe("failed events", () => {
  it("can be discarded once, with all their data", () =>
    inDirectory(({ core }) => {
      const event = {
        v: 1 as const,
        id: "instagram:1:comment:1",
        accountId: "1",
        object: "instagram",
        kind: "comment" as const,
        field: "comments",
        occurredAt: NOON,
        receivedAt: NOON,
        deliveryId: "d",
        test: false,
        raw: "{}",
        proof: { secret: "instagram", form: "raw" as const },
      };
      core.storeDeadLetters([{ event, attempts: 100 }]);
      core.quarantine([{ ...event, id: "q", kind: "quarantine", accountId: "" }]);
      const [deadLetter] = core.deadLetters({ limit: 5 }).items;
      expect(core.deadLettersByAccount()).toEqual({ 1: 1 });
      expect(core.discardDeadLetter(deadLetter?.id ?? "")).toBe(true);
      expect(core.discardDeadLetter(deadLetter?.id ?? "")).toBe(false);
      expect(core.discardQuarantined("q")).toBe(true);
      expect(core.discardQuarantined("q")).toBe(false);
      expect(core.counts()).toMatchObject({ quarantined: 0, deadLetters: 0 });
      expect(core.deadLettersByAccount()).toEqual({});
    }));
});
