import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";
import { migrate } from "../../../src/engine/storage/migrate.ts";
import { schemaOf } from "./dump.ts";

const FRUIT = ["CREATE TABLE fruit (name TEXT NOT NULL) STRICT", "INSERT INTO fruit (name) VALUES ('apple')"];
const COLOR = [
  "ALTER TABLE fruit ADD COLUMN color TEXT NOT NULL DEFAULT ''",
  "UPDATE fruit SET color = 'red' WHERE name = 'apple'",
];
const BROKEN = ["INSERT INTO fruit (name) VALUES ('pear')", "INSERT INTO nothing (name) VALUES ('pear')"];

/** A real object's empty SQLite. */
const onEmpty = (test: (sql: Sql) => void): Promise<void> =>
  runInDurableObject(env.ACCOUNTS.getByName(`test-${crypto.randomUUID()}`), async (_object, { storage }) => {
    await storage.deleteAll();
    test(durableSql(storage));
  });

const versionOf = (sql: Sql) => sql.all("SELECT version FROM schema_version");

describe("a schema", () => {
  it("is created from an empty database, step by step", () =>
    onEmpty((sql) => {
      migrate(sql, [FRUIT, COLOR]);
      expect(sql.all("SELECT * FROM fruit")).toEqual([{ name: "apple", color: "red" }]);
      expect(versionOf(sql)).toEqual([{ version: 2 }]);
    }));

  it("runs only new steps", () =>
    onEmpty((sql) => {
      migrate(sql, [FRUIT]);
      expect(versionOf(sql)).toEqual([{ version: 1 }]);
      migrate(sql, [FRUIT, COLOR]);
      migrate(sql, [FRUIT, COLOR]);
      expect(sql.all("SELECT * FROM fruit")).toEqual([{ name: "apple", color: "red" }]);
      expect(versionOf(sql)).toEqual([{ version: 2 }]);
    }));

  it("that is newer than the code is refused with a fix, and nothing is written", () =>
    onEmpty((sql) => {
      migrate(sql, [FRUIT, COLOR]);
      const before = [schemaOf(sql), sql.all("SELECT * FROM fruit")];
      expect(() => migrate(sql, [FRUIT])).toThrow(
        "schema version 2 is newer than this code knows (1): deploy the newer version again",
      );
      expect([schemaOf(sql), sql.all("SELECT * FROM fruit")]).toEqual(before);
      expect(versionOf(sql)).toEqual([{ version: 2 }]);
    }));

  it("stays at its version when a step fails, and runs the fixed step later", () =>
    onEmpty((sql) => {
      migrate(sql, [FRUIT]);
      expect(() => migrate(sql, [FRUIT, BROKEN])).toThrow("nothing");
      expect(sql.all("SELECT name FROM fruit")).toEqual([{ name: "apple" }]);
      expect(versionOf(sql)).toEqual([{ version: 1 }]);
      migrate(sql, [FRUIT, COLOR]);
      expect(versionOf(sql)).toEqual([{ version: 2 }]);
    }));

  it("keeps the steps before the one that fails", () =>
    onEmpty((sql) => {
      expect(() => migrate(sql, [FRUIT, COLOR, BROKEN])).toThrow("nothing");
      expect(sql.all("SELECT * FROM fruit")).toEqual([{ name: "apple", color: "red" }]);
      expect(versionOf(sql)).toEqual([{ version: 2 }]);
    }));
});
