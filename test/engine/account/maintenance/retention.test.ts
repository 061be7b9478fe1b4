import { describe, expect, it } from "vitest";
import { ACCOUNT, comment, inAccount, outcome, unsent } from "../harness.ts";

const DAY = 86_400_000;

describe("retention", () => {
  it("deletes settled replies and their events after the configured days", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"), unsent("m1"));
      await account.pass(29 * DAY);
      expect(account.replies()).toHaveLength(1);
      await account.pass(3 * DAY);
      expect(account.replies()).toEqual([]);
      expect(account.core.events(ACCOUNT, { limit: 10 }).items).toEqual([]);
    }));

  it("keeps open replies, however old, and their events", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
      await account.ingest(comment("c1"));
      await account.pass(60 * DAY);
      expect(account.reply().state).toBe("uncertain");
      expect(account.core.events(ACCOUNT, { limit: 10 }).items).toHaveLength(1);
    }));

  it("deletes from a large table in small batches", () =>
    inAccount(async (account) => {
      await account.connect([]);
      await account.ingest(...Array.from({ length: 1_200 }, (_, index) => comment(`c${index}`)));
      await account.pass(31 * DAY);
      await account.pass(DAY);
      expect(account.core.state().events).toBe(0);
    }));
});
