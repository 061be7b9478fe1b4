import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FAULTS } from "./faults.ts";

const README = readFileSync(new URL("README.md", import.meta.url), "utf8");
const LINES = new Map(
  [...README.matchAll(/^\| ([A-Z]\d+(?:, [A-Z]\d+)*) \|.*\| (.*) \|$/gm)].flatMap(([, ids = "", where = ""]) =>
    ids.split(", ").map((id): [string, string] => [id, where]),
  ),
);

describe("the table of faults", () => {
  it.each(Object.entries(FAULTS))("explains %s", (_, { ids }) => {
    for (const id of ids.split(" ")) expect([...LINES.keys()]).toContain(id);
  });

  it("marks no line as simulated without a fault that covers it", () => {
    const named = new Set(Object.values(FAULTS).flatMap(({ ids }) => ids.split(" ")));
    const claimed = [...LINES].filter(([, where]) => /^yes\b/.test(where)).map(([id]) => id);
    expect(claimed.filter((id) => !named.has(id))).toEqual([]);
  });
});
