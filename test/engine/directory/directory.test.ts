import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { MetaEvent, QueuedEvent } from "../../../src/core/event.ts";
import { AlreadyDelivered } from "../../../src/engine/consumer/unpack.ts";
import { DirectoryCore } from "../../../src/engine/directory/directory.ts";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";
import { readDelivery } from "../../../src/meta/reader/delivery.ts";

const NOON = Date.UTC(2026, 10, 20, 12);

class TestDirectory {
  now = NOON;
  readonly ingested: MetaEvent[] = [];
  /** Unreachable accounts. */
  readonly unreachable = new Set<string>();
  failsAfterMs = 0;
  /** Events that every account refuses. */
  readonly poison = new Set<string>();
  /** KV keys without content. */
  readonly missing = new Set<string>();
  readonly core: DirectoryCore;
  readonly sql: Sql;

  constructor(storage: DurableObjectStorage) {
    this.sql = durableSql(storage);
    this.core = new DirectoryCore({
      sql: this.sql,
      now: () => this.now,
      unpack: async ({ rawKey, ...event }) => {
        if (rawKey === undefined) return event;
        if (rawKey === "raw:delivered") throw new AlreadyDelivered();
        if (this.missing.has(rawKey)) throw new Error("not in KV");
        return { ...event, raw: "what KV held" };
      },
      ingest: async (accountId, events) => {
        if (events.some(({ id }) => this.poison.has(id))) throw new Error("it cannot be read");
        if (this.unreachable.has(accountId)) this.now += this.failsAfterMs;
        if (this.unreachable.has(accountId)) throw new Error("no such object");
        this.ingested.push(...events);
        return { results: events.map(() => "new" as const) };
      },
    });
  }
}

const inDirectory = (test: (directory: TestDirectory) => Promise<void> | void): Promise<void> =>
  runInDurableObject(env.DIRECTORY.getByName(`test-${crypto.randomUUID()}`), (_object, state) =>
    test(new TestDirectory(state.storage)),
  );

const quarantined = (body: string): MetaEvent[] =>
  readDelivery(new TextEncoder().encode(body), {
    receivedAt: NOON,
    deliveryId: `delivery of ${body.length}`,
    proof: { secret: "instagram", form: "raw" },
  }).events;

describe("the list of accounts", () => {
  it("contains accounts that only receive events and connected accounts", () =>
    inDirectory(({ core }) => {
      core.registerAwake("2", 1, { connected: true, username: "northlight.studio" });
      core.registerAwake("1", 1, {});
      expect(core.accounts({ limit: 10 }).items.map(({ id, connected }) => [id, connected])).toEqual([
        ["1", false],
        ["2", true],
      ]);
      expect(core.counts()).toMatchObject({ accounts: 2, connected: 1 });
    }));

  it("can be searched by id and username, and has pages", () =>
    inDirectory(({ core }) => {
      for (let n = 0; n < 25; n++) core.syncSummary(`acc${String(n).padStart(2, "0")}`, { username: `Shop_${n}` });
      const first = core.accounts({ limit: 20 });
      const rest = core.accounts({ limit: 20, cursor: first.nextCursor ?? "" });
      expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([20, 5, null]);
      expect(core.accounts({ limit: 10, search: "shop_7" }).items.map(({ id }) => id)).toEqual(["acc07"]);
      expect(core.accounts({ limit: 10, search: "acc2" }).items).toHaveLength(5);
    }));
});

describe("the watchdog's round", () => {
  it("returns accounts with open work once in two minutes, until they report none", () =>
    inDirectory((directory) => {
      const { core } = directory;
      core.registerAwake("a", 1, {});
      core.registerAwake("b", 4, {});
      directory.now += 121_000;
      expect(core.toVisit()).toEqual(["a", "b"]);
      expect(core.toVisit()).toEqual([]);
      core.visited("a", { open: 0, generation: 1 });
      core.visited("b", { open: 2, generation: 4 });
      directory.now += 121_000;
      expect(core.toVisit()).toEqual(["b"]);
    }));

  it("ignores a report that is older than a new registration", () =>
    inDirectory((directory) => {
      const { core } = directory;
      core.registerAwake("a", 1, {});
      core.registerAwake("a", 2, {});
      core.visited("a", { open: 0, generation: 1 });
      directory.now += 121_000;
      expect(core.toVisit()).toEqual(["a"]);
    }));
});

describe("expired rows", () => {
  const MINUTE = 60_000;
  const DAY = 86_400_000;

  const rowsOf = (sql: Sql) => {
    const tables = ["connect_steps", "sign_ins", "invites"];
    return tables.map((table) => sql.all(`SELECT 1 AS n FROM ${table}`).length);
  };

  it("are deleted by the round of each minute: above all the token of an abandoned login", () =>
    inDirectory((directory) => {
      const { core, sql } = directory;
      core.beginStep({
        hash: "h1",
        browser: "b1",
        step: "choose",
        login: "facebook",
        redirectUri: "https://r.example/cb",
        inviteId: null,
        sealed: "a user token, encrypted",
        expiresAt: NOON + 10 * MINUTE,
      });
      core.trySignIn("somebody");
      core.createInvite({ id: "i1", login: null, label: "Ana", expiresAt: NOON + DAY });
      const left = [9, 10, 14, 15].map((minutes) => {
        directory.now = NOON + minutes * MINUTE;
        core.toVisit();
        return rowsOf(sql);
      });
      expect(left).toEqual([
        [1, 1, 1],
        [0, 1, 1],
        [0, 1, 1],
        [0, 0, 1],
      ]);
      directory.now = NOON + 91 * DAY;
      core.toVisit();
      expect(rowsOf(sql)).toEqual([0, 0, 1]);
      directory.now += MINUTE;
      core.toVisit();
      expect(rowsOf(sql)).toEqual([0, 0, 0]);
    }));
});

describe("quarantine", () => {
  it("stores a body unchanged and lists it with its reason", () =>
    inDirectory(({ core }) => {
      core.quarantine(quarantined("{not json"));
      expect(core.quarantined({ limit: 10 }).items).toMatchObject([
        { reason: "not_json", encoding: "utf8", body: "{not json", replayedAt: null },
      ]);
      expect(core.counts().quarantined).toBe(1);
    }));

  it("stores a body that is too large for one row", () =>
    inDirectory(({ core }) => {
      const body = `{${"x".repeat(2_500_000)}`;
      const [event] = quarantined(body);
      core.quarantine(event === undefined ? [] : [event]);
      expect(core.quarantineItem(event?.id ?? "")?.body).toBe(body);
    }));

  it("delivers the events that can be parsed now, and counts the others", () =>
    inDirectory(async (directory) => {
      const entry = `{"object":"instagram","entry":[{"id":"1","time":1795165202,"changes":[{"field":"comments","value":{"id":"5","text":"hi"}}]}]}`;
      const [broken] = quarantined("{not json");
      if (broken === undefined) throw new Error("the reader could read it");
      const raw = JSON.stringify({ reason: "not_json", place: "body", encoding: "utf8", body: entry });
      directory.core.quarantine([{ ...broken, raw }]);
      expect(await directory.core.replayQuarantined(broken.id)).toEqual({ events: 1, stillUnreadable: 0 });
      expect(directory.ingested.map(({ id }) => id)).toEqual(["instagram:1:comment:5"]);
      expect(directory.core.counts().quarantined).toBe(0);
    }));

  it("keeps what is beyond the limit of one reading as a new item", () =>
    inDirectory(async (directory) => {
      const items = Array.from(
        { length: 6_000 },
        (_, index) => `{"field":"comments","value":{"id":"${index + 1}","text":"hi"}}`,
      );
      const body = `{"object":"instagram","entry":[{"id":"1","time":1795165202,"changes":[${items.join(",")}]}]}`;
      directory.core.quarantine(quarantined(body).filter(({ kind }) => kind === "quarantine"));
      const [first] = directory.core.quarantined({ limit: 10 }).items;
      expect(first?.reason).toBe("too_many");
      const { events } = (await directory.core.replayQuarantined(first?.id ?? "")) ?? { events: 0 };
      expect(events).toBeGreaterThan(1_000);
      const [second, ...others] = directory.core.quarantined({ limit: 10 }).items;
      expect([second?.reason, second?.replayedAt, others.length]).toEqual(["too_many", null, 1]);
      await directory.core.replayQuarantined(second?.id ?? "");
      expect(new Set(directory.ingested.map(({ id }) => id)).has("instagram:1:comment:6000")).toBe(true);
    }));
});

describe("dead letters", () => {
  const HOUR = 3_600_000;
  const deadLetter = (id: string, accountId = "1", more: Partial<QueuedEvent> = {}) => {
    const [event] = quarantined(
      `{"object":"instagram","entry":[{"id":"${accountId}","time":1,"changes":[{"field":"comments","value":{"id":"${id}"}}]}]}`,
    );
    if (event === undefined) throw new Error("no event");
    return { event: { ...event, ...more }, attempts: 25 };
  };

  it("stay until they are delivered, and are retried an hour after the last round", () =>
    inDirectory(async (directory) => {
      directory.core.storeDeadLetters([deadLetter("1"), deadLetter("2")]);
      directory.unreachable.add("1");
      expect(await directory.core.redrive()).toEqual({ redriven: 0 });
      expect(directory.core.counts().deadLetters).toBe(2);
      directory.unreachable.clear();
      directory.now += HOUR - 1;
      expect(await directory.core.redrive()).toEqual({ redriven: 0 });
      directory.now += 1;
      expect(await directory.core.redrive()).toEqual({ redriven: 2 });
      expect(directory.core.counts().deadLetters).toBe(0);
      expect(directory.core.deadLetters({ limit: 10 }).items).toHaveLength(2);
    }));

  it("of an account that fails slowly do not block others", () =>
    inDirectory(async (directory) => {
      directory.core.storeDeadLetters([deadLetter("1", "1"), deadLetter("2", "2")]);
      directory.unreachable.add("1");
      directory.failsAfterMs = 21_000;
      for (let minute = 0; minute < 3; minute++) {
        await directory.core.redrive();
        directory.now += 60_000;
      }
      expect(directory.core.deadLettersByAccount()).toEqual({ 1: 1 });
    }));

  it("that their account never accepts do not block others", () =>
    inDirectory(async (directory) => {
      directory.core.storeDeadLetters(Array.from({ length: 20 }, (_, n) => deadLetter(`${n}`)));
      directory.poison.add("instagram:1:comment:7");
      expect(await directory.core.redrive()).toEqual({ redriven: 19 });
      expect(directory.core.deadLettersByAccount()).toEqual({ 1: 1 });
    }));

  it("of an unreachable account do not block others", () =>
    inDirectory(async (directory) => {
      directory.core.storeDeadLetters([
        deadLetter("1", "1"),
        ...Array.from({ length: 60 }, (_, n) => deadLetter(`${n}`, "2")),
        deadLetter("3", "3"),
      ]);
      directory.unreachable.add("1");
      expect(await directory.core.redrive()).toEqual({ redriven: 61 });
      expect(directory.core.deadLettersByAccount()).toEqual({ 1: 1 });
    }));

  it("without available content are not delivered, and do not block others", () =>
    inDirectory(async (directory) => {
      directory.core.storeDeadLetters([deadLetter("1", "1", { raw: "", rawKey: "raw:1" }), deadLetter("2", "1")]);
      directory.missing.add("raw:1");
      expect(await directory.core.redrive()).toEqual({ redriven: 1 });
      const [, hollow] = directory.core.deadLetters({ limit: 10 }).items;
      expect(hollow).toMatchObject({ replayedAt: null, raw: '{"unreadable":true,"kvKey":"raw:1"}' });
      expect(await directory.core.replayDeadLetter(hollow?.id ?? "")).toEqual({ error: "Error: not in KV" });
      directory.missing.clear();
      directory.now += HOUR;
      expect(await directory.core.redrive()).toEqual({ redriven: 1 });
      expect(directory.ingested.at(-1)).toMatchObject({ raw: "what KV held" });
    }));

  it("whose event was delivered in another way no longer wait", () =>
    inDirectory(async (directory) => {
      directory.core.storeDeadLetters([deadLetter("1", "1", { raw: "", rawKey: "raw:delivered" })]);
      expect(await directory.core.redrive()).toEqual({ redriven: 0 });
      expect(directory.core.counts().deadLetters).toBe(0);
      expect(directory.ingested).toEqual([]);
    }));

  it("that cannot be replayed return the reason", () =>
    inDirectory(async (directory) => {
      directory.core.storeDeadLetters([deadLetter("1")]);
      directory.unreachable.add("1");
      const [item] = directory.core.deadLetters({ limit: 1 }).items;
      expect(await directory.core.replayDeadLetter(item?.id ?? "")).toEqual({ error: "Error: no such object" });
      expect(await directory.core.replayDeadLetter("none")).toBeNull();
    }));
});
