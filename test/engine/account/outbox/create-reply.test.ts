import { describe, expect, it } from "vitest";
import {
  accepted,
  ACCOUNT,
  comment,
  echo,
  GUIDE,
  HELLO,
  inAccount,
  MEDIA,
  message,
  NOON,
  outcome,
  PERSON,
  type TestAccount,
} from "../harness.ts";

describe("a reply requested by your own backend", () => {
  it("answers a comment once, in the same ledger, with any key", () =>
    inAccount(async (account) => {
      await account.connect([]);
      await account.ingest(comment("c1"));
      const wanted = { to: { commentId: "c1" }, message: { text: "hi" }, deferSeconds: 0 };
      const first = await account.core.createReply(ACCOUNT, { ...wanted, idempotencyKey: "k1" });
      const again = await account.core.createReply(ACCOUNT, { ...wanted, idempotencyKey: "k1" });
      const other = await account.core.createReply(ACCOUNT, { ...wanted, idempotencyKey: "k2" });
      expect(again).toEqual(first);
      expect(other).toEqual({ ok: false, error: { reason: "already_replied", replyId: "r_1" } });
      await account.pass(1_000);
      expect(account.sends).toHaveLength(1);
    }));

  it("is refused when the key was used for another request", () =>
    inAccount(async (account) => {
      await account.connect([]);
      const wanted = { to: { commentId: "c1" }, message: { text: "hi" }, idempotencyKey: "k1" };
      await account.core.createReply(ACCOUNT, wanted);
      const reused = await account.core.createReply(ACCOUNT, { ...wanted, message: { text: "something else" } });
      expect(reused).toEqual({ ok: false, error: { reason: "key_reused", replyId: "r_1" } });
    }));

  it("is the same request in any order of JSON keys, and is never cut silently", () =>
    inAccount(async (account) => {
      await account.connect([]);
      const attachment = { type: "image", payload: { url: "https://example.com/a.png" } };
      const turned = { payload: { url: "https://example.com/a.png" }, type: "image" };
      const to = { commentId: "c1" };
      const first = await account.core.createReply(ACCOUNT, { to, message: { attachment }, idempotencyKey: "k1" });
      const again = await account.core.createReply(ACCOUNT, {
        to,
        message: { attachment: turned },
        idempotencyKey: "k1",
      });
      expect(again).toEqual(first);
      const long = await account.core.createReply(ACCOUNT, {
        to: { commentId: "c2" },
        message: { text: "ж".repeat(501) },
        idempotencyKey: "k2",
      });
      expect(long).toEqual({ ok: false, error: { reason: "text_too_long", max: 1000, unit: "bytes" } });
    }));

  it("is refused without a connection, or after the window", () =>
    inAccount(async (account) => {
      const wanted = { to: { commentId: "c1" }, message: { text: "hi" }, idempotencyKey: "k1" };
      expect(await account.core.createReply(ACCOUNT, wanted)).toEqual({
        ok: false,
        error: { reason: "not_connected" },
      });
      await account.connect([]);
      await account.ingest(comment("c1", {}, { at: NOON - 8 * 86_400_000 }));
      expect(await account.core.createReply(ACCOUNT, wanted)).toEqual({
        ok: false,
        error: { reason: "outside_window" },
      });
    }));
});

it("a reply to a comment that was deleted is refused", () =>
  inAccount(async (account) => {
    await account.connect([]);
    const value = {
      item: "comment",
      verb: "remove",
      comment_id: "c1",
      post_id: MEDIA,
      from: { id: PERSON, name: "Nadia" },
    };
    await account.ingest({
      ...comment("c1:removed"),
      kind: "feed",
      object: "page",
      raw: JSON.stringify({ field: "feed", value }),
    });
    const wanted = { to: { commentId: "c1" }, message: { text: "hi" }, idempotencyKey: "k1" };
    expect(await account.core.createReply(ACCOUNT, wanted)).toEqual({ ok: false, error: { reason: "comment_gone" } });
  }));

describe("a reply to a comment whose webhook has not arrived yet", () => {
  it("matches its echo without knowing the person, and starts no human handover", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = async (order) => {
        await account.ingest(echo("mid.1", order.message.text ?? "", {}, { at: account.now }));
        return outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
      };
      const wanted = { to: { commentId: "c9" }, message: { text: "Here you are" }, idempotencyKey: "k9" };
      await account.core.createReply(ACCOUNT, wanted);
      await account.pass(60_000);
      expect(account.reply()).toMatchObject({ state: "sent", messageId: "mid.1" });
      await account.ingest(comment("c1"));
      expect(account.replies()).toHaveLength(2);
    }));
});

describe("an echo that arrives after Meta's refusal of the second attempt has settled such a reply", () => {
  const unclear = outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
  const refusal = outcome({ kind: "refused", code: "10900", reason: "already_replied" });
  const wanted = { to: { commentId: "c9" }, message: { text: "Here you are" }, idempotencyKey: "k9" };

  /** The reply was sent at NOON + 10 s, and presumed sent after the grace period. */
  async function presumed(account: TestAccount): Promise<void> {
    await account.connect();
    account.answer = ({ attempt }) => (attempt === 1 ? unclear : refusal);
    await account.core.createReply(ACCOUNT, wanted);
    await account.pass(200_000);
    expect(account.reply()).toMatchObject({ state: "sent", reason: "presumed", messageId: null, attempts: 2 });
    account.answer = () => accepted("mid.2");
  }

  const lateEcho = () => echo("mid.1", "Here you are", {}, { at: NOON + 11_000 });

  it("is recognized as ours, although the comment's event never arrived", () =>
    inAccount(async (account) => {
      await presumed(account);
      await account.ingest(lateEcho());
      expect(account.replies()).toMatchObject([{ state: "sent", messageId: "mid.1" }]);
      await account.ingest(comment("c1"));
      expect(account.replies()).toHaveLength(2);
    }));

  it("is recognized as ours by its person, if the comment's event arrived in between", () =>
    inAccount(async (account) => {
      await presumed(account);
      await account.ingest(comment("c9", { text: "nice" }));
      expect(account.reply()).toMatchObject({ personId: PERSON });
      await account.ingest(lateEcho());
      expect(account.reply()).toMatchObject({ state: "sent", messageId: "mid.1" });
    }));

  it("counts as a person's message if its text differs", () =>
    inAccount(async (account) => {
      await presumed(account);
      await account.ingest(echo("mid.7", "Hi, Ana here.", {}, { at: NOON + 11_000 }), comment("c1"));
      expect(account.reply()).toMatchObject({ messageId: null });
    }));
});

describe("a person's action on a reply", () => {
  it("cancels it while it is pending, and is too late after it was sent", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"), comment("c2"));
      expect(account.core.cancelReply(ACCOUNT, "r_1")).toMatchObject({ ok: true, value: { state: "cancelled" } });
      await account.pass(60_000);
      expect(account.core.cancelReply(ACCOUNT, "r_2")).toEqual({
        ok: false,
        error: { reason: "too_late", state: "sent" },
      });
      expect(account.sends).toHaveLength(1);
      expect(account.core.cancelReply(ACCOUNT, "r_9")).toEqual({ ok: false, error: { reason: "not_found" } });
    }));

  it("sends it now", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      account.core.sendReplyNow(ACCOUNT, "r_1");
      await account.pass(0);
      expect(account.sends).toMatchObject([{ at: NOON }]);
    }));

  it("keeps the time of the last reply right, even if a newer reply was sent before it", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"), comment("c2"));
      account.core.sendReplyNow(ACCOUNT, "r_2");
      await account.pass(20_000);
      expect(account.sends.map(({ replyId }) => replyId)).toEqual(["r_2", "r_1"]);
      expect(account.core.day()).toMatchObject({ lastReplyAt: account.replies()[0]?.sentAt });
    }));

  it("frees the comment for another private reply when the first was cancelled", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      account.core.cancelReply(ACCOUNT, "r_1");
      const own = await account.core.createReply(ACCOUNT, {
        to: { commentId: "c1" },
        message: { text: "from a person" },
        idempotencyKey: "k1",
      });
      expect(own).toMatchObject({ ok: true, value: { state: "pending" } });
    }));

  it("settles only what is uncertain", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      const resolved = await account.core.resolveReply(ACCOUNT, "r_1", "sent");
      expect(resolved).toEqual({ ok: false, error: { reason: "not_uncertain", state: "pending" } });
    }));
});

describe("a conversation that a person has taken over", () => {
  const to = { recipientId: PERSON };
  const said = { message: { text: "From the backend" }, deferSeconds: 120 };

  /** A person answers in the app of Meta, a minute later: an answer within seconds would be an automatic one. */
  async function takenOver(account: TestAccount): Promise<void> {
    await account.pass(60_000);
    await account.ingest(echo("mid.human", "I am on it", {}, { at: account.now }));
  }

  it("refuses a reply of the API, to a message and to a comment", () =>
    inAccount(async (account) => {
      await account.connect([]);
      await account.ingest(message("mid.1", "hello"), comment("c1"));
      await takenOver(account);
      for (const target of [to, { commentId: "c1" }]) {
        const refused = await account.core.createReply(ACCOUNT, { ...said, to: target, idempotencyKey: "k1" });
        expect(refused).toEqual({ ok: false, error: { reason: "human_active" } });
      }
      await account.pass(180_000);
      expect(account.sends).toEqual([]);
    }));

  it("cancels the replies that were waiting, those of the API too", () =>
    inAccount(async (account) => {
      await account.connect([]);
      await account.ingest(message("mid.1", "hello"));
      await account.core.createReply(ACCOUNT, { ...said, to, idempotencyKey: "k1" });
      await takenOver(account);
      await account.pass(180_000);
      expect(account.sends).toEqual([]);
      expect(account.reply()).toMatchObject({ state: "cancelled", reason: "human_answered" });
    }));

  it("sends what a person asked for, which takes the conversation over itself", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.ingest(message("mid.1", "hello"));
      const byPerson = await account.core.createReply(ACCOUNT, { ...said, to, by: "person", idempotencyKey: "k1" });
      expect(byPerson).toMatchObject({ ok: true });
      await account.pass(180_000);
      expect(account.sends.map(({ message: sent }) => sent.text)).toEqual(["From the backend"]);
      const next = await account.core.createReply(ACCOUNT, { ...said, to, idempotencyKey: "k2" });
      expect(next).toEqual({ ok: false, error: { reason: "human_active" } });
    }));
});

it("what the account's platform does not accept is refused before it is promised", () =>
  inAccount(async (account) => {
    await account.connect([]);
    await account.ingest(comment("c1"));
    const asksForPhone = { text: "Your number?", quick_replies: [{ content_type: "user_phone_number" }] };
    const wanted = { to: { commentId: "c1" }, message: asksForPhone, idempotencyKey: "k1" };
    expect(await account.core.createReply(ACCOUNT, wanted)).toMatchObject({
      ok: false,
      error: { reason: "not_on_platform", path: ["quick_replies", 0, "content_type"] },
    });
  }));

it("an Idempotency-Key stands for the delay and the author too", () =>
  inAccount(async (account) => {
    await account.connect([]);
    await account.ingest(comment("c1"));
    const wanted = { to: { commentId: "c1" }, message: { text: "hi" }, deferSeconds: 10, idempotencyKey: "k1" };
    await account.core.createReply(ACCOUNT, wanted);
    const reused = { ok: false, error: { reason: "key_reused", replyId: "r_1" } };
    expect(await account.core.createReply(ACCOUNT, { ...wanted, deferSeconds: 60 })).toEqual(reused);
    expect(await account.core.createReply(ACCOUNT, { ...wanted, by: "person" })).toEqual(reused);
    expect(await account.core.createReply(ACCOUNT, wanted)).toMatchObject({ ok: true });
  }));

it("automations are saved with a version, and a save over a newer version is refused", () =>
  inAccount(async (account) => {
    expect(account.core.putAutomations(ACCOUNT, [GUIDE], 0)).toMatchObject({ ok: true, value: { version: 1 } });
    const late = account.core.putAutomations(ACCOUNT, [], 0);
    expect(late).toEqual({ ok: false, error: { reason: "version_conflict", version: 1 } });
    account.core.putAutomations(ACCOUNT, [], 1);
    expect(account.core.automationVersions().map(({ version, items }) => [version, items.length])).toEqual([
      [2, 0],
      [1, 1],
    ]);
  }));

it("a backtest shows what a draft would have answered, and writes nothing", () =>
  inAccount(async (account) => {
    await account.connect([]);
    await account.ingest(comment("c1"), comment("c2", { text: "nice" }), comment("c3", { from: ACCOUNT }));
    const tested = account.core.backtest(ACCOUNT, GUIDE, 100);
    expect(tested).toMatchObject({ events: 3, fired: 1, missed: { no_keyword: 1, own_comment: 1 } });
    expect(tested.rows.find(({ decision }) => decision.fired)).toMatchObject({
      text: "GUIDE please",
      preview: "Hi nadia.bakes, here it is: https://example.com/guide",
    });
    expect(account.replies()).toEqual([]);
  }));
