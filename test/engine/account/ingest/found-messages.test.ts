import { describe, expect, it } from "vitest";
import type { Automation } from "../../../../src/core/automation/automation.ts";
import type { GraphMessage } from "../../../../src/meta/graph/conversations.ts";
import type { GraphProblem } from "../../../../src/meta/graph/response.ts";
import { readDelivery } from "../../../../src/meta/reader/delivery.ts";
import { ACCOUNT, echo, HELLO, inAccount, message, NOON, PERSON, type TestAccount } from "../harness.ts";

const MINUTE = 60_000;
const person = { id: PERSON, username: "nadia.bakes" };
const account = { id: ACCOUNT, username: null };

const sent = (id: string, createdAt: number, more: Partial<GraphMessage> = {}): GraphMessage => ({
  id,
  createdAt,
  from: person,
  to: [account],
  text: "hello",
  attachments: [],
  ...more,
});

const answer = (id: string, createdAt: number, text: string): GraphMessage =>
  sent(id, createdAt, { from: account, to: [person], text });

async function withMessages(on: TestAccount, messages: GraphMessage[], automations: Automation[] = [HELLO]) {
  await on.connect(automations);
  await on.core.changeSettings(ACCOUNT, { reconcile: { enabled: true, everyMinutes: 15 } });
  show(on, messages);
}

/** What Graph shows from now on, newest first. */
function show(on: TestAccount, messages: GraphMessage[]): void {
  const newest = messages.toSorted((left, right) => (right.createdAt ?? 0) - (left.createdAt ?? 0));
  const conversation = { updatedAt: newest[0]?.createdAt ?? null, messages: newest };
  on.conversations = () => ({ ok: true, value: { conversations: [conversation], after: null } });
}

/** The webhook of the same message, from an account or a person. */
function webhookOf({ id, text, createdAt }: GraphMessage, isEcho = false) {
  const [sender, recipient] = isEcho ? [account, person] : [person, account];
  const sides = { sender: { id: sender.id }, recipient: { id: recipient.id }, timestamp: (createdAt ?? 0) + 417 };
  return deliveryOf({ ...sides, message: { mid: id, text, ...(isEcho ? { is_echo: true } : {}) } });
}

const fromPerson = (timestamp: number) => ({ sender: { id: PERSON }, recipient: { id: ACCOUNT }, timestamp });

function deliveryOf(item: { timestamp: number; [key: string]: unknown }) {
  const { timestamp } = item;
  const body = JSON.stringify({ object: "instagram", entry: [{ id: ACCOUNT, time: timestamp, messaging: [item] }] });
  const proof = { secret: "instagram", form: "raw" as const };
  return readDelivery(body, { receivedAt: timestamp + 900, deliveryId: "d", proof }).events;
}

const eventsOf = (on: TestAccount) => on.core.events(ACCOUNT, { limit: 20 }).items;
const textsSent = (on: TestAccount) => on.sends.map((order) => order.message.text);

describe("a message that Meta never delivered", () => {
  it("is found, answered once, and its late webhook is a duplicate", () =>
    inAccount(async (on) => {
      const missed = sent("m1", NOON + MINUTE);
      await withMessages(on, [missed]);
      await on.pass(40 * MINUTE);
      expect(on.sends).toMatchObject([{ kind: "message", to: { recipientId: PERSON } }]);
      expect(eventsOf(on)).toMatchObject([
        { kind: "message", found: true, deliveryId: "reconciler", occurredAt: NOON + MINUTE, duplicates: 0 },
      ]);
      expect(await on.ingest(...webhookOf(missed))).toEqual({ results: ["duplicate"] });
      await on.pass(120 * MINUTE);
      expect(textsSent(on)).toEqual(["Hello yourself"]);
    }));

  it("is counted, next to those that were delivered, with the calls that it took", () =>
    inAccount(async (on) => {
      await withMessages(on, [sent("m1", NOON + MINUTE)]);
      await on.ingest(message("m0", "something else"), message("m00", "more"));
      await on.pass(20 * MINUTE);
      const { found, reconcile } = on.core.state();
      expect(found).toMatchObject({ events: 1, total: 3 });
      expect(NOON - found.since).toBe(6.5 * 24 * 60 * MINUTE);
      // Two rounds: the posts, and the conversations.
      expect(reconcile).toMatchObject({ callsToday: 4, refused: { comments: null, messages: null } });
      on.now += 8 * 24 * 60 * MINUTE;
      expect(on.core.state().found).toMatchObject({ events: 0, total: 0 });
      expect(on.core.state().reconcile.callsToday).toBe(0);
    }));

  it("counts only after two minutes, because its webhook may still come", () =>
    inAccount(async (on) => {
      await withMessages(on, [sent("m1", NOON + 14 * MINUTE)]);
      await on.pass(16 * MINUTE);
      expect(eventsOf(on)).toEqual([]);
      await on.pass(15 * MINUTE);
      expect(eventsOf(on)).toHaveLength(1);
    }));

  it("is left alone where it is older than the connection, or than the window", () =>
    inAccount(async (on) => {
      await withMessages(on, [sent("old", NOON - MINUTE)]);
      await on.pass(40 * MINUTE);
      show(on, [sent("closed", NOON + MINUTE)]);
      on.conversations = () => ({ ok: false, error: { reason: "unavailable", code: "timeout" } });
      await on.pass(24 * 60 * MINUTE);
      show(on, [sent("closed", NOON + 10 * MINUTE)]);
      await on.pass(60 * MINUTE);
      expect(eventsOf(on)).toEqual([]);
      expect(on.sends).toEqual([]);
    }));
});

describe("a message that Meta delivered", () => {
  it("is not found again under the same id, another id, as a tap, or after it was unsent", () =>
    inAccount(async (on) => {
      const at = NOON + MINUTE;
      await withMessages(on, [
        sent("m1", at),
        sent("graph-id", at + 20_000, { text: "price please" }),
        sent("tap", at + 40_000, { text: "Yes" }),
        sent("gone", at + 50_000, { text: "oops" }),
      ]);
      await on.pass(MINUTE);
      await on.ingest(
        ...webhookOf(sent("m1", at)),
        ...webhookOf(sent("webhook-id", at + 20_000, { text: "price please" })),
        ...deliveryOf({ ...fromPerson(at + 40_300), postback: { mid: "other-mid", title: "Yes", payload: "YES" } }),
        ...deliveryOf({ ...fromPerson(at + 50_000), message: { mid: "gone", is_deleted: true } }),
      );
      await on.pass(60 * MINUTE);
      expect(eventsOf(on).filter(({ found }) => found)).toEqual([]);
      expect(textsSent(on)).toEqual(["Hello yourself"]);
    }));
});

it("a message in a conversation that another app has is left alone", () =>
  inAccount(async (on) => {
    await withMessages(on, [sent("m1", NOON + 2 * MINUTE)]);
    const item = { ...fromPerson(NOON + MINUTE), message: { mid: "m0", text: "hi" } };
    const body = JSON.stringify({ object: "instagram", entry: [{ id: ACCOUNT, time: NOON, standby: [item] }] });
    const proof = { secret: "instagram", form: "raw" as const };
    await on.ingest(...readDelivery(body, { receivedAt: NOON, deliveryId: "d", proof }).events);
    await on.pass(40 * MINUTE);
    expect(eventsOf(on).map(({ kind }) => kind)).toEqual(["standby"]);
    expect(on.sends).toEqual([]);
  }));

describe("a message of the account itself", () => {
  it("is an echo: a person has taken over, and its late webhook is a duplicate", () =>
    inAccount(async (on) => {
      const own = answer("e1", NOON + 2 * MINUTE, "Hi, this is Tom");
      await withMessages(on, [sent("m1", NOON + MINUTE, { text: "a question" }), own]);
      await on.pass(20 * MINUTE);
      expect(eventsOf(on).map(({ kind, found }) => [kind, found])).toEqual([
        ["echo", true],
        ["message", true],
      ]);
      expect(on.core.conversations({ limit: 5 }).items).toMatchObject([{ heldBy: "person" }]);
      expect(await on.ingest(...webhookOf(own, true))).toEqual({ results: ["duplicate"] });
      expect(on.sends).toEqual([]);
    }));

  it("is our own reply where Replyline sent it, whatever id Graph gives it", () =>
    inAccount(async (on) => {
      await withMessages(on, []);
      await on.ingest(message("m1", "hello"));
      await on.pass(MINUTE);
      show(on, [answer("other-id", NOON + 10_000, "Hello yourself")]);
      await on.pass(60 * MINUTE);
      expect(on.core.conversations({ limit: 5 }).items).toMatchObject([{ heldBy: null }]);
      expect(textsSent(on)).toEqual(["Hello yourself"]);
    }));

  it("is known by the account's name on Instagram, and is left alone where no side is known", () =>
    inAccount(async (on) => {
      const appScoped = { id: "9988776655", username: "Cafe.Luna" };
      await on.connect([HELLO], { username: "cafe.luna" });
      await on.core.changeSettings(ACCOUNT, { reconcile: { enabled: true, everyMinutes: 15 } });
      const stranger = { id: "555", username: null };
      show(on, [
        sent("own", NOON + MINUTE, { from: appScoped, to: [person] }),
        sent("unclear", NOON + 2 * MINUTE, { from: stranger, to: [person] }),
      ]);
      await on.pass(40 * MINUTE);
      expect(eventsOf(on).map(({ kind }) => kind)).toEqual(["echo"]);
      expect(on.sends).toEqual([]);
    }));

  it("is not expected of a Page without the field message_echoes", () =>
    inAccount(async (on) => {
      await on.connect([HELLO], { platform: "page", login: "facebook" });
      on.subscriptions = async () => ({ ok: true, value: [] });
      await on.core.subscribedApps(ACCOUNT, { method: "POST", fields: ["messages"] });
      await on.core.changeSettings(ACCOUNT, { reconcile: { enabled: true, everyMinutes: 15 } });
      show(on, [sent("m1", NOON + MINUTE, { text: "a question" }), answer("e1", NOON + 2 * MINUTE, "Hi")]);
      await on.pass(20 * MINUTE);
      expect(eventsOf(on).map(({ kind, object }) => [kind, object])).toEqual([["message", "page"]]);
    }));

  it("that a webhook delivered is not found again", () =>
    inAccount(async (on) => {
      await withMessages(on, [answer("e1", NOON + MINUTE, "Hi, this is Tom")]);
      await on.pass(MINUTE);
      await on.ingest(echo("e1", "Hi, this is Tom", {}, { at: NOON + MINUTE }));
      await on.pass(40 * MINUTE);
      expect(eventsOf(on)).toMatchObject([{ kind: "echo", found: false }]);
    }));
});

describe("the reads", () => {
  const counting = (on: TestAccount, error: GraphProblem | null): { reads: number } => {
    const count = { reads: 0 };
    on.conversations = () => {
      count.reads += 1;
      return error === null ? { ok: true, value: { conversations: [], after: "next" } } : { ok: false, error };
    };
    return count;
  };

  it("are off after a refusal until the next connection, and never hold the account", () =>
    inAccount(async (on) => {
      await withMessages(on, []);
      const count = counting(on, { reason: "account", code: "200", problem: "permission" });
      await on.pass(120 * MINUTE);
      expect(count.reads).toBe(1);
      expect(on.core.state()).toMatchObject({
        hold: null,
        reconcile: { refused: { comments: null, messages: "200" } },
      });
      await on.connect([HELLO]);
      expect(on.core.state().reconcile.refused.messages).toBeNull();
      await on.pass(20 * MINUTE);
      expect(count.reads).toBe(2);
    }));

  it("of comments and of messages are refused apart from each other", () =>
    inAccount(async (on) => {
      await withMessages(on, [sent("m1", NOON + MINUTE)]);
      let asked = 0;
      on.recentMedia = () => {
        asked += 1;
        return { ok: false, error: { reason: "account", code: "10", problem: "permission" } };
      };
      await on.pass(60 * MINUTE);
      expect(asked).toBe(1);
      expect(on.core.state().reconcile.refused).toEqual({ comments: "10", messages: null });
      expect(on.sends).toHaveLength(1);
    }));

  it("are at most five pages a round", () =>
    inAccount(async (on) => {
      await withMessages(on, []);
      const count = counting(on, null);
      await on.pass(14 * MINUTE);
      expect(count.reads).toBe(5);
      await on.pass(15 * MINUTE);
      expect(count.reads).toBe(10);
    }));

  it.each([
    [
      "held",
      'INSERT OR REPLACE INTO settings VALUES (\'hold\', \'{"problem":"blocked","code":"1","reason":"","since":0,"until":null}\')',
    ],
    ["throttled", `INSERT INTO lanes VALUES ('message', 0, 0, ${NOON + 600 * MINUTE}, 1, 0, 0)`],
    ["disconnected", "DELETE FROM settings WHERE key = 'profile'"],
  ])("are not made while the account is %s", (_, statement) =>
    inAccount(async (on) => {
      await withMessages(on, []);
      const count = counting(on, null);
      on.sql.all(statement);
      await on.core.wake(ACCOUNT);
      await on.pass(300 * MINUTE);
      expect(count.reads).toBe(0);
      expect(on.core.state().reconcile.callsToday).toBe(0);
    }),
  );

  it("start half an hour after a new account is connected, with what came since then", () =>
    inAccount(async (on) => {
      on.sql.all("DELETE FROM settings WHERE key = 'settings'");
      on.now = NOON + 10 * MINUTE;
      await on.connect([HELLO]);
      show(on, [sent("before", NOON + 9 * MINUTE), sent("after", NOON + 11 * MINUTE)]);
      await on.pass(29 * MINUTE);
      expect(on.core.state().reconcile.callsToday).toBe(0);
      await on.pass(2 * MINUTE);
      expect(eventsOf(on).map(({ id }) => id)).toEqual([`instagram:${ACCOUNT}:message:after`]);
    }));

  it("stay off where the owner has switched them off", () =>
    inAccount(async (on) => {
      on.sql.all("DELETE FROM settings WHERE key = 'settings'");
      await on.core.changeSettings(ACCOUNT, { reconcile: { enabled: false } });
      await on.connect([HELLO]);
      const count = counting(on, null);
      await on.pass(300 * MINUTE);
      expect(count.reads).toBe(0);
    }));
});
