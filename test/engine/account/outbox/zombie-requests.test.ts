/**
 * A replaced object may continue for up to 30 s without knowing it. It must not send twice, and a send that it made
 * must count. https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/
 */
import { describe, expect, it } from "vitest";
import type { CommentReading, SendResponse } from "../../../../src/engine/account/ports.ts";
import { accepted, ACCOUNT, comment, inAccount, NOON, outcome, type TestAccount } from "../harness.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

const found: CommentReading = { kind: "found", text: "GUIDE", hidden: false, parentText: null, permalink: null };

/** Lets all work run that does not wait for time. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** The alarm fires in an object that is replaced before its run ends. */
async function ringAndForget(account: TestAccount): Promise<void> {
  account.now = NOON + 10 * SECOND;
  account.alarmAt = null;
  void account.core.alarm();
  await settled();
}

async function rechecking(account: TestAccount): Promise<void> {
  await account.connect();
  await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), recheckComments: true });
}

describe("an attempt", () => {
  it("that was not sent twenty seconds after its intent is dropped, and made again", () =>
    inAccount(async (account) => {
      await rechecking(account);
      let reads = 0;
      account.reading = () => {
        reads += 1;
        if (reads === 1) account.now += 20 * SECOND + 1;
        return found;
      };
      await account.ingest(comment("c1"));
      await account.pass(10 * SECOND);
      expect(account.sends).toEqual([]);
      expect(account.reply()).toMatchObject({ state: "pending", attempts: 1, ambiguous: false });
      await account.pass(HOUR);
      expect(account.sends).toHaveLength(1);
      expect(account.reply()).toMatchObject({ state: "sent", attempts: 2 });
    }));

  it("of a zombie is not sent after its successor has taken over the reply", () =>
    inAccount(async (account) => {
      await rechecking(account);
      const { promise: slow, resolve: read } = Promise.withResolvers<CommentReading>();
      account.reading = () => slow;
      await account.ingest(comment("c1"));
      await ringAndForget(account);

      account.restart();
      account.reading = () => found;
      await account.core.wake(ACCOUNT);
      await account.pass(90 * SECOND);
      expect(account.sends.map(({ attempt, at }) => [attempt, at - NOON])).toEqual([[2, 100 * SECOND]]);

      read(found);
      await settled();
      expect(account.sends).toHaveLength(1);
      expect(account.reply()).toMatchObject({ state: "sent", attempts: 2 });
    }));

  it("of a zombie that Meta accepted counts, however late the result arrives", () =>
    inAccount(async (account) => {
      await account.connect();
      const { promise: late, resolve: answer } = Promise.withResolvers<SendResponse>();
      account.answer = () => late;
      await account.ingest(comment("c1"));
      await ringAndForget(account);

      account.restart();
      account.answer = () => outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
      await account.core.wake(ACCOUNT);
      await account.pass(100 * SECOND);
      expect(account.reply()).toMatchObject({ state: "uncertain", attempts: 2 });

      answer(accepted("mid.first"));
      await settled();
      await account.pass(24 * HOUR);
      expect(account.sends).toHaveLength(2);
      expect(account.reply()).toMatchObject({ state: "sent", messageId: "mid.first" });
    }));
});
