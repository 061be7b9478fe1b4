import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EXPECTED, TIME_BASE } from "../../payloads/expected.ts";
import { CONTEXT, read } from "./deliveries.ts";

const FOLDER = new URL("../../payloads/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

describe("the sample bodies", () => {
  it("are all in the table", () => {
    expect(files).toHaveLength(108);
    expect(Object.keys(EXPECTED).toSorted()).toEqual(files.toSorted());
  });

  it.each(files)("%s is read as its row says", (file) => {
    const body = readFileSync(new URL(file, FOLDER));
    const object = file.split(".")[0];
    const found = read(body).events;
    expect(found).toEqual(
      EXPECTED[file]?.map(([kind, field, accountId, afterBaseMs, key]) => ({
        v: 1,
        id: `${object}:${accountId}:${kind}:${key}`,
        accountId,
        object,
        kind,
        field,
        occurredAt: TIME_BASE + afterBaseMs,
        receivedAt: CONTEXT.receivedAt,
        deliveryId: CONTEXT.deliveryId,
        test: accountId === "0",
        raw: expect.any(String),
        proof: CONTEXT.proof,
      })),
    );
  });

  it.each(files)("%s keeps every item as Meta wrote it", (file) => {
    const text = readFileSync(new URL(file, FOLDER), "utf8");
    for (const { raw, kind } of read(text).events) {
      // A flat entry is put together from its members; every other item is a piece of the text.
      if (file === "instagram.live_comments.flat_entry.json")
        expect(Object.keys(JSON.parse(raw))).toEqual(["field", "value"]);
      else expect(text, kind).toContain(raw);
    }
  });

  it("count the one entry that announces nothing", () => {
    const counts = files.map((file) => read(readFileSync(new URL(file, FOLDER))).entriesWithoutEvents);
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);
  });
});
