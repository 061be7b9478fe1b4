/** The setting `uncertainMessages`: the owner chooses between a missing and a duplicate message. */
import { describe, expect, it } from "vitest";
import type { Settings } from "../../../../src/core/settings.ts";
import { accepted, ACCOUNT, echo, HELLO, inAccount, message, NOON, outcome, type TestAccount } from "../harness.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

const timeout = outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });

async function connect(account: TestAccount, uncertainMessages: Settings["uncertainMessages"]): Promise<void> {
  await account.connect([HELLO]);
  await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), uncertainMessages });
  const given = [timeout];
  account.answer = () => given.shift() ?? accepted();
}

describe("a message whose response was lost", () => {
  it("is held", () =>
    inAccount(async (account) => {
      await connect(account, "hold");
      await account.ingest(message("m1", "hello"));
      await account.pass(HOUR);
      expect(account.sends).toHaveLength(1);
      expect(account.reply()).toMatchObject({ state: "uncertain", wakeAt: null });
    }));

  it("is sent again after the grace period, if the owner has chosen so", () =>
    inAccount(async (account) => {
      await connect(account, "retry");
      await account.ingest(message("m1", "hello"));
      await account.pass(HOUR);
      expect(account.sends.map(({ at }) => at - NOON)).toEqual([10 * SECOND, 100 * SECOND]);
      expect(account.reply()).toMatchObject({ state: "sent", attempts: 2 });
    }));

  it("is not sent again after its echo has arrived", () =>
    inAccount(async (account) => {
      await connect(account, "retry");
      await account.ingest(message("m1", "hello"));
      await account.pass(30 * SECOND);
      await account.ingest(echo("mid.late", "Hello yourself"));
      await account.pass(HOUR);
      expect(account.sends).toHaveLength(1);
      expect(account.reply()).toMatchObject({ state: "sent", reason: "echo" });
    }));
});
