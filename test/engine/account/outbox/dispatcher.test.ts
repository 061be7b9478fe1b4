import { describe, expect, it } from "vitest";
import type { SendResponse } from "../../../../src/engine/account/ports.ts";
import {
  accepted,
  ACCOUNT,
  comment,
  echo,
  GUIDE,
  HELLO,
  inAccount,
  message,
  NOON,
  outcome,
  PERSON,
  type TestAccount,
  unsent,
} from "../harness.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const timeout = outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
const refused = (code: string, reason = code): SendResponse => outcome({ kind: "refused", code, reason });

/** Returns these responses in turn, then accepts. */
function answers(account: TestAccount, ...given: SendResponse[]): void {
  account.answer = () => given.shift() ?? accepted();
}

describe("a due reply", () => {
  it("is sent at its due time, not a millisecond before, after the attempt is in the ledger", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      await account.pass(10 * SECOND - 1);
      expect(account.sends).toEqual([]);
      await account.pass(1);
      expect(account.sends).toMatchObject([
        {
          at: NOON + 10 * SECOND,
          rowState: "sending",
          kind: "private_reply",
          to: { commentId: "c1" },
          message: { text: "Hi nadia.bakes, here it is: https://example.com/guide" },
          token: "token-not-real",
        },
      ]);
      expect(account.reply()).toMatchObject({ state: "sent", messageId: "mid.1", attempts: 1, sentAt: account.now });
    }));

  it("waits while sending is paused, and is sent when it is on again", () =>
    inAccount(async (account) => {
      await account.connect();
      const settings = account.core.settings();
      await account.core.changeSettings(ACCOUNT, { ...settings, sending: "paused" });
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.reply().state).toBe("pending");
      await account.core.changeSettings(ACCOUNT, { ...settings, sending: "on" });
      await account.pass(0);
      expect(account.reply().state).toBe("sent");
    }));

  it("is cancelled instead of sent in a dry run", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), sending: "dry_run" });
      await account.ingest(comment("c1"));
      await account.pass(MINUTE);
      expect(account.reply()).toMatchObject({ state: "cancelled", reason: "dry_run" });
      expect(account.sends).toEqual([]);
    }));

  it("expires when Meta's window closes before it can be sent", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), sending: "paused" });
      await account.ingest(comment("c1"));
      await account.pass(8 * DAY);
      expect(account.reply()).toMatchObject({ state: "expired", reason: "window_closed" });
      expect(account.sends).toEqual([]);
    }));

  it("is not sent when its comment was deleted", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), recheckComments: true });
      account.reading = () => ({ kind: "gone" });
      await account.ingest(comment("c1"));
      await account.pass(MINUTE);
      expect(account.reply()).toMatchObject({ state: "cancelled", reason: "comment_gone" });
      expect(account.sends).toEqual([]);
    }));

  it("is not sent when a person answers while the comment is being read again", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), recheckComments: true });
      account.reading = async () => {
        await account.ingest(echo("mid.human", "Hi, Anna here."));
        return { kind: "found", text: "GUIDE please", hidden: false, parentText: null, permalink: null };
      };
      await account.ingest(comment("c1"));
      await account.pass(MINUTE);
      expect(account.reply()).toMatchObject({ state: "cancelled", reason: "human_answered" });
      expect(account.sends).toEqual([]);
    }));

  it.each<[string, (account: TestAccount) => unknown]>([
    ["everything is stopped", (account) => account.core.setStop(ACCOUNT, { since: NOON, reason: "test" })],
    [
      "the account is paused",
      (account) => account.core.changeSettings(ACCOUNT, { ...account.core.settings(), sending: "paused" }),
    ],
    ["the account is disconnected", (account) => account.core.unlink(ACCOUNT)],
  ])("is not sent when %s while the comment is being read again, and waits without a failure", (_, stop) =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), recheckComments: true });
      account.reading = async () => {
        await Promise.resolve(stop(account));
        return { kind: "found", text: "GUIDE please", hidden: false, parentText: null, permalink: null };
      };
      await account.ingest(comment("c1"));
      await account.pass(MINUTE);
      expect(account.sends).toEqual([]);
      expect(account.reply()).toMatchObject({ state: "pending", failures: 0 });
    }),
  );

  it("contains values read from Meta, and is sent without them if the read fails", () =>
    inAccount(async (account) => {
      const text = "{{parent.text|your question}}: https://example.com {{media.permalink}}";
      await account.connect([{ ...GUIDE, actions: { privateReply: { text } } }]);
      await account.ingest(comment("c1", { parentId: "c0" }), comment("c2", { parentId: "c0" }));
      const readings = [
        { kind: "found", text: "GUIDE", hidden: false, parentText: "Do you ship?", permalink: "https://i.example/p/1" },
        { kind: "unknown" },
      ] as const;
      let reads = 0;
      account.reading = () => readings[reads++] ?? { kind: "unknown" };
      await account.pass(MINUTE);
      expect(account.sends.map((send) => send.message.text)).toEqual([
        "Do you ship?: https://example.com https://i.example/p/1",
        "your question: https://example.com",
      ]);
    }));
});

describe("a public reply that announces a private one", () => {
  const BOTH = { ...GUIDE, actions: { ...GUIDE.actions, publicReply: { texts: ["Sent! Check your DMs."] } } };
  const states = (account: TestAccount) => account.replies().map(({ kind, state, reason }) => [kind, state, reason]);

  it("is cancelled with the private reply", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      await account.ingest(comment("c1"));
      account.core.cancelReply(ACCOUNT, "r_1");
      await account.pass(MINUTE);
      expect(account.sends).toEqual([]);
      expect(states(account)).toEqual([
        ["private_reply", "cancelled", "by_request"],
        ["public_reply", "cancelled", "private_reply_unsent"],
      ]);
    }));

  it("does not cancel the private reply, and stays if another automation's private reply is cancelled", () =>
    inAccount(async (account) => {
      await account.connect([BOTH, { ...BOTH, id: "second", actions: { publicReply: { texts: ["Thanks!"] } } }]);
      await account.ingest(comment("c1"));
      account.core.cancelReply(ACCOUNT, "r_1");
      await account.pass(MINUTE);
      expect(account.sends.map(({ kind, message: { text } }) => [kind, text])).toEqual([["public_reply", "Thanks!"]]);
    }));
});

describe("a call that never returns", () => {
  it("is judged like one without a response, and does not block others", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      account.answer = ({ to }) =>
        "recipientId" in to && to.recipientId === PERSON ? new Promise(() => undefined) : accepted();
      await account.ingest(message("m1", "hello"));
      await account.pass(MINUTE);
      const other = {
        ...message("m2", "hello"),
        raw: message("m2", "hello").raw.replaceAll(PERSON, "7100000000000001"),
      };
      await account.ingest({ ...other, receivedAt: account.now });
      await account.pass(3 * MINUTE);
      expect(account.replies()).toMatchObject([{ state: "uncertain", reason: "no_answer" }, { state: "sent" }]);
    }));
});

describe("an attempt that Meta refuses", () => {
  it("permanently is stored as refused with Meta's code, and not retried", () =>
    inAccount(async (account) => {
      await account.connect();
      answers(account, refused("10/2534022"));
      await account.ingest(comment("c1"));
      await account.pass(DAY);
      expect(account.reply()).toMatchObject({ state: "refused", reason: "10/2534022", attempts: 1 });
    }));

  it("because of the app's rate limit closes all rate limits, and so does a full quota in the headers", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE, HELLO]);
      answers(account, outcome({ kind: "throttled", code: "4", reason: "app", scope: "account", waitMs: HOUR }));
      await account.ingest(comment("c1"));
      await account.pass(11 * SECOND);
      await account.ingest({ ...message("m1", "hello"), receivedAt: account.now });
      await account.pass(50 * MINUTE);
      expect(account.sends).toHaveLength(1);
      await account.pass(HOUR);
      expect(account.sends).toHaveLength(3);
      account.answer = () => ({ ...accepted("mid.full"), usage: { percent: 96, regainMs: 20 * MINUTE } });
      await account.ingest({ ...message("m2", "hello"), receivedAt: account.now });
      await account.pass(MINUTE);
      account.answer = () => accepted("mid.after");
      const asked = account.now;
      await account.ingest({ ...comment("c2"), receivedAt: asked });
      await account.pass(HOUR);
      expect((account.sends.at(-1)?.at ?? 0) - asked).toBeGreaterThanOrEqual(18 * MINUTE);
    }));

  it("for a permission stays held when another setting changes, and continues when sending is enabled", () =>
    inAccount(async (account) => {
      await account.connect();
      answers(account, outcome({ kind: "account", code: "10", reason: "permission_missing", problem: "permission" }));
      await account.ingest(comment("c1"));
      await account.pass(MINUTE);
      await account.core.changeSettings(ACCOUNT, { retentionDays: 20 });
      await account.pass(MINUTE);
      expect(account.sends).toHaveLength(1);
      await account.core.changeSettings(ACCOUNT, { sending: "on" });
      await account.pass(MINUTE);
      expect(account.sends).toHaveLength(2);
    }));

  it("for an invalid token stays held for the token, even if an older call is refused for a block", () =>
    inAccount(async (account) => {
      await account.connect();
      const late = Promise.withResolvers<SendResponse>();
      const block = outcome({ kind: "account", code: "368", reason: "blocked", problem: "blocked" });
      account.answer = ({ replyId }) =>
        replyId === "r_1"
          ? late.promise
          : outcome({ kind: "account", code: "190", reason: "token_invalid", problem: "token" });
      await account.ingest(comment("c1"), comment("c2"));
      const run = account.pass(11 * SECOND);
      await new Promise((resolve) => setTimeout(resolve, 20));
      late.resolve(block);
      await run;
      expect(account.core.state().hold).toMatchObject({ code: "190", until: null });
    }));

  it("for a temporary reason is retried with increasing delays", () =>
    inAccount(async (account) => {
      await account.connect();
      const retry = outcome({ kind: "retry", code: "100/2018008", reason: "media" });
      answers(account, retry, retry);
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.sends.map(({ at }) => at - NOON)).toEqual([10 * SECOND, 25 * SECOND, 85 * SECOND]);
      expect(account.reply().state).toBe("sent");
    }));

  it("because of a rate limit closes it for the time that Meta returns", () =>
    inAccount(async (account) => {
      await account.connect();
      answers(
        account,
        outcome({ kind: "throttled", code: "613", reason: "limit", scope: "kind", waitMs: 20 * MINUTE }),
      );
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.sends.map(({ at }) => at - NOON)).toEqual([10 * SECOND, 10 * SECOND + 20 * MINUTE]);
    }));

  it("waits longer after each consecutive throttle without a time, whatever the usage headers are", () =>
    inAccount(async (account) => {
      await account.connect();
      const usage = { percent: 30, regainMs: null };
      account.answer = () => ({
        outcome: { kind: "throttled", code: "613", reason: "rate", scope: "kind", waitMs: null },
        usage,
      });
      await account.ingest(comment("c1"));
      await account.pass(30 * MINUTE);
      expect(account.sends.map(({ at }) => at - NOON)).toEqual([10, 70, 370, 1_270].map((at) => at * SECOND));
    }));

  it("because the token is invalid holds the account, and continues with a new token", () =>
    inAccount(async (account) => {
      await account.connect();
      answers(account, outcome({ kind: "account", code: "190/463", reason: "expired", problem: "token" }));
      await account.ingest(comment("c1"), comment("c2"));
      await account.pass(DAY);
      expect(account.core.state().hold).toMatchObject({ problem: "token", code: "190/463", until: null });
      expect(account.sends.length).toBeLessThanOrEqual(2);
      await account.connect();
      await account.pass(MINUTE);
      expect(account.replies().map(({ state }) => state)).toEqual(["sent", "sent"]);
    }));

  it("because the token is invalid does not hold an account that already has a new token", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = async () => {
        account.answer = () => accepted();
        await account.connect();
        return outcome({ kind: "account", code: "190/460", reason: "password_changed", problem: "token" });
      };
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.core.state().hold).toBeNull();
      expect(account.reply()).toMatchObject({ state: "sent", attempts: 2 });
    }));
});

it("a hold for a missing permission ends when the owner enables sending again", () =>
  inAccount(async (account) => {
    await account.connect();
    answers(account, outcome({ kind: "account", code: "200/2534041", reason: "access off", problem: "permission" }));
    await account.ingest(comment("c1"));
    await account.pass(DAY);
    expect(account.core.state().hold).toMatchObject({ problem: "permission" });
    await account.core.changeSettings(ACCOUNT, account.core.settings());
    await account.pass(MINUTE);
    expect(account.core.state().hold).toBeNull();
    expect(account.reply().state).toBe("sent");
  }));

describe("an attempt whose outcome is unknown", () => {
  it("is retried after the grace period, because Meta allows one private reply per comment", () =>
    inAccount(async (account) => {
      await account.connect();
      answers(account, timeout);
      await account.ingest(comment("c1"));
      await account.pass(10 * SECOND);
      expect(account.reply()).toMatchObject({ state: "uncertain", ambiguous: true, reason: "timeout" });
      await account.pass(HOUR);
      expect(account.sends.map(({ at }) => at - NOON)).toEqual([10 * SECOND, 100 * SECOND]);
      expect(account.reply().state).toBe("sent");
    }));

  it("counts as sent when Meta refuses the second attempt", () =>
    inAccount(async (account) => {
      await account.connect();
      answers(account, timeout, refused("-1/2534023", "already_replied"));
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.reply()).toMatchObject({ state: "sent", reason: "presumed" });
    }));

  it("is left to a person when no attempt gets a response", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => timeout;
      await account.ingest(comment("c1"));
      await account.pass(6 * DAY);
      expect(account.reply()).toMatchObject({ state: "uncertain" });
      const attempts = account.sends.length;
      expect(attempts).toBe(4);
      const resolved = await account.core.resolveReply(ACCOUNT, account.reply().id, "refused");
      expect(resolved).toMatchObject({ ok: true, value: { state: "refused", reason: "resolved" } });
    }));

  it("is registered as open work again when a person retries it", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      answers(account, timeout);
      await account.ingest(message("m1", "hello"));
      await account.pass(HOUR);
      expect(await account.core.wake(ACCOUNT)).toMatchObject({ open: 0 });
      const before = account.announced.length;
      await account.core.resolveReply(ACCOUNT, account.reply().id, "retry");
      expect(account.announced.length).toBe(before + 1);
    }));

  it("holds a message, which Meta would deliver twice", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      answers(account, timeout);
      await account.ingest(message("m1", "hello"));
      await account.pass(DAY);
      expect(account.sends).toHaveLength(1);
      expect(account.reply().state).toBe("uncertain");
    }));

  it("is settled by its echo, by text or by message id, early or late", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      answers(account, timeout);
      await account.ingest(message("m1", "hello"));
      await account.pass(3 * HOUR);
      await account.ingest(echo("mid.late", "Hello yourself"));
      expect(account.reply()).toMatchObject({ state: "sent", reason: "echo", messageId: "mid.late" });
      expect(account.core.state().replies.sent).toBe(1);
    }));

  it("is settled by an echo that arrives before Meta's response", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      account.answer = async (order) => {
        await account.ingest(echo("mid.1", order.message.text ?? ""));
        return timeout;
      };
      await account.ingest(message("m1", "hello"));
      await account.pass(MINUTE);
      expect(account.reply()).toMatchObject({ state: "sent", reason: "echo", messageId: "mid.1" });
    }));

  it("is not settled by an echo that matches two attempts", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      answers(account, timeout, timeout);
      await account.ingest(message("m1", "hello"), message("m2", "hello"));
      await account.pass(MINUTE);
      await account.ingest(echo("mid.1", "Hello yourself"));
      expect(account.replies().map(({ state }) => state)).toEqual(["uncertain", "uncertain"]);
      // The echo is ours, so it starts no human handover.
      await account.ingest(message("m3", "hello"));
      expect(account.replies()).toHaveLength(3);
    }));

  it("is not settled by the late echo of another reply, which was sent after it", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      answers(account, timeout, accepted(null));
      await account.ingest(message("m1", "hello"));
      await account.pass(HOUR);
      await account.ingest(message("m2", "hello", { at: NOON + HOUR }));
      await account.pass(HOUR);
      await account.ingest(echo("mid.2", "Hello yourself", {}, { at: NOON + HOUR + 10 * SECOND }));
      expect(account.replies().map(({ state, messageId }) => [state, messageId])).toEqual([
        ["uncertain", null],
        ["sent", "mid.2"],
      ]);
    }));

  it("of a public reply is settled by our own comment under the person's", () =>
    inAccount(async (account) => {
      await account.connect([{ ...GUIDE, actions: { publicReply: { texts: ["Sent! Check your DMs."] } } }]);
      answers(account, timeout);
      await account.ingest(comment("c1"));
      await account.pass(MINUTE);
      expect(account.reply().state).toBe("uncertain");
      await account.ingest(comment("c2", { from: ACCOUNT, parentId: "c1", text: "Sent! Check your DMs." }));
      expect(account.reply()).toMatchObject({ state: "sent", reason: "echo" });
    }));

  it("is not retried after its message was unsent", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      const settings = account.core.settings();
      await account.core.changeSettings(ACCOUNT, { ...settings, uncertainMessages: "retry" });
      answers(account, timeout);
      await account.ingest(message("m1", "hello"));
      await account.pass(30 * SECOND);
      await account.ingest(unsent("m1"));
      await account.pass(DAY);
      expect(account.sends).toHaveLength(1);
      expect(account.reply().state).toBe("uncertain");
    }));
});

describe("an object that dies", () => {
  it("between intent and request leaves an uncertain row, judged after the grace period and not before", () =>
    inAccount(async (account) => {
      await account.connect();
      // The request never returns, as for an object that is gone.
      account.answer = () => new Promise<never>(() => undefined);
      await account.ingest(comment("c1"));
      account.now = NOON + 10 * SECOND;
      void account.core.alarm();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(account.reply().state).toBe("sending");

      account.restart();
      account.answer = () => accepted();
      account.now = NOON + 60 * SECOND;
      await account.core.alarm();
      expect(account.reply().state).toBe("sending");
      await account.pass(HOUR);
      expect(account.reply()).toMatchObject({ state: "sent", attempts: 2 });
      expect((account.sends[1]?.at ?? 0) - NOON).toBeGreaterThanOrEqual(100 * SECOND);
    }));

  it("runs again when its lease expires", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => new Promise<never>(() => undefined);
      await account.ingest(comment("c1"));
      account.now = NOON + 10 * SECOND;
      account.alarmAt = null;
      void account.core.alarm();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(account.alarmAt).toBe(NOON + 25 * SECOND);
    }));
});

describe("the watchdog's visit", () => {
  it("sets a lost alarm again, and reports open work", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      account.alarmAt = null;
      expect(await account.core.wake(ACCOUNT)).toMatchObject({ open: 1 });
      expect(account.alarmAt).toBe(NOON + 10 * SECOND);
    }));

  it("does the work itself when the alarm is stuck", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      account.now = NOON + 5 * MINUTE;
      expect(await account.core.wake(ACCOUNT)).toMatchObject({ open: 0 });
      expect(account.reply().state).toBe("sent");
    }));

  it("removes an account without open work from its list, and the next event adds it with a new generation", () =>
    inAccount(async (account) => {
      await account.connect();
      const { generation } = await account.core.wake(ACCOUNT);
      await account.ingest(comment("c1"));
      expect(account.announced.at(-1)?.generation).toBeGreaterThan(generation);
    }));

  it("does not lose an account that reported no open work during its registration", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.wake(ACCOUNT);
      let reported = -1;
      account.whileAnnouncing = async () => {
        account.whileAnnouncing = async () => undefined;
        reported = (await account.core.wake(ACCOUNT)).generation;
      };
      await account.ingest(comment("c1", { text: "how lovely" }));
      expect(reported).toBeGreaterThanOrEqual(0);
      await account.ingest(comment("c2"));
      expect(account.announced.at(-1)?.generation).toBeGreaterThan(reported);
    }));
});

it("a failing alarm does not throw, and runs again when its lease expires", () =>
  inAccount(async (account) => {
    await account.connect();
    await account.ingest(comment("c1"));
    account.sql.all("ALTER TABLE turns RENAME TO turns_gone");
    account.now = NOON + 10 * SECOND;
    await account.core.alarm();
    expect(account.logged).toContain("alarm_failed");
    expect(account.alarmAt).toBe(NOON + 25 * SECOND);
    account.sql.all("ALTER TABLE turns_gone RENAME TO turns");
    await account.pass(MINUTE);
    expect(account.reply().state).toBe("sent");
  }));

it("a message goes to the person who wrote", () =>
  inAccount(async (account) => {
    await account.connect([HELLO]);
    await account.ingest(message("m1", "hello"));
    await account.pass(MINUTE);
    expect(account.sends).toMatchObject([
      { kind: "message", to: { recipientId: PERSON }, message: { text: "Hello yourself" } },
    ]);
  }));
