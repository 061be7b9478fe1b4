import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
it("runs", () => {
  expect(process.version).toMatch(/^v24/);
  expect(new DatabaseSync(":memory:").prepare("select 1 as x").get()).toEqual({ x: 1 });
});
