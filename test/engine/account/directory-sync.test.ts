import { describe, expect, it } from "vitest";
import { LAST_SENDING, LAST_WEBHOOK } from "../../../src/engine/account/directory-sync.ts";
import { text } from "../../../src/engine/storage/sql.ts";
import { inAccount } from "./harness.ts";

describe("the summary that an account sends with each event", () => {
  it.each([
    ["the last event", LAST_WEBHOOK, "events_by_webhook"],
    ["the last reply", LAST_SENDING, "replies_by_sending"],
  ])("is read with an index, without a full scan: %s", (_, statement, index) =>
    inAccount(async ({ sql }) => {
      const plan = sql.all(`EXPLAIN QUERY PLAN ${statement}`).map((row) => text(row, "detail"));
      expect(plan.join("\n")).toContain(index);
      expect(plan.join("\n")).not.toContain("TEMP B-TREE");
    }),
  );
});
