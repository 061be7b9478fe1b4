import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
it("runs", async () => {
  expect(
    await runInDurableObject(env.ACCOUNTS.getByName("a"), (_i, s) => s.storage.sql.exec("select 1 as x").one()["x"]),
  ).toBe(1);
});
