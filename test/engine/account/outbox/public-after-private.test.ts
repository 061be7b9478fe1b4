/** "Sent! Check your messages." is posted after the message was sent, and only then. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../../src/core/automation/automation.ts";
import { accepted, ACCOUNT, comment, GUIDE, inAccount, NOON, outcome, PERSON, type TestAccount } from "../harness.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

const BOTH: Automation = {
  ...GUIDE,
  actions: { privateReply: { text: "Here it is" }, publicReply: { texts: ["Sent! Check your messages."] } },
};
const INSTEAD: Automation = {
  ...BOTH,
  actions: {
    privateReply: { text: "Here it is" },
    publicReply: { texts: ["Sent!"], whenRefused: ["Write to us, and we send it."] },
  },
};
const TIMEOUT = outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
const REFUSED = outcome({ kind: "refused", code: "10/2018108", reason: "cannot_receive" });

const sends = (account: TestAccount) => account.sends.map(({ kind, at }) => [kind, at - NOON]);
const publicReply = (account: TestAccount) => account.replies().find(({ kind }) => kind === "public_reply");

describe("a public reply", () => {
  it("waits until its private reply is sent, and three seconds more", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      await account.ingest(comment("c1"));
      const { items } = account.core.replies({ limit: 10 });
      const waiting = items.find(({ kind }) => kind === "public_reply");
      expect(waiting).toMatchObject({ state: "pending", afterId: expect.any(String) as string, estimatedAt: null });
      await account.pass(HOUR);
      expect(sends(account)).toEqual([
        ["private_reply", 10 * SECOND],
        ["public_reply", 13 * SECOND],
      ]);
    }));

  it("waits as long as the owner sets", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      await account.core.changeSettings(ACCOUNT, { publicReplies: { gapSeconds: 60 } });
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(sends(account).at(-1)).toEqual(["public_reply", 70 * SECOND]);
    }));

  it("is not posted when Meta refuses the private one", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      account.answer = () => REFUSED;
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(sends(account)).toEqual([["private_reply", 10 * SECOND]]);
      expect(publicReply(account)).toMatchObject({ state: "cancelled", reason: "private_reply_unsent" });
    }));

  it("has another text for that case, if the owner wants", () =>
    inAccount(async (account) => {
      await account.connect([INSTEAD]);
      account.answer = ({ kind }) => (kind === "private_reply" ? REFUSED : accepted());
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.sends.map(({ message }) => message.text)).toEqual(["Here it is", "Write to us, and we send it."]);
    }));

  it("waits for evidence while the private one is uncertain, and expires with its own window", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      account.answer = () => TIMEOUT;
      await account.ingest(comment("c1"));
      await account.pass(3 * HOUR);
      expect(account.sends.every(({ kind }) => kind === "private_reply")).toBe(true);
      expect(publicReply(account)?.state).toBe("pending");
      await account.pass(7 * 24 * HOUR);
      expect(publicReply(account)?.state).toBe("expired");
    }));

  it("is posted when a person resolves the private one as sent", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      account.answer = ({ kind }) => (kind === "private_reply" ? TIMEOUT : accepted());
      await account.ingest(comment("c1"));
      await account.pass(3 * HOUR);
      await account.core.resolveReply(ACCOUNT, "r_1", "sent");
      await account.pass(10 * SECOND);
      expect(publicReply(account)?.state).toBe("sent");
    }));

  it("is posted although the private one stays uncertain, if the owner wants", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      await account.core.changeSettings(ACCOUNT, { publicReplies: { whenUncertain: "send" } });
      account.answer = ({ kind }) => (kind === "private_reply" ? TIMEOUT : accepted());
      await account.ingest(comment("c1"));
      await account.pass(60 * SECOND);
      // The private reply is tried again: only its last attempt decides.
      expect(publicReply(account)?.state).toBe("pending");
      await account.pass(3 * HOUR);
      expect(publicReply(account)?.state).toBe("sent");
    }));

  it("is not sent earlier by hand than the private one", () =>
    inAccount(async (account) => {
      await account.connect([{ ...BOTH, deferSeconds: 600 }]);
      await account.ingest(comment("c1"));
      const id = publicReply(account)?.id ?? "";
      expect(account.core.sendReplyNow(ACCOUNT, id)).toMatchObject({ ok: true });
      await account.pass(300 * SECOND);
      expect(account.sends).toEqual([]);
      await account.pass(HOUR);
      expect(sends(account)).toEqual([
        ["private_reply", 600 * SECOND],
        ["public_reply", 603 * SECOND],
      ]);
    }));

  it("is cancelled by a dry run like its private one", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      await account.core.changeSettings(ACCOUNT, { sending: "dry_run" });
      await account.ingest(comment("c1"));
      await account.pass(HOUR);
      expect(account.replies().map(({ state, reason }) => [state, reason])).toEqual([
        ["cancelled", "dry_run"],
        ["cancelled", "dry_run"],
      ]);
    }));

  it("survives a restart between the two", () =>
    inAccount(async (account) => {
      await account.connect([BOTH]);
      await account.ingest(comment("c1"));
      await account.pass(11 * SECOND);
      account.restart();
      await account.core.wake(ACCOUNT);
      await account.pass(HOUR);
      expect(sends(account)).toEqual([
        ["private_reply", 10 * SECOND],
        ["public_reply", 13 * SECOND],
      ]);
      expect(account.replies().every(({ personId }) => personId === PERSON)).toBe(true);
    }));
});
