/**
 * The Account as deployed: its own Durable Object, alarm and sender. Each test removes its memory in one of the ways
 * that the platform has.
 */
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MetaEvent } from "../../../../src/core/event.ts";
import { DEFAULT_SETTINGS } from "../../../../src/core/settings.ts";
import type { ReplyItem } from "../../../../src/api/reply.ts";
import { objectsOf } from "../../../../src/engine/objects.ts";
import { comment, GUIDE, HELLO, message } from "../harness.ts";

const GRACE_MS = 90_000;

let accounts = 0;

/** A connected account that no other test uses. It answers comments after `deferSeconds`. */
async function connected(deferSeconds: number): Promise<string> {
  accounts += 1;
  const id = `1784146092839${String(accounts).padStart(4, "0")}`;
  await stubOf(id).link(id, { platform: "instagram", login: "instagram", accessToken: "token-not-real" });
  await stubOf(id).putAutomations(id, [GUIDE, HELLO], null);
  await stubOf(id).changeSettings(id, { ...DEFAULT_SETTINGS, deferSeconds });
  return id;
}

/** A new stub each time: a stub that failed once keeps failing. */
const stubOf = (id: string) => env.ACCOUNTS.getByName(id);

const now = (account: string, event: MetaEvent): MetaEvent => ({
  ...event,
  accountId: account,
  occurredAt: Date.now(),
  receivedAt: Date.now(),
});

const repliesOf = async (id: string): Promise<ReplyItem[]> =>
  (await objectsOf(env).account(id, (account) => account.replies({ limit: 100 }))).items;

const alarmOf = (id: string) => runInDurableObject(stubOf(id), (_object, state) => state.storage.getAlarm());

/** A Graph API that replaces `fetch`. The first `hanging` sends never get a response. Counts sends only. */
function graph({ hanging }: { hanging: number }): { sends: number } {
  const seen = { sends: 0 };
  vi.spyOn(globalThis, "fetch").mockImplementation((_url, init) => {
    if (init?.method !== "POST") return Promise.resolve(Response.json({}));
    seen.sends += 1;
    if (seen.sends <= hanging) return new Promise<never>(() => undefined);
    return Promise.resolve(Response.json({ recipient_id: "1045872930164827", message_id: "mid.1" }));
  });
  return seen;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("an object that is killed while a request is in flight", () => {
  it("leaves the attempt in the ledger; its successor judges it after the grace period, not before", async () => {
    const id = await connected(0);
    const seen = graph({ hanging: 1 });
    await stubOf(id).ingest(id, [now(id, comment("c1"))]);
    // The alarm fires. Its request gets no response.
    await vi.waitFor(() => expect(seen.sends).toBe(1), { timeout: 20_000 });
    await abortAllDurableObjects();

    expect(await repliesOf(id)).toMatchObject([{ state: "sending", attempts: 1, messageId: null }]);
    // The lease of the dead run is the next alarm.
    expect(await alarmOf(id)).not.toBeNull();
    await runDurableObjectAlarm(stubOf(id));
    expect(await repliesOf(id)).toMatchObject([{ state: "sending", attempts: 1 }]);

    const realNow = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + GRACE_MS);
    await runDurableObjectAlarm(stubOf(id));
    expect(await repliesOf(id)).toMatchObject([{ state: "sent", attempts: 2, messageId: "mid.1" }]);
    expect(seen.sends).toBe(2);
  });

  it("leaves a message uncertain permanently: Meta would deliver it twice", async () => {
    const id = await connected(0);
    const seen = graph({ hanging: 1 });
    const event = now(id, message("m1", "hello"));
    await stubOf(id).ingest(id, [event]);
    await vi.waitFor(() => expect(seen.sends).toBe(1), { timeout: 20_000 });
    await abortAllDurableObjects();

    const realNow = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + GRACE_MS);
    await runDurableObjectAlarm(stubOf(id));
    await runDurableObjectAlarm(stubOf(id));
    expect(await repliesOf(id)).toMatchObject([{ state: "uncertain", reason: "no_answer", attempts: 1 }]);
    expect(seen.sends).toBe(1);
  });
});

describe("an object that is evicted or deployed again", () => {
  it.each<[string, (id: string) => Promise<void>]>([
    ["evicted", (id) => evictDurableObject(stubOf(id))],
    ["aborted", () => abortAllDurableObjects()],
  ])("%s with waiting replies keeps every row and its alarm", async (_, takeAway) => {
    const id = await connected(3_600);
    const events = ["c1", "c2", "c3"].map((key) => now(id, comment(key)));
    await stubOf(id).ingest(id, events);
    const before = await repliesOf(id);
    const alarmAt = await alarmOf(id);
    expect(before.map(({ state }) => state)).toEqual(["pending", "pending", "pending"]);
    // Maintenance may be due earlier, but nothing later than the first row.
    expect(alarmAt).toBeGreaterThan(Date.now());
    expect(alarmAt).toBeLessThanOrEqual((events[0]?.receivedAt ?? 0) + 3_600_000);

    await takeAway(id);
    const after = await repliesOf(id);
    // The estimate is computed again. Everything else is unchanged.
    const without = (rows: ReplyItem[]) => rows.map(({ estimatedAt: _estimatedAt, ...row }) => row);
    expect(without(after)).toEqual(without(before));
    expect(await alarmOf(id)).toBe(alarmAt);
  });

  it("sends replies that became due in between once", async () => {
    const id = await connected(3_600);
    const seen = graph({ hanging: 0 });
    await stubOf(id).ingest(id, [now(id, comment("c1"))]);
    await evictDurableObject(stubOf(id));
    const realNow = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + 3_600_000);
    await runDurableObjectAlarm(stubOf(id));
    await runDurableObjectAlarm(stubOf(id));
    expect(await repliesOf(id)).toMatchObject([{ state: "sent", attempts: 1 }]);
    expect(seen.sends).toBe(1);
  });

  it("is woken by the watchdog when its alarm was lost", async () => {
    const id = await connected(3_600);
    await stubOf(id).ingest(id, [now(id, comment("c1"))]);
    const alarmAt = await alarmOf(id);
    await runInDurableObject(stubOf(id), (_object, state) => state.storage.deleteAlarm());
    await abortAllDurableObjects();
    expect(await stubOf(id).wake(id)).toMatchObject({ open: 1 });
    expect(await alarmOf(id)).toBe(alarmAt);
  });
});

describe("concurrent calls", () => {
  it("with the same delivery create one event and one reply", async () => {
    const id = await connected(3_600);
    const event = now(id, comment("c1"));
    const reports = await Promise.all(Array.from({ length: 50 }, () => stubOf(id).ingest(id, [event])));
    expect(reports.flatMap(({ results }) => results).filter((result) => result === "new")).toHaveLength(1);
    const { items } = await stubOf(id).events(id, { limit: 100 });
    expect(items).toMatchObject([{ id: event.id, duplicates: 49 }]);
    expect(await repliesOf(id)).toHaveLength(1);
  });

  it("of the alarm send one reply once", async () => {
    const id = await connected(3_600);
    const seen = graph({ hanging: 0 });
    await stubOf(id).ingest(id, [now(id, comment("c1"))]);
    const realNow = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + 3_600_000);
    await runInDurableObject(stubOf(id), (object) => Promise.all(Array.from({ length: 20 }, () => object.alarm())));
    expect(seen.sends).toBe(1);
    expect(await repliesOf(id)).toMatchObject([{ state: "sent", attempts: 1 }]);
  });

  it("of the Graph API run concurrently: sixty-four messages are in flight before the first response", async () => {
    const id = await connected(3_600);
    const { promise: allBegun, resolve } = Promise.withResolvers<void>();
    let begun = 0;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (_url, init) => {
      if (init?.method !== "POST") return Response.json({});
      begun += 1;
      if (begun === 64) resolve();
      await allBegun;
      return Response.json({ message_id: `mid.${begun}` });
    });
    const people = Array.from({ length: 64 }, (_, index) => now(id, message(`m${index}`, "hello")));
    await stubOf(id).changeSettings(id, {
      ...DEFAULT_SETTINGS,
      deferSeconds: 3_600,
      conversationRepliesPerHour: 1_000,
    });
    await stubOf(id).ingest(id, people);
    const realNow = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + 3_600_000);
    await runDurableObjectAlarm(stubOf(id));
    // A message that waited for another would time out and be uncertain.
    expect((await repliesOf(id)).map(({ state }) => state)).toEqual(people.map(() => "sent"));
  });
});
