import { describe, expect, it } from "vitest";
import type { FeedQuery } from "../../../../src/engine/account/contract.ts";
import {
  ACCOUNT,
  comment,
  echo,
  GUIDE,
  HELLO,
  inAccount,
  message,
  NOON,
  PERSON,
  type TestAccount,
} from "../harness.ts";

const HOUR_MS = 3_600_000;

const texts = (account: TestAccount, query: Partial<FeedQuery> = {}): (string | null)[] =>
  account.core.feed(ACCOUNT, { limit: 50, ...query }).items.map(({ text }) => text);

describe("the feed", () => {
  it("has a row for each event, newest first, with its result", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE]);
      await account.ingest(comment("1", { text: "guide please" }), comment("2", { text: "nice" }));
      await account.ingest(comment("2", { text: "nice" }));
      const { items, newest, nextCursor } = account.core.feed(ACCOUNT, { limit: 50 });
      expect(nextCursor).toBeNull();
      expect(items.map(({ seq }) => seq)).toEqual([2, 1]);
      expect(newest).toBe(2);
      expect(items[0]).toMatchObject({ text: "nice", duplicates: 1, personId: PERSON, replies: [] });
      expect(items[1]).toMatchObject({ text: "guide please", duplicates: 0 });
      expect(items[1]?.replies).toEqual([
        { id: account.reply().id, kind: "private_reply", state: "pending", reason: null },
      ]);
    }));

  it("filters by outcome, kind and text, in any encoding that Meta uses", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE, HELLO]);
      await account.ingest(
        comment("1", { text: "the guide" }),
        comment("2", { text: "Grüße 🌊" }),
        message("mid.3", "something else"),
        { ...comment("4", { text: "a test" }), test: true },
      );
      expect(texts(account, { outcome: "answered" })).toEqual(["the guide"]);
      expect(texts(account, { outcome: "not_answered" })).toEqual(["a test", "something else", "Grüße 🌊"]);
      expect(texts(account, { outcome: "test" })).toEqual(["a test"]);
      expect(texts(account, { outcome: "duplicated" })).toEqual([]);
      expect(texts(account, { outcome: "failed" })).toEqual([]);
      expect(texts(account, { kind: "message" })).toEqual(["something else"]);
      expect(texts(account, { search: "GRÜSSE" })).toEqual([]);
      expect(texts(account, { search: "grüße" })).toEqual(["Grüße 🌊"]);
      const wire = comment("5", { text: "x" });
      await account.ingest({ ...wire, raw: wire.raw.replace('"x"', String.raw`"sch\u00f6n \ud83c\udf0a"`) });
      expect(texts(account, { search: "schön 🌊" })).toEqual(["schön 🌊"]);
    }));

  it("continues from its cursor, or from any place, without missing or repeated rows", () =>
    inAccount(async (account) => {
      await account.ingest(
        ...Array.from({ length: 25 }, (_, index) => comment(String(index), { text: `no ${index}` })),
      );
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = account.core.feed(ACCOUNT, { limit: 10, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.items.map(({ seq }) => seq));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
      expect(texts(account, { before: 3 })).toEqual(["no 1", "no 0"]);
    }));

  it("returns the events after a place, oldest first, up to one page", () =>
    inAccount(async (account) => {
      await account.ingest(...["1", "2", "3", "4"].map((id) => comment(id, { text: id })));
      const page = account.core.feed(ACCOUNT, { limit: 2, after: 1 });
      expect(page.items.map(({ text }) => text)).toEqual(["2", "3"]);
      expect(page.nextCursor).not.toBeNull();
      expect(account.core.feed(ACCOUNT, { limit: 2, after: 3 })).toMatchObject({ nextCursor: null, newest: 4 });
    }));

  it("scans at most ten thousand events per page for matches of a filter, and continues from there", () =>
    inAccount(async (account) => {
      await account.ingest(comment("first", { text: "needle" }));
      account.sql.all(
        `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
         INSERT INTO events SELECT i, 'x' || i, kind, field, object, occurred_at, received_at, delivery_id, proof_secret,
           proof_form, test, duplicates, blocked, decisions, person_id, about, replace(raw, 'needle', 'hay')
         FROM n, events WHERE events.seq = 1`,
      );
      const first = account.core.feed(ACCOUNT, { limit: 50, search: "needle" });
      expect(first.items).toEqual([]);
      expect(first.nextCursor).not.toBeNull();
      const next = account.core.feed(ACCOUNT, { limit: 50, search: "needle", cursor: first.nextCursor ?? "" });
      expect(next.items.map(({ text }) => text)).toEqual(["needle"]);
      expect(next.nextCursor).toBeNull();
    }));
});

describe("a day", () => {
  it("counts events, duplicates and replies for each of 24 hours", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE]);
      await account.ingest(comment("old", { text: "guide", at: NOON - 25 * HOUR_MS } as never));
      await account.ingest(
        comment("1", { text: "guide" }),
        comment("2", { text: "nice" }),
        comment("2", { text: "nice" }),
      );
      await account.pass(60_000);
      const { hours, openReplies } = account.core.day();
      expect(hours).toHaveLength(24);
      expect(hours.at(-1)).toMatchObject({
        at: NOON,
        events: expect.any(Number),
        duplicates: 1,
        sent: expect.any(Number),
      });
      expect(hours.at(-1)?.sent).toBeGreaterThan(0);
      expect(openReplies).toBe(0);
      account.now += 24 * HOUR_MS;
      expect(account.core.day().hours.every(({ events, replies }) => events === 0 && replies === 0)).toBe(true);
    }));
});

describe("a conversation", () => {
  it("is listed with its window and the current sender, most recently updated first", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.ingest(message("mid.1", "hello"));
      account.now += 1_000;
      await account.ingest(comment("1", { text: "hi", from: "2222222222222222" }));
      const { items } = account.core.conversations({ limit: 10 });
      expect(items.map(({ personId }) => personId)).toEqual(["2222222222222222", PERSON]);
      expect(items[0]).toMatchObject({ windowClosesAt: null, heldUntil: null });
      expect(items[1]).toMatchObject({ windowClosesAt: NOON + 24 * HOUR_MS, heldUntil: null });
      expect(account.core.conversations({ limit: 10, search: PERSON }).items).toHaveLength(1);
      expect(account.core.conversations({ limit: 10, held: true }).items).toEqual([]);
      const first = account.core.conversations({ limit: 1 });
      expect(account.core.conversations({ limit: 1, cursor: first.nextCursor ?? "" }).items[0]?.personId).toBe(PERSON);
    }));

  it("shows both sides in order and our own echo as proof, and resumes automations", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.ingest(message("mid.in", "hello"));
      await account.pass(60_000);
      const sentAs = account.reply().messageId ?? "";
      await account.ingest(echo(sentAs, "Hello yourself", {}, { at: account.now }));
      await account.ingest(echo("mid.by.hand", "It is me", {}, { at: account.now + 1 }));
      const thread = account.core.thread(ACCOUNT, PERSON, { limit: 20 });
      expect(thread?.items.map(({ by, text, state }) => [by, text, state])).toEqual([
        ["person", "hello", null],
        ["replyline", "Hello yourself", "sent"],
        ["proof", "Hello yourself", null],
        ["account", "It is me", null],
      ]);
      expect(thread?.conversation).toMatchObject({ heldBy: "person" });
      expect(account.core.handBack(PERSON)).toMatchObject({ heldUntil: null, heldBy: null });
      expect(account.core.handBack("nobody")).toBeNull();
      expect(account.core.thread(ACCOUNT, "nobody", { limit: 20 })).toBeNull();
    }));

  it("returns its pages without missing items", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      for (let index = 0; index < 9; index++) {
        account.now += 1_000;
        await account.ingest(message(`mid.${index}`, `hello ${index}`, { at: account.now }));
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = account.core.thread(ACCOUNT, PERSON, { limit: 4, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...(page?.items ?? []).map(({ eventId, replyId }) => replyId ?? eventId ?? ""));
        cursor = page?.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(18);
    }));
});

describe("a stop", () => {
  it("stops all sends, records all events, and expires closed windows when it ends", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE, HELLO]);
      account.core.setStop(ACCOUNT, { since: NOON, reason: "wrong link" });
      await account.ingest(comment("1", { text: "guide" }), message("mid.2", "hello"));
      await account.pass(25 * HOUR_MS);
      expect(account.sends).toEqual([]);
      expect(account.core.state().stop).toEqual({ since: NOON, reason: "wrong link" });
      account.core.setStop(ACCOUNT, null);
      await account.pass(60_000);
      // The comment's window is seven days, the message's was one day.
      expect(account.sends.map(({ kind }) => kind)).toEqual(["private_reply"]);
      expect(account.replies().map(({ state }) => state)).toEqual(["sent", "expired"]);
    }));
});
