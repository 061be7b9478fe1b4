import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { personHash } from "../../../src/engine/account/erasure.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";
import {
  accepted,
  ACCOUNT,
  comment,
  echo,
  GUIDE,
  HELLO,
  inAccount,
  message,
  NOON,
  PERSON,
  TestAccount,
} from "../account/harness.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OTHER = "9045872930164000";

/** The whole database as one text. */
function dump(sql: Sql): string {
  const tables = sql.all(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
  );
  return JSON.stringify(tables.map(({ name }) => [name, sql.all(`SELECT * FROM "${String(name)}"`)]));
}

/** The same storage, with a cursor for each statement that it has run. */
function counting(storage: DurableObjectStorage): { counted: DurableObjectStorage; cursors: { rowsRead: number }[] } {
  const cursors: { rowsRead: number }[] = [];
  const sql = {
    exec: (query: string, ...bindings: unknown[]) => {
      const cursor = storage.sql.exec(query, ...bindings);
      cursors.push(cursor);
      return cursor;
    },
  };
  const counted = new Proxy(storage, {
    get(target, key: keyof DurableObjectStorage) {
      if (key === "sql") return sql;
      const value: unknown = target[key];
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { counted, cursors };
}

async function lively(account: TestAccount): Promise<void> {
  await account.connect([GUIDE, HELLO]);
  await account.ingest(
    comment("c1"),
    comment("c2", { from: OTHER, text: "guide for me" }),
    message("m1", "hello, my secret is canary-text"),
    // Our own public answer, which repeats the person's name, arrives as our own comment.
    comment("c3", { from: ACCOUNT, text: "@nadia.bakes sent!", parentId: "c1" }),
  );
  await account.pass(HOUR);
  await account.ingest(echo("mid.1", "Hi nadia.bakes, here it is: https://example.com/guide"));
}

describe("erasing a person", () => {
  it("leaves only a hash of them, and all data of others", () =>
    inAccount(async (account) => {
      await lively(account);
      expect(dump(account.sql)).toContain(PERSON);
      const { rows } = await account.core.erasePerson(ACCOUNT, PERSON);
      expect(rows).toBeGreaterThanOrEqual(5);
      const left = dump(account.sql);
      for (const gone of [PERSON, "canary-text", "nadia.bakes sent", '"c1"']) expect(left).not.toContain(gone);
      expect(left).toContain(personHash(ACCOUNT, PERSON));
      expect(left).toContain(OTHER);
      expect(account.core.events(ACCOUNT, { limit: 10 }).items.map(({ id }) => id)).toEqual([
        `instagram:${ACCOUNT}:comment:c2`,
      ]);
      expect(account.replies().map(({ about }) => about)).toEqual(["c2"]);
    }));

  it("is not undone by a late delivery, a replay, or the echo of a reply in flight", () =>
    inAccount(async (account) => {
      await lively(account);
      await account.core.erasePerson(ACCOUNT, PERSON);
      const before = dump(account.sql);
      const late = [
        comment("c1"),
        message("m1", "hello"),
        comment("c9"),
        echo("mid.9", "x", {}, { at: account.now + 1_000 }),
      ];
      expect(await account.ingest(...late)).toEqual({ results: ["duplicate", "duplicate", "duplicate", "duplicate"] });
      expect(dump(account.sql)).not.toContain(PERSON);
      expect(account.core.events(ACCOUNT, { limit: 10 }).items).toHaveLength(1);
      expect(before).not.toContain(PERSON);
      expect(account.logged).toContain("erased_event_refused");
    }));

  it("does not block them: later messages are answered", () =>
    inAccount(async (account) => {
      await lively(account);
      await account.core.erasePerson(ACCOUNT, PERSON);
      await account.pass(DAY);
      const { results } = await account.ingest(comment("c20", {}, { at: account.now }));
      await account.pass(HOUR);
      expect(results).toEqual(["new"]);
      expect(account.replies().at(-1)).toMatchObject({ about: "c20", state: "sent" });
    }));

  it("accepts new messages immediately, and drops only our own echoes", () =>
    inAccount(async (account) => {
      await account.connect([{ ...GUIDE, actions: { publicReply: { texts: ["@{{username}} sent!"] } } }, HELLO]);
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.reply()).toMatchObject({ kind: "public_reply", state: "sent" });
      await account.core.erasePerson(ACCOUNT, PERSON);
      const at = account.now + 1_000;
      const own = { from: ACCOUNT, text: "@nadia.bakes sent!" };
      const standby = { ...echo("mid.8", "x", {}, { at }), kind: "standby" as const, field: "standby" };
      const { results } = await account.ingest(
        message("m2", "hello again", { at }),
        comment("c20", {}, { at }),
        echo("mid.9", "x", {}, { at }),
        standby,
        comment("c21", { ...own, parentId: "c1" }, { at }),
        // Under another person's comment.
        comment("c22", { ...own, parentId: "c9" }, { at }),
      );
      expect(results).toEqual(["new", "new", "duplicate", "duplicate", "duplicate", "new"]);
      await account.pass(HOUR);
      expect(account.replies().map(({ about, state }) => [about, state])).toEqual([
        ["m2", "sent"],
        ["c20", "sent"],
      ]);
      expect(dump(account.sql)).not.toContain('"c1"');
    }));

  it("reads the ledger a few times, not once for each of their comments", () =>
    runInDurableObject(env.ACCOUNTS.getByName(`test-${crypto.randomUUID()}`), async (_object, { storage }) => {
      const { counted, cursors } = counting(storage);
      const account = new TestAccount(counted);
      await account.connect();
      await account.core.changeSettings(ACCOUNT, { conversationRepliesPerHour: 1_000 });
      await account.ingest(...Array.from({ length: 400 }, (_, n) => comment(`o${n}`, { from: OTHER })));
      await account.ingest(...Array.from({ length: 100 }, (_, n) => comment(`c${n}`)));
      cursors.length = 0;
      expect((await account.core.erasePerson(ACCOUNT, PERSON)).rows).toBeGreaterThanOrEqual(200);
      expect(account.replies()).toHaveLength(400);
      const read = cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
      expect(read).toBeLessThan(10 * 500);
    }));

  it("finds them in events of an unknown kind", () =>
    inAccount(async (account) => {
      await account.connect();
      const strange = { ...comment("x1"), kind: "unknown" as const, raw: `{"something":{"new":"${PERSON}"}}` };
      const long = {
        ...comment("x2"),
        kind: "unknown" as const,
        raw: `{"pad":"${"x".repeat(600_000)}","who":"${PERSON}"}`,
      };
      await account.ingest(strange, long);
      await account.core.erasePerson(ACCOUNT, PERSON);
      expect(dump(account.sql)).not.toContain(PERSON);
      expect(account.core.events(ACCOUNT, { limit: 10 }).items).toEqual([]);
    }));

  it("deletes pending replies to them", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"), comment("c2", { from: OTHER }));
      await account.core.erasePerson(ACCOUNT, PERSON);
      await account.pass(HOUR);
      expect(account.sends.map(({ to }) => to)).toEqual([{ commentId: "c2" }]);
    }));

  it("who is unknown deletes nothing", () =>
    inAccount(async (account) => {
      await lively(account);
      expect(await account.core.erasePerson(ACCOUNT, "4242")).toEqual({ rows: 0 });
      expect(account.core.events(ACCOUNT, { limit: 10 }).items).toHaveLength(5);
    }));

  it("stores a different hash in every account", () => {
    expect(personHash("1", PERSON)).not.toBe(personHash("2", PERSON));
    expect(personHash("1", PERSON)).not.toContain(PERSON);
  });
});

describe("erasing an account", () => {
  it("leaves no event, reply, person or token, and no alarm", () =>
    inAccount(async (account) => {
      await lively(account);
      await account.core.erasePerson(ACCOUNT, OTHER);
      await account.core.erase(ACCOUNT, true);
      expect(account.forgotten).toEqual([ACCOUNT]);
      expect(account.core.state()).toMatchObject({ profile: null, events: 0, token: null, subscription: null });
      const left = dump(account.sql);
      for (const gone of [PERSON, "canary-text", "guide", "sealed", ACCOUNT]) expect(left, gone).not.toContain(gone);
      // A person who was erased before the account stays erased.
      expect(left).toContain(personHash(ACCOUNT, OTHER));
      expect(account.core.automations().items).toEqual([]);
      account.alarmAt = null;
      expect(await account.ingest(comment("c1"))).toEqual({ results: ["duplicate"] });
      expect(account.alarmAt).toBeNull();
      expect(dump(account.sql)).toBe(left);
    }));

  it("ends when it is connected again: disconnected after that, it records events and is listed like any other", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.erase(ACCOUNT, true);
      await account.pass(HOUR);
      await account.connect();
      const { notes } = account;
      await account.core.unlink(ACCOUNT);
      expect(account.notes).toBe(notes + 1);
      expect(await account.ingest(comment("c1", {}, { at: account.now + 1 }))).toEqual({ results: ["new"] });
    }));

  it("is not undone by a reply in flight", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      let before = { announced: 0, notes: 0 };
      account.answer = async () => {
        await account.core.erase(ACCOUNT, true);
        before = { announced: account.announced.length, notes: account.notes };
        return accepted();
      };
      await account.pass(DAY);
      expect(account.sends).toHaveLength(1);
      expect(account.forgotten).toEqual([ACCOUNT]);
      expect({ announced: account.announced.length, notes: account.notes }).toEqual(before);
      expect(account.alarmAt).toBeNull();
    }));

  it("during its registration lets it register again when it returns", () =>
    inAccount(async (account) => {
      account.whileAnnouncing = async () => {
        account.whileAnnouncing = async () => undefined;
        await account.core.erase(ACCOUNT, true);
      };
      await account.connect();
      account.announced.length = 0;
      await account.connect();
      expect(account.announced).toHaveLength(1);
    }));

  it("can keep automations and settings, and the account returns without its old data", () =>
    inAccount(async (account) => {
      await lively(account);
      const settings = await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), deferSeconds: 33 });
      await account.core.erase(ACCOUNT, false);
      expect(account.core.automations().items.map(({ id }) => id)).toEqual(["guide", "hello"]);
      expect(account.core.settings()).toEqual(settings);
      await account.pass(DAY);
      await account.core.link(ACCOUNT, { platform: "instagram", login: "instagram", accessToken: "token-not-real" });
      const late = comment("c1");
      const fresh = comment("c30", {}, { at: account.now });
      expect(await account.ingest(late, fresh)).toEqual({ results: ["duplicate", "new"] });
      await account.pass(HOUR);
      expect(account.replies().map(({ about, state }) => [about, state])).toEqual([["c30", "sent"]]);
      expect(late.occurredAt).toBe(NOON);
    }));

  it("deletes a stop of all sending, which the next connection gets again if it still applies", () =>
    inAccount(async (account) => {
      await account.connect();
      account.core.setStop(ACCOUNT, { since: NOON, reason: "incident" });
      await account.core.erase(ACCOUNT, false);
      expect(account.core.state().stop).toBeNull();
    }));
});
