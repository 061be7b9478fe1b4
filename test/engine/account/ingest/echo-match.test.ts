/** Who wrote a message of the account: this account's automations, a person, or Meta's own automation. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../../src/core/automation/automation.ts";
import {
  accepted,
  ACCOUNT,
  echo,
  HELLO,
  inAccount,
  message,
  messageFrom,
  NOON,
  outcome,
  PERSON,
  type TestAccount,
} from "../harness.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TIMEOUT = outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });

const BUTTONS: Automation = {
  ...HELLO,
  actions: {
    message: {
      attachment: {
        type: "template",
        payload: {
          template_type: "button",
          text: "Pick one",
          buttons: [{ type: "postback", title: "Send it", payload: "SEND" }],
        },
      },
    },
  },
};

const photo = (mid: string, at: number) =>
  echo(mid, "", { text: undefined, attachments: [{ type: "image", payload: { url: "https://x.example" } }] }, { at });
const humanUntil = (account: TestAccount) =>
  account.core.conversations({ limit: 1 }).items.find(({ personId }) => personId === PERSON)?.heldUntil ?? null;

describe("a person's photo", () => {
  it("is no proof of a template whose answer was lost", () =>
    inAccount(async (account) => {
      await account.connect([BUTTONS]);
      account.answer = () => TIMEOUT;
      await account.ingest(message("m1", "hello"));
      await account.pass(11 * SECOND);
      await account.ingest(photo("mid.human.photo", NOON + 20 * SECOND));
      await account.pass(HOUR);
      expect(account.reply()).toMatchObject({ state: "uncertain", messageId: null });
    }));

  it("pauses the automations for that person", () =>
    inAccount(async (account) => {
      await account.connect([BUTTONS]);
      await account.ingest(message("m1", "hello"));
      await account.pass(11 * SECOND);
      await account.ingest(photo("mid.human.photo", NOON + 20 * SECOND));
      expect(humanUntil(account)).not.toBeNull();
    }));
});

describe("an echo that arrives before Meta's answer to the send", () => {
  it.each([
    ["repeats the template's text", "Pick one"],
    ["has a text that Meta changed beyond recognition", "Pick one of these"],
  ])("and %s is our own", (_, text) =>
    inAccount(async (account) => {
      await account.connect([BUTTONS]);
      account.answer = async () => {
        const at = account.now;
        await account.ingest(echo("mid.1", text, { attachments: [{ type: "template", payload: {} }] }, { at }));
        return accepted("mid.1");
      };
      await account.ingest(message("m1", "hello"));
      await account.pass(MINUTE);
      expect(humanUntil(account)).toBeNull();
      account.answer = () => accepted("mid.2");
      await account.ingest(message("m2", "hello", { at: account.now }));
      await account.pass(MINUTE);
      expect(account.sends).toHaveLength(2);
    }),
  );

  it("counts as a person's once the answer names another message", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      account.answer = async () => {
        await account.ingest(echo("mid.human", "One moment, please.", {}, { at: account.now }));
        expect(humanUntil(account)).toBeNull();
        return accepted("mid.1");
      };
      await account.ingest(message("m1", "hello"));
      await account.pass(MINUTE);
      expect(humanUntil(account)).not.toBeNull();
    }));

  it("counts as a person's after ninety seconds without an answer", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      account.answer = async () => {
        await account.ingest(echo("mid.human", "One moment, please.", {}, { at: account.now }));
        return new Promise<never>(() => undefined);
      };
      await account.ingest(message("m1", "hello"));
      account.now = NOON + 10 * SECOND;
      void account.core.alarm();
      await new Promise((resolve) => setTimeout(resolve, 20));
      account.restart();
      await account.core.wake(ACCOUNT);
      await account.pass(2 * MINUTE);
      expect(humanUntil(account)).not.toBeNull();
    }));

  it("keeps the next reply to that person until it is known whose it is", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      account.answer = () => new Promise<never>(() => undefined);
      await account.ingest(message("m1", "hello"), message("m2", "hello", { at: NOON + 20 * SECOND }));
      account.now = NOON + 10 * SECOND;
      void account.core.alarm();
      await expect.poll(() => account.sends.length).toBe(1);
      // The object is replaced, and the answer is lost with it.
      account.restart();
      account.answer = () => accepted("mid.2");
      account.now = NOON + 28 * SECOND;
      await account.ingest(echo("mid.human", "One moment, please.", {}, { at: account.now }));
      await account.pass(5 * MINUTE);
      expect(account.sends).toHaveLength(1);
      expect(account.replies()[1]).toMatchObject({ state: "cancelled", reason: "human_answered" });
    }));
});

describe("an automatic reply of Meta's", () => {
  const AWAY = "Thanks for writing! We answer within a day.";
  const decisions = (account: TestAccount, mid: string) =>
    account.core.event(ACCOUNT, `instagram:${ACCOUNT}:echo:${mid}`)?.blocked;

  it("one second after the person's message pauses nothing, and is named", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.ingest(message("m1", "hello"));
      await account.ingest(echo("mid.auto", AWAY, {}, { at: NOON + SECOND }));
      await account.pass(MINUTE);
      expect(account.reply().state).toBe("sent");
      expect(decisions(account, "mid.auto")).toBe("automatic_reply");
    }));

  it("is known by going to three people, however late it comes", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      const people = ["71", "72", "73"];
      for (const [n, person] of people.entries()) {
        const at = NOON + n * MINUTE;
        account.now = at;
        await account.ingest(messageFrom(person, `m${n}`, "hello", { at }));
        const late = at + 8 * SECOND;
        account.now = late;
        await account.ingest(echo(`mid.${n}`, AWAY, {}, { at: late, to: person }));
        await account.pass(30 * SECOND);
      }
      expect(account.sends.map(({ to }) => to)).toEqual([{ recipientId: "73" }]);
    }));

  it("that a person wrote after a minute pauses", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.ingest(message("m1", "hello"));
      await account.ingest(echo("mid.human", AWAY, {}, { at: NOON + 8 * SECOND }));
      expect(account.reply()).toMatchObject({ state: "cancelled", reason: "human_answered" });
    }));

  it("is what the owner says it is", () =>
    inAccount(async (account) => {
      await account.connect([HELLO]);
      await account.core.changeSettings(ACCOUNT, {
        takeover: { automaticTexts: [AWAY], personTexts: ["Hi, Anna here."] },
      });
      await account.ingest(message("m1", "hello"));
      await account.ingest(echo("mid.auto", `${AWAY} `, {}, { at: NOON + 8 * SECOND }));
      expect(account.reply().state).toBe("pending");
      await account.ingest(echo("mid.human", "Hi, Anna here.", {}, { at: NOON + SECOND }));
      expect(account.reply()).toMatchObject({ state: "cancelled", reason: "human_answered" });
    }));
});
