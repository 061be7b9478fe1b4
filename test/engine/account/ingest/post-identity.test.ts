/** A comment on a picture inside an album belongs to the album. */
import { describe, expect, it } from "vitest";
import { err, ok } from "../../../../src/core/result.ts";
import { comment, GUIDE, inAccount, MEDIA, NOON, type TestAccount } from "../harness.ts";

const ALBUM = "17999999999999999";
const MINUTE = 60_000;

const FOR_ALBUM = { ...GUIDE, trigger: { ...GUIDE.trigger, mediaIds: [ALBUM] } };

function answering(account: TestAccount, ...answers: Awaited<ReturnType<TestAccount["commentMedia"]>>[]): string[] {
  const asked: string[] = [];
  account.commentMedia = (commentId) => {
    asked.push(commentId);
    return answers[Math.min(asked.length, answers.length) - 1] ?? ok(null);
  };
  return asked;
}

const DOWN = err({ reason: "unavailable", code: "timeout" } as const);

describe("a comment that names a picture", () => {
  it("is answered by the automation of its album, and Meta is asked once for all comments on the picture", () =>
    inAccount(async (account) => {
      await account.connect([FOR_ALBUM]);
      const asked = answering(account, ok(ALBUM));
      await account.ingest(comment("c1", {}), comment("c2", { from: "222" }));
      expect(account.replies()).toEqual([]);
      await account.pass(MINUTE);
      account.now = NOON + MINUTE;
      await account.ingest(comment("c3", { from: "333" }, { at: NOON + MINUTE }));
      await account.pass(MINUTE);
      expect(asked).toEqual(["c1"]);
      expect(account.sends.map(({ to }) => to)).toEqual([
        { commentId: "c1" },
        { commentId: "c2" },
        { commentId: "c3" },
      ]);
    }));

  it("stays unanswered if the picture is its own post, and Meta is asked once", () =>
    inAccount(async (account) => {
      await account.connect([FOR_ALBUM]);
      const asked = answering(account, ok(MEDIA));
      await account.ingest(comment("c1", {}));
      await account.pass(MINUTE);
      await account.ingest(comment("c2", { from: "222" }, { at: NOON + MINUTE }));
      await account.pass(MINUTE);
      expect(asked).toEqual(["c1"]);
      expect(account.replies()).toEqual([]);
    }));

  it("is read again after a failure, with a pause, and answered then", () =>
    inAccount(async (account) => {
      await account.connect([FOR_ALBUM]);
      const asked = answering(account, DOWN, DOWN, ok(ALBUM));
      await account.ingest(comment("c1", {}));
      await account.pass(4 * MINUTE);
      expect(asked).toHaveLength(1);
      await account.pass(7 * MINUTE);
      expect(asked).toHaveLength(3);
      expect(account.reply()).toMatchObject({ state: "sent" });
    }));

  it("is given up after a day without an answer", () =>
    inAccount(async (account) => {
      await account.connect([FOR_ALBUM]);
      const asked = answering(account, DOWN);
      await account.ingest(comment("c1", {}));
      await account.pass(25 * 60 * MINUTE);
      const before = asked.length;
      await account.pass(60 * MINUTE);
      expect(asked).toHaveLength(before);
    }));
});

it("Meta is not asked if the words do not match, or another automation is for the picture", () =>
  inAccount(async (account) => {
    await account.connect([FOR_ALBUM]);
    const asked = answering(account, ok(ALBUM));
    await account.ingest(comment("c1", { text: "lovely" }));
    account.core.putAutomations(
      "17841460928374651",
      [{ ...FOR_ALBUM, trigger: { ...GUIDE.trigger, mediaIds: [MEDIA] } }],
      null,
    );
    await account.ingest(comment("c2", { from: "222" }));
    await account.pass(MINUTE);
    expect(asked).toEqual([]);
    expect(account.sends).toHaveLength(1);
  }));
