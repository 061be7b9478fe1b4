import { describe, expect, it } from "vitest";
import { ACCOUNT, comment, echo, GUIDE, HELLO, inAccount, MEDIA, message, NOON, PERSON, unsent } from "../harness.ts";

describe("an event", () => {
  it("is stored once, however often it arrives, and every repetition is counted", () =>
    inAccount(async (account) => {
      await account.connect();
      const first = await account.ingest(comment("c1"));
      const again = await account.ingest(comment("c1"), comment("c1"));
      expect([first.results, again.results]).toEqual([["new"], ["duplicate", "duplicate"]]);
      const { items } = account.core.events(ACCOUNT, { limit: 10 });
      expect(items.map(({ id, duplicates }) => ({ id, duplicates }))).toEqual([
        { id: `instagram:${ACCOUNT}:comment:c1`, duplicates: 2 },
      ]);
      expect(account.replies()).toHaveLength(1);
    }));

  it("that is too large for one row is returned unchanged", () =>
    inAccount(async (account) => {
      const text = "ж".repeat(1_300_000);
      await account.ingest(comment("c1", { text }));
      const item = account.core.event(ACCOUNT, `instagram:${ACCOUNT}:comment:c1`);
      expect(JSON.parse(item?.raw ?? "").value.text).toBe(text);
    }));

  it("is stored for an account that is not connected, with the reason why nothing was sent", () =>
    inAccount(async (account) => {
      account.core.putAutomations(ACCOUNT, [GUIDE], null);
      await account.ingest(comment("c1"));
      const { items } = account.core.events(ACCOUNT, { limit: 10 });
      expect(items[0]?.decisions).toEqual([{ automationId: "guide", fired: false, reason: "not_connected" }]);
    }));

  it("is acknowledged only after the Directory has listed the account", () =>
    inAccount(async (account) => {
      account.registerAwakeFails = true;
      await expect(account.ingest(comment("c1"))).rejects.toThrow("the Directory is away");
      account.registerAwakeFails = false;
      // The queue delivers it again: now a duplicate, but the account is registered.
      expect(await account.ingest(comment("c1"))).toEqual({ results: ["duplicate"] });
      expect(account.announced).toHaveLength(1);
    }));
});

describe("a reply", () => {
  it("is due ten seconds after the time of receipt, whatever Meta's timestamp is", () =>
    inAccount(async (account) => {
      await account.connect();
      account.now = NOON + 3_000;
      await account.ingest({ ...comment("c1"), occurredAt: NOON - 60_000, receivedAt: NOON + 1_000 });
      expect(account.reply()).toMatchObject({ dueAt: NOON + 11_000, state: "pending" });
      expect(account.alarmAt).toBe(NOON + 11_000);
    }));

  it("is scheduled once for a comment that two automations want to answer privately", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE, { ...GUIDE, id: "second" }]);
      await account.ingest(comment("c1"));
      expect(account.core.events(ACCOUNT, { limit: 1 }).items[0]?.decisions).toEqual([
        { automationId: "guide", fired: true, replyIds: ["r_1"] },
        { automationId: "second", fired: false, reason: "already_replied" },
      ]);
    }));

  it("is not scheduled again when the event is replayed", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      const item = await account.core.replay(ACCOUNT, `instagram:${ACCOUNT}:comment:c1`);
      expect(item?.decisions).toEqual([{ automationId: "guide", fired: false, reason: "already_replied" }]);
      expect(account.replies()).toHaveLength(1);
    }));

  it("to an old message is sent on a replay if the person has written again since then", () =>
    inAccount(async (account) => {
      const HOUR = 3_600_000;
      await account.connect([]);
      await account.ingest(message("m1", "hello"));
      await account.pass(30 * HOUR);
      await account.ingest(message("m2", "anybody there?", { at: account.now }));
      account.core.putAutomations(ACCOUNT, [HELLO], null);
      await account.core.replay(ACCOUNT, `instagram:${ACCOUNT}:message:m1`);
      await account.pass(HOUR);
      expect(account.sends).toHaveLength(1);
    }));

  it("is created by a replay after the automation is added", () =>
    inAccount(async (account) => {
      await account.connect([]);
      await account.ingest(comment("c1"));
      account.core.putAutomations(ACCOUNT, [GUIDE], null);
      await account.core.replay(ACCOUNT, `instagram:${ACCOUNT}:comment:c1`);
      expect(account.reply()).toMatchObject({ state: "pending", to: { commentId: "c1" } });
    }));

  it("is not scheduled for the ad copy of a comment, although the copy has its own id", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      const ad = { id: "17902266381450917", ad_id: "120214567890123457", original_media_id: MEDIA };
      await account.ingest(comment("c2", { media: ad }));
      expect(account.core.events(ACCOUNT, { limit: 1 }).items[0]?.decisions).toEqual([
        { automationId: "guide", fired: false, reason: "ad_copy" },
      ]);
      expect(account.replies()).toHaveLength(1);
    }));

  it("is sent to every comment of a person, each with its own id", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"), comment("c2"), comment("c3"));
      expect(account.replies().map(({ to }) => to)).toEqual([
        { commentId: "c1" },
        { commentId: "c2" },
        { commentId: "c3" },
      ]);
    }));

  it("is not created for a test event, an own comment or an echo", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE, HELLO]);
      await account.ingest(
        comment("c1", {}, { test: true }),
        comment("c2", { from: ACCOUNT }),
        echo("mid.9", "hello", { app_id: 1184729305561827 }),
      );
      expect(account.replies()).toEqual([]);
      const { items } = account.core.events(ACCOUNT, { limit: 3 });
      expect(items.map((item) => item.decisions.map((decision) => "reason" in decision && decision.reason))).toEqual([
        ["echo", "echo"],
        ["own_comment", "own_comment"],
        ["test_event", "test_event"],
      ]);
    }));

  it("is created for no more messages of one person per hour than the settings allow", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), conversationRepliesPerHour: 2 });
      for (const mid of ["m1", "m2", "m3"]) await account.ingest(message(mid, "hello"));
      const { items } = account.core.events(ACCOUNT, { limit: 1 });
      expect(items[0]?.decisions).toEqual([{ automationId: "hello", fired: false, reason: "conversation_cap" }]);
      expect(account.replies()).toHaveLength(2);
    }));
});

describe("an unsent message", () => {
  it("cancels the pending reply", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.ingest(message("m1", "hello"));
      await account.ingest(unsent("m1"));
      expect(account.reply()).toMatchObject({ state: "cancelled", reason: "message_unsent" });
      await account.pass(60_000);
      expect(account.sends).toEqual([]);
    }));

  it("is not answered even if its deletion arrives first", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.ingest(unsent("m1"));
      await account.ingest(message("m1", "hello"));
      expect(account.replies()).toEqual([]);
      expect(account.core.events(ACCOUNT, { limit: 1 }).items[0]?.decisions).toEqual([
        { automationId: "hello", fired: false, reason: "deleted" },
      ]);
    }));
});

describe("a person's own reply from the inbox", () => {
  it("cancels pending replies to the recipient, and pauses automations for the configured time", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE, HELLO]);
      await account.ingest(comment("c1"), message("m1", "hello"));
      await account.ingest(echo("mid.human", "Hi, Anna here.", {}, { at: NOON + 8_000 }));
      expect(account.replies().map(({ state, reason }) => ({ state, reason }))).toEqual([
        { state: "cancelled", reason: "human_answered" },
        { state: "cancelled", reason: "human_answered" },
      ]);
      await account.ingest(message("m2", "hello"));
      await account.pass(61 * 60_000);
      await account.ingest(message("m3", "hello", { at: account.now }));
      const { items } = account.core.events(ACCOUNT, { kind: "message", limit: 2 });
      expect(items.map((item) => item.decisions.at(-1))).toEqual([
        { automationId: "hello", fired: true, replyIds: ["r_3"] },
        { automationId: "hello", fired: false, reason: "human_active" },
      ]);
    }));

  it("does not count when takeover is disabled", () =>
    inAccount(async (account) => {
      await account.connect();
      const settings = account.core.settings();
      await account.core.changeSettings(ACCOUNT, { ...settings, takeover: { ...settings.takeover, enabled: false } });
      await account.ingest(comment("c1"));
      await account.ingest(echo("mid.human", "Hi, Anna here."));
      expect(account.reply().state).toBe("pending");
    }));

  it("is not detected from the echo of a message that another part of our app sent", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      await account.ingest(echo("mid.app", "From our backend", { app_id: 1184729305561827 }));
      expect(account.reply().state).toBe("pending");
    }));
});

it("a person's message opens the message window, a comment does not", () =>
  inAccount(async (account) => {
    await account.connect();
    await account.ingest(comment("c1"));
    const wanted = { to: { recipientId: PERSON }, message: { text: "hi" }, idempotencyKey: "k1" };
    expect(await account.core.createReply(ACCOUNT, wanted)).toEqual({ ok: false, error: { reason: "outside_window" } });
    await account.ingest(message("m1", "anything"));
    expect(await account.core.createReply(ACCOUNT, wanted)).toMatchObject({ ok: true, value: { state: "pending" } });
  }));
