import { describe, expect, it } from "vitest";
import { accepted, ACCOUNT, comment, GUIDE, inAccount, NOON, outcome, PERSON, type TestAccount } from "../harness.ts";

const REFUSED = outcome({ kind: "refused", code: "2534023", reason: "already_replied" });

/** A private reply to the comment `c1`, which Meta has accepted: `r_1`. */
async function withPrivateReply(account: TestAccount): Promise<void> {
  await account.connect([]);
  await account.ingest(comment("c1", { text: "word" }));
  const wanted = { to: { commentId: "c1" }, message: { text: "hi" }, deferSeconds: 0, idempotencyKey: "k1" };
  await account.core.createReply(ACCOUNT, wanted);
  await account.pass(1_000);
  expect(account.reply()).toMatchObject({ state: "sent", messageId: "mid.1" });
}

describe("repeating a private reply", () => {
  it("sends the same message once more and returns Meta's code, without a change in the ledger", () =>
    inAccount(async (account) => {
      await withPrivateReply(account);
      const before = account.reply();
      account.answer = () => REFUSED;
      const result = await account.core.probe(ACCOUNT, { do: "repeat_private_reply", replyId: "r_1" });
      expect(result).toEqual({
        ok: true,
        value: { outcome: "refused", code: "2534023", replyId: "r_1", messageId: null },
      });
      expect(account.sends).toHaveLength(2);
      expect(account.sends[1]).toMatchObject({ to: { commentId: "c1" }, message: { text: "hi" }, rowState: "sent" });
      expect(account.reply()).toEqual(before);
    }));

  it("says when Meta accepts it, and when nobody knows", () =>
    inAccount(async (account) => {
      await withPrivateReply(account);
      const repeat = () => account.core.probe(ACCOUNT, { do: "repeat_private_reply", replyId: "r_1" });
      account.answer = () => accepted("mid.2");
      expect(await repeat()).toMatchObject({ value: { outcome: "accepted", code: null, messageId: "mid.2" } });
      account.answer = () => outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
      expect(await repeat()).toMatchObject({ value: { outcome: "unknown", code: "timeout" } });
      account.answer = () => Promise.reject(new Error("the sender is away"));
      expect(await repeat()).toMatchObject({ value: { outcome: "unknown", code: "sender_unreachable" } });
    }));

  it("is not done for a reply that Meta has not accepted", () =>
    inAccount(async (account) => {
      await account.connect([]);
      await account.ingest(comment("c1"));
      account.answer = () => outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
      const wanted = { to: { commentId: "c1" }, message: { text: "hi" }, deferSeconds: 0, idempotencyKey: "k1" };
      await account.core.createReply(ACCOUNT, wanted);
      const repeat = () => account.core.probe(ACCOUNT, { do: "repeat_private_reply", replyId: "r_1" });
      const refused = (state: string) => ({ ok: false, error: { reason: "not_sent", kind: "private_reply", state } });
      expect(await repeat()).toEqual(refused("pending"));
      await account.pass(1_000);
      const { length } = account.sends;
      expect(await repeat()).toEqual(refused(account.reply().state));
      account.sql.all("UPDATE replies SET state = 'sent', message_id = NULL");
      expect(await repeat()).toEqual(refused("sent"));
      expect(account.sends).toHaveLength(length);
    }));

  it("is not done while the account may not send, and not for an unknown reply", () =>
    inAccount(async (account) => {
      const repeat = (replyId: string) => account.core.probe(ACCOUNT, { do: "repeat_private_reply", replyId });
      expect(await repeat("r_1")).toEqual({ ok: false, error: { reason: "not_connected" } });
      await withPrivateReply(account);
      expect(await repeat("r_9")).toEqual({ ok: false, error: { reason: "not_found" } });
      for (const sending of ["paused", "dry_run"] as const) {
        await account.core.changeSettings(ACCOUNT, { sending });
        expect(await repeat("r_1")).toEqual({ ok: false, error: { reason: "sending_off" } });
      }
      await account.core.changeSettings(ACCOUNT, { sending: "on" });
      account.core.setStop(ACCOUNT, { since: NOON, reason: "test" });
      expect(await repeat("r_1")).toEqual({ ok: false, error: { reason: "sending_off" } });
      expect(account.sends).toHaveLength(1);
    }));
});

describe("a public reply for the run", () => {
  it("is a row of the ledger, posted once, whose own comment is recognized", () =>
    inAccount(async (account) => {
      await withPrivateReply(account);
      account.core.putAutomations(ACCOUNT, [GUIDE], null);
      const post = () => account.core.probe(ACCOUNT, { do: "public_reply", replyId: "r_1", text: "guide 7" });
      const first = await post();
      expect(first).toEqual({ ok: true, value: { outcome: "scheduled", code: null, replyId: "r_2", messageId: null } });
      expect(await post()).toEqual(first);
      account.answer = () => accepted("c2");
      await account.pass(60_000);
      expect(account.sends.slice(1)).toMatchObject([
        { kind: "public_reply", to: { commentId: "c1" }, message: { text: "guide 7" } },
      ]);
      // Meta names the author by an id that nobody knows, so only the ledger can recognize it.
      const own = comment("c2", { text: "guide 7", author: { id: "99887766" }, parentId: "c1" });
      await account.ingest(own);
      expect(account.core.event(ACCOUNT, own.id)).toMatchObject({
        decisions: [{ fired: false, reason: "own_comment" }],
        replyIds: [],
      });
    }));

  it("is removed at Meta, and only a public reply is", () =>
    inAccount(async (account) => {
      await withPrivateReply(account);
      await account.core.probe(ACCOUNT, { do: "public_reply", replyId: "r_1", text: "hello" });
      const removed: string[] = [];
      account.deleteComment = async (_profile, _token, commentId) => {
        removed.push(commentId);
        return { ok: true, value: null };
      };
      const remove = (replyId: string) => account.core.probe(ACCOUNT, { do: "remove_public_reply", replyId });
      expect(await remove("r_2")).toMatchObject({ error: { reason: "not_sent", state: "pending" } });
      expect(await remove("r_1")).toMatchObject({ error: { reason: "not_sent", kind: "public_reply" } });
      account.answer = () => accepted("c2");
      await account.pass(60_000);
      expect(removed).toEqual([]);
      expect(await remove("r_2")).toEqual({
        ok: true,
        value: { outcome: "removed", code: null, replyId: "r_2", messageId: "c2" },
      });
      expect(removed).toEqual(["c2"]);
      account.deleteComment = async () => ({ ok: false, error: { reason: "not_found", code: "100/33" } });
      expect(await remove("r_2")).toMatchObject({ value: { outcome: "refused", code: "100/33" } });
      account.deleteComment = async () => ({ ok: false, error: { reason: "unavailable", code: "timeout" } });
      expect(await remove("r_2")).toMatchObject({ value: { outcome: "unknown", code: "timeout" } });
    }));
});

it("names the person of the comment in its row", () =>
  inAccount(async (account) => {
    await withPrivateReply(account);
    await account.core.probe(ACCOUNT, { do: "public_reply", replyId: "r_1", text: "hello" });
    expect(account.replies()[1]).toMatchObject({ personId: PERSON, thread: "c1", automationId: null });
  }));
