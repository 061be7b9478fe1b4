import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DIRECTORY_MIGRATIONS } from "../../../src/engine/directory/schema.ts";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";
import { migrate } from "../../../src/engine/storage/migrate.ts";
import { BUSY, PARKED, QUIET, SAVED_AT, STRANGER, TestDirectory } from "./directory-story.ts";
import { load, schemaOf } from "./dump.ts";
import { DIRECTORY_FIXTURES, versions } from "./fixtures.ts";

async function objectWith(fixture: string) {
  const stub = env.DIRECTORY.getByName(`test-${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_object, { storage }) => {
    await storage.deleteAll();
    load(durableSql(storage), fixture);
  });
  return stub;
}

async function opened(fixture: string, test: (directory: TestDirectory) => Promise<void>): Promise<void> {
  await runInDurableObject(await objectWith(fixture), (_object, { storage }) => {
    const directory = new TestDirectory(storage);
    directory.now = SAVED_AT;
    return test(directory);
  });
}

const versionOf = (sql: Sql) => sql.all("SELECT version FROM schema_version");

describe.each(versions(DIRECTORY_FIXTURES))("a Directory of version $version", ({ version, fixture }) => {
  it("has the version of its fixture, and is migrated to the schema of a new one", async () => {
    const stub = await objectWith(fixture);
    await runInDurableObject(stub, async (_object, { storage }) => {
      const sql = durableSql(storage);
      expect(versionOf(sql)).toEqual([{ version }]);
      const before = schemaOf(sql);
      const directory = new TestDirectory(storage);
      expect(versionOf(directory.sql)).toEqual([{ version: DIRECTORY_MIGRATIONS.length }]);
      const migrated = schemaOf(sql);
      await storage.deleteAll();
      migrate(sql, DIRECTORY_MIGRATIONS.slice(0, version));
      expect(before).toEqual(schemaOf(sql));
      migrate(sql, DIRECTORY_MIGRATIONS);
      expect(migrated).toEqual(schemaOf(sql));
    });
  });

  it("lists its accounts, and the watchdog visits those with open work", () =>
    opened(fixture, async (directory) => {
      const { items } = directory.core.accounts({ limit: 10 });
      expect(items.map(({ id, connected, hold, openReplies }) => [id, connected, hold, openReplies])).toEqual([
        [BUSY, true, null, 4],
        [QUIET, true, "token", 0],
        [STRANGER, false, null, 0],
      ]);
      directory.now += 121_000;
      expect(directory.core.toVisit()).toEqual([BUSY]);
      directory.core.visited(BUSY, { open: 0, generation: 3 });
      directory.now += 121_000;
      expect(directory.core.toVisit()).toEqual([]);
    }));

  it("keeps quarantined deliveries complete", () =>
    opened(fixture, async ({ core }) => {
      const [item] = core.quarantined({ limit: 10 }).items;
      expect(item).toMatchObject({ accountId: BUSY, reason: "too_deep", replayedAt: null });
      expect(core.quarantineItem(item?.id ?? "")?.body).toContain("[[[[");
    }));

  it("delivers only waiting dead letters", () =>
    opened(fixture, async ({ core, ingested }) => {
      expect(core.counts()).toMatchObject({ accounts: 3, connected: 2, quarantined: 1, deadLetters: 1 });
      expect(await core.redrive()).toEqual({ redriven: 1 });
      expect(ingested.map(({ id }) => id)).toEqual([`instagram:${BUSY}:comment:c_dead`]);
      expect(JSON.parse(ingested[0]?.raw ?? "")).toMatchObject({ value: { id: "c_dead" } });
      expect(await core.redrive()).toEqual({ redriven: 0 });
    }));

  it("is opened by the object itself after the deployment of the new schema", async () => {
    const stub = await objectWith(fixture);
    await evictDurableObject(stub);
    expect(await stub.counts()).toMatchObject({ accounts: 3, deadLetters: 1 });
  });
});

/** Versions that already had the table. */
const since = (first: number) => versions(DIRECTORY_FIXTURES).filter(({ version }) => version >= first);

it.each(since(2))("a Directory of version $version still has all sending stopped", ({ fixture }) =>
  opened(fixture, async ({ core }) => {
    expect(core.killSwitch()).toMatchObject({ stop: { reason: "A campaign went wrong." }, told: 3 });
  }),
);

it.each(since(3))("a Directory of version $version still knows owners, invitations and erasures", ({ fixture }) =>
  opened(fixture, async ({ core }) => {
    expect(core.ownedBy("app-scoped-1")).toEqual([BUSY]);
    expect(core.invite("invite-1")).toMatchObject({ label: "Nadia", usedAt: null, revokedAt: null });
    expect(core.openErasures(10)).toMatchObject([{ code: "erasure-1", subject: "1045872930164827" }]);
  }),
);

it.each(since(4))("a Directory of version $version still knows who removed the app", ({ fixture }) =>
  opened(fixture, async ({ core }) => {
    expect(core.ownedBy("app-scoped-2")).toEqual([PARKED]);
    expect(core.account(PARKED)).toBeNull();
  }),
);

it("a Directory with a newer schema than the code is not changed, and the error says what to do", async () => {
  const stub = await objectWith(DIRECTORY_FIXTURES.at(-1) ?? "");
  const newer = DIRECTORY_MIGRATIONS.length + 1;
  await runInDurableObject(stub, (_object, { storage }) => {
    const sql = durableSql(storage);
    sql.all("UPDATE schema_version SET version = ?", newer);
    expect(() => new TestDirectory(storage)).toThrow(`schema version ${newer} is newer than this code knows`);
    expect(versionOf(sql)).toEqual([{ version: newer }]);
  });
});
