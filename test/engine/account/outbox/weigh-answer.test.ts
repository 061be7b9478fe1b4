/** Refusals that pass, and refusals that are not about the reply: what the ledger knows beyond the error table. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../../src/core/automation/automation.ts";
import type { SendResponse } from "../../../../src/engine/account/ports.ts";
import {
  accepted,
  ACCOUNT,
  comment,
  GUIDE,
  HELLO,
  inAccount,
  message,
  NOON,
  outcome,
  type TestAccount,
} from "../harness.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const refused = (code: string, reason: string) => outcome({ kind: "refused", code, reason });
const BLOCKED = outcome({ kind: "account", code: "368", reason: "blocked", problem: "blocked" });

/** Meta's answers, one after the other; then it accepts. */
function answers(account: TestAccount, ...given: SendResponse[]): void {
  account.answer = () => given.shift() ?? accepted(`mid.${account.sends.length}`);
}
const times = (account: TestAccount) => account.sends.map(({ at }) => at - NOON);
const byPeople = (count: number) =>
  Array.from({ length: count }, (_, n) => comment(`c${n}`, { from: `77${n}` }, { at: NOON }));

describe("a refusal that passes", () => {
  it("a closed window right after the person wrote is tried again after 20 s, 1 min and 3 min", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      const closed = refused("10/2534022", "outside_window");
      answers(account, closed, closed, closed);
      await account.ingest(message("m1", "hello"));
      await account.pass(HOUR);
      expect(times(account)).toEqual([10 * SECOND, 30 * SECOND, 90 * SECOND, 270 * SECOND]);
      expect(account.reply().state).toBe("sent");
    }));

  it("a closed window that stays closed is a refusal in the end", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      account.answer = () => refused("10/2534022", "outside_window");
      await account.ingest(message("m1", "hello"));
      await account.pass(HOUR);
      expect(account.sends).toHaveLength(4);
      expect(account.reply()).toMatchObject({ state: "refused", reason: "10/2534022" });
    }));

  it("an unripe comment is tried once more", () =>
    inAccount(async (account) => {
      await account.connect();
      answers(account, refused("100/2534025", "not_repliable"));
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(times(account)).toEqual([10 * SECOND, 40 * SECOND]);
    }));

  it("an old comment that cannot be replied to is not", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => refused("100/2534025", "not_repliable");
      await account.ingest({ ...comment("c1"), occurredAt: NOON - HOUR });
      await account.pass(HOUR);
      expect(account.reply()).toMatchObject({ state: "refused", attempts: 1 });
    }));

  it("'already has a reply' next to a public reply of ours is tried again", () =>
    inAccount(async (account) => {
      const first: Automation = { ...GUIDE, id: "a", actions: { publicReply: { texts: ["On its way"] } } };
      await account.connect([first, { ...GUIDE, deferSeconds: 12 }]);
      account.answer = ({ kind }) =>
        kind === "private_reply" && account.sends.length < 3 ? refused("-1/2534023", "already_replied") : accepted();
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.sends.map(({ kind, at }) => [kind, at - NOON])).toEqual([
        ["public_reply", 10 * SECOND],
        ["private_reply", 12 * SECOND],
        ["private_reply", 27 * SECOND],
      ]);
    }));

  it("'already has a reply' on its own is a refusal", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => refused("-1/2534023", "already_replied");
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.reply()).toMatchObject({ state: "refused", attempts: 1 });
    }));
});

describe("one bad reply", () => {
  it("never holds the account for long: the others go, and it is refused", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = ({ to }) => ("commentId" in to && to.commentId === "c0" ? BLOCKED : accepted());
      await account.ingest(...byPeople(5));
      await account.pass(20 * SECOND);
      expect(account.core.state().hold?.code).toBe("368");
      await account.pass(30 * MINUTE);
      await account.ingest(comment("c5", { from: "775" }, { at: account.now }));
      await account.pass(3 * HOUR);
      const states = account.replies().map(({ about, state }) => [about, state]);
      expect(states).toEqual([
        ["c0", "refused"],
        ["c1", "sent"],
        ["c2", "sent"],
        ["c3", "sent"],
        ["c4", "sent"],
        ["c5", "sent"],
      ]);
      expect(account.core.state().hold).toBeNull();
    }));

  it("is kept while everything is blocked", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => BLOCKED;
      await account.ingest(...byPeople(2));
      await account.pass(6 * HOUR);
      expect(account.replies().map(({ state }) => state)).toEqual(["pending", "pending"]);
    }));
});

describe("the same refusal for one reply after the other", () => {
  const DEMANDS_PROOF = refused("100", "bad_parameter");

  it("is the account's fault: it is held, and no reply is lost", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => DEMANDS_PROOF;
      await account.ingest(...byPeople(5));
      await account.pass(60 * SECOND);
      expect(account.core.state().hold).toMatchObject({ code: "100", reason: "same_refusal" });
      expect(account.sends.length).toBeLessThan(6);
      // The owner fixes the app.
      account.answer = () => accepted(`mid.${account.sends.length}`);
      await account.pass(2 * HOUR);
      expect(account.replies().map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => "sent"));
    }));

  it("holds nothing for public replies: another permission lets messages through", () =>
    inAccount(async (account) => {
      await account.connect([{ ...GUIDE, actions: { publicReply: { texts: ["Sent!"] } } }]);
      account.answer = () => DEMANDS_PROOF;
      await account.ingest(...byPeople(5));
      await account.pass(HOUR);
      expect(account.core.state()).toMatchObject({ hold: null, replies: { refused: 5 } });
    }));

  it("is each reply's own when others are sent between", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = ({ to }) => ("commentId" in to && /[024]$/.test(to.commentId) ? DEMANDS_PROOF : accepted());
      await account.ingest(...byPeople(6));
      await account.pass(HOUR);
      expect(account.core.state().hold).toBeNull();
      expect(account.core.state().replies).toMatchObject({ refused: 3, sent: 3 });
    }));

  it("about the people themselves holds nothing", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => refused("10/2018108", "cannot_receive");
      await account.ingest(...byPeople(6));
      await account.pass(HOUR);
      expect(account.core.state()).toMatchObject({ hold: null, replies: { refused: 6 } });
    }));
});

describe("an attempt that used up the comment's reply", () => {
  it("is not tried again, and asks a person", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => outcome({ kind: "ambiguous", code: "2/1545133", reason: "reply_used_up", final: true });
      await account.ingest(comment("c1"));
      await account.pass(6 * HOUR);
      expect(account.sends).toHaveLength(1);
      expect(account.reply()).toMatchObject({ state: "uncertain", reason: "2/1545133", wakeAt: null });
      expect(account.core.state().replies.uncertain).toBe(1);
      expect(await account.core.resolveReply(ACCOUNT, account.reply().id, "refused")).toMatchObject({ ok: true });
    }));
});
