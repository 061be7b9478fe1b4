import { describe, expect, it } from "vitest";
import type { SendOutcome } from "../../../src/core/reply/outcome.ts";
import { REPLY_STATES, type Reply, type ReplyState } from "../../../src/core/reply/reply.ts";
import { GRACE_MS, isWaiting, type ReplyEvent } from "../../../src/core/reply/step.ts";
import { after, ALLOWED, ATTEMPT_AT, decide, EXPIRES_AT, NOW, reply } from "./samples.ts";

const answered = (outcome: SendOutcome, attempt = 1): ReplyEvent => ({
  type: "answered",
  attempt,
  outcome,
  conditions: ALLOWED,
});
const error = { code: "4", reason: "limit" };

const EVENTS = {
  "it is due": { type: "due", conditions: ALLOWED },
  "Meta accepted it": answered({ kind: "accepted", messageId: "mid.2", recipientId: "person_2" }),
  "Meta accepted an earlier attempt": answered({ kind: "accepted", messageId: "mid.2", recipientId: null }, 0),
  "Meta refused it": answered({ kind: "refused", ...error }),
  "Meta refused an earlier attempt": answered({ kind: "refused", ...error }, 0),
  "Meta rejected it temporarily": answered({ kind: "retry", ...error }),
  "Meta throttled it": answered({ kind: "throttled", ...error, scope: "kind", waitMs: null }),
  "Meta refused the account": answered({ kind: "account", ...error, problem: "token" }),
  "the result is ambiguous": answered({ kind: "ambiguous", ...error }),
  "no response arrived": { type: "unanswered", conditions: ALLOWED },
  "its echo arrived": { type: "echoed", messageId: "mid.2" },
  "it is cancelled": { type: "cancel", reason: "by_request" },
  "it is sent at once": { type: "hasten" },
  "a person says sent": { type: "resolve", as: "sent" },
  "a person says not sent": { type: "resolve", as: "refused" },
  "a person says again": { type: "resolve", as: "retry" },
} satisfies Record<string, ReplyEvent>;

/**
 * Every state and every event. `·`: nothing is written and nothing is done. `kept`: the row learns something and stays
 * in its state. All rows but `pending` have made one attempt; `sent` knows its message id; `uncertain` waits to be
 * tried again. The rows' windows are open.
 */
const TABLE = `
                                   | pending   | sending   | sent | refused | uncertain | cancelled | expired
  it is due                        | sending   | ·         | ·    | ·       | sending   | ·         | ·
  Meta accepted it                 | sent      | sent      | ·    | sent    | sent      | sent      | sent
  Meta accepted an earlier attempt | sent      | sent      | ·    | sent    | sent      | sent      | sent
  Meta refused it                  | ·         | refused   | ·    | ·       | ·         | ·         | ·
  Meta refused an earlier attempt  | ·         | ·         | ·    | ·       | ·         | ·         | ·
  Meta rejected it temporarily     | ·         | pending   | ·    | ·       | ·         | ·         | ·
  Meta throttled it                | ·         | pending   | ·    | ·       | ·         | ·         | ·
  Meta refused the account         | ·         | pending   | ·    | ·       | ·         | ·         | ·
  the result is ambiguous          | ·         | uncertain | ·    | ·       | ·         | ·         | ·
  no response arrived              | ·         | uncertain | ·    | ·       | ·         | ·         | ·
  its echo arrived                 | ·         | sent      | ·    | sent    | sent      | sent      | sent
  it is cancelled                  | cancelled | kept      | ·    | ·       | kept      | ·         | ·
  it is sent at once               | kept      | ·         | ·    | ·       | ·         | ·         | ·
  a person says sent               | ·         | ·         | ·    | ·       | sent      | ·         | ·
  a person says not sent           | ·         | ·         | ·    | ·       | refused   | ·         | ·
  a person says again              | ·         | ·         | ·    | ·       | pending   | ·         | ·
`;

/** The same for a row whose window has closed. */
const CLOSED_TABLE = `
                                   | pending   | sending   | sent | refused | uncertain | cancelled | expired
  it is due                        | expired   | ·         | ·    | ·       | kept      | ·         | ·
  its window has closed            | expired   | ·         | ·    | ·       | kept      | ·         | ·
`;

const CLOSED_EVENTS = {
  "it is due": EVENTS["it is due"],
  "its window has closed": { type: "overdue" },
} satisfies Record<string, ReplyEvent>;

function cells(table: string): [state: ReplyState, name: string, becomes: string][] {
  const [head = [], ...rows] = table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const states = head.slice(1);
  expect(states).toEqual(REPLY_STATES);
  return rows.flatMap(([name = "", ...results]) =>
    REPLY_STATES.map((state, index): [ReplyState, string, string] => [state, name, results[index] ?? ""]),
  );
}

/** The result of a step, in the terms of the tables. */
function becomes(row: Reply, event: ReplyEvent, now = NOW): string {
  const { write, effects } = decide(row, event, now);
  if (write === null) return effects.length === 0 ? "·" : "effects without a write";
  expect(write).toMatchObject({ id: row.id, expect: { state: row.state, attempts: row.attempts } });
  return write.set.state === undefined || write.set.state === row.state ? "kept" : write.set.state;
}

describe("a reply", () => {
  it("has a line in the table for every event", () => {
    expect(new Set(cells(TABLE).map(([, name]) => name))).toEqual(new Set(Object.keys(EVENTS)));
  });

  it.each(cells(TABLE))("that is %s, when %s: %s", (state, name, expected) => {
    expect(becomes(reply(state), EVENTS[name as keyof typeof EVENTS])).toBe(expected);
  });

  it.each(cells(CLOSED_TABLE))("too late, that is %s, when %s: %s", (state, name, expected) => {
    const row = reply(state, { expiresAt: NOW });
    expect(becomes(row, CLOSED_EVENTS[name as keyof typeof CLOSED_EVENTS])).toBe(expected);
  });

  it.each(REPLY_STATES)("that is %s does not expire while its window is open", (state) => {
    expect(decide(reply(state, { expiresAt: NOW + 1 }), { type: "overdue" })).toEqual({ write: null, effects: [] });
  });

  it("waits only if it is pending or uncertain and has a wake time", () => {
    expect(REPLY_STATES.filter((state) => isWaiting(reply(state, { wakeAt: NOW })))).toEqual(["pending", "uncertain"]);
    expect(REPLY_STATES.filter((state) => isWaiting(reply(state, { wakeAt: null })))).toEqual([]);
  });
});

describe("a reply that is due", () => {
  const due = (more: Partial<typeof ALLOWED> = {}): ReplyEvent => ({
    type: "due",
    conditions: { ...ALLOWED, ...more },
  });

  it("is committed as an attempt, which is resolved after the grace period", () => {
    const row = reply("pending", { reason: "an old reason" });
    expect(decide(row, due())).toEqual({
      write: {
        id: "r_1",
        expect: { state: "pending", attempts: 0 },
        set: { state: "sending", attempts: 1, attemptAt: NOW, wakeAt: NOW + GRACE_MS, reason: null },
      },
      effects: [{ type: "send", replyId: "r_1", attempt: 1, rateLimit: "private" }],
    });
  });

  it("gets the next attempt number after earlier attempts", () => {
    expect(decide(reply("uncertain", { attempts: 2 }), due()).effects).toEqual([
      { type: "send", replyId: "r_1", attempt: 3, rateLimit: "private" },
    ]);
  });

  it.each<[string, Partial<Reply>]>([
    ["before it is due", { dueAt: NOW + 1 }],
    ["before its wake time", { wakeAt: NOW + 1 }],
    ["when nothing is scheduled", { wakeAt: null }],
  ])("is not sent %s", (_, more) => {
    for (const state of ["pending", "uncertain"] as const) {
      expect(becomes(reply(state, more), due())).toBe("·");
    }
  });

  it("is sent at its due time, up to one millisecond before its window closes", () => {
    expect(becomes(reply("pending", { dueAt: NOW, wakeAt: NOW, expiresAt: NOW + 1 }), due())).toBe("sending");
  });

  it.each<[string, Partial<typeof ALLOWED>]>([
    ["sending is paused", { sending: "paused" }],
    ["the account is not connected", { connected: false }],
    ["the account is held", { held: true }],
  ])("waits while %s, without an attempt", (_, more) => {
    for (const state of ["pending", "uncertain"] as const) expect(becomes(reply(state), due(more))).toBe("·");
  });

  it("is cancelled in a dry run; one that may have been sent stays uncertain", () => {
    expect(after(reply("pending"), due({ sending: "dry_run" }))).toMatchObject({
      state: "cancelled",
      reason: "dry_run",
      wakeAt: null,
    });
    expect(becomes(reply("uncertain"), due({ sending: "dry_run" }))).toBe("·");
  });

  it("is cancelled if a person replies in the conversation, even while sending is held", () => {
    expect(after(reply("pending"), due({ humanActive: true, held: true }))).toMatchObject({
      state: "cancelled",
      reason: "human_answered",
    });
  });

  it.each<[string, Reply]>([
    ["a person asked for it", reply("pending", { automationId: null, eventId: null, byPerson: true })],
    ["it is public", reply("pending", { kind: "public_reply", rateLimit: "public" })],
    ["it may have been sent already", reply("uncertain")],
  ])("is sent although a person replies, if %s", (_, row) => {
    expect(becomes(row, due({ humanActive: true }))).toBe("sending");
  });

  it("that is uncertain and too late is not retried, but evidence can still resolve it", () => {
    expect(after(reply("uncertain", { expiresAt: NOW }), due())).toMatchObject({ state: "uncertain", wakeAt: null });
    expect(decide(reply("uncertain", { expiresAt: NOW, wakeAt: null }), { type: "overdue" }).write).toBeNull();
  });
});

describe("an attempt without a response", () => {
  const unanswered: ReplyEvent = { type: "unanswered", conditions: ALLOWED };

  it("does not change until the grace period of ninety seconds ends", () => {
    expect(GRACE_MS).toBe(90_000);
    expect(becomes(reply("sending"), unanswered, ATTEMPT_AT + GRACE_MS - 1)).toBe("·");
    expect(becomes(reply("sending"), unanswered, ATTEMPT_AT + GRACE_MS)).toBe("uncertain");
  });

  it("may have been sent: a private reply is retried at once, because its grace period is over", () => {
    expect(after(reply("sending"), unanswered)).toMatchObject({
      state: "uncertain",
      ambiguous: true,
      reason: "no_answer",
      failures: 1,
      wakeAt: NOW,
    });
  });

  it.each(["message", "public_reply"] as const)("may have been sent: a %s is held", (kind) => {
    expect(after(reply("sending", { kind }), unanswered)).toMatchObject({ state: "uncertain", wakeAt: null });
  });

  it("of a message is retried if the owner has enabled it", () => {
    const conditions = { ...ALLOWED, retryUncertainMessages: true };
    expect(after(reply("sending", { kind: "message" }), { type: "unanswered", conditions }).wakeAt).toBe(NOW);
  });

  it("is not retried if it was cancelled during the attempt", () => {
    expect(after(reply("sending", { cancelReason: "by_request" }), unanswered).wakeAt).toBeNull();
  });

  it("cannot be resolved if it was never committed", () => {
    expect(becomes(reply("sending", { attemptAt: null }), unanswered)).toBe("·");
  });
});

describe("an echo", () => {
  const echoed = (messageId: string | null): ReplyEvent => ({ type: "echoed", messageId });

  it("proves that the attempt was sent, in any state", () => {
    for (const state of ["sending", "uncertain", "refused", "cancelled", "expired"] as const) {
      expect(after(reply(state), echoed("mid.2"))).toMatchObject({
        state: "sent",
        reason: "echo",
        messageId: "mid.2",
        sentAt: NOW,
        wakeAt: null,
      });
    }
  });

  it("without an id keeps the known id", () => {
    expect(after(reply("uncertain", { messageId: "mid.1" }), echoed(null)).messageId).toBe("mid.1");
  });

  it("of a reply that waits for a retry proves the earlier attempt", () => {
    expect(becomes(reply("pending", { attempts: 1 }), echoed("mid.2"))).toBe("sent");
  });
});

describe("calling off", () => {
  const cancel: ReplyEvent = { type: "cancel", reason: "message_unsent" };

  it("cancels a waiting reply", () => {
    const expected = { state: "cancelled", reason: "message_unsent", wakeAt: null };
    expect(decide(reply("pending"), cancel).write?.set).toEqual(expected);
  });

  it("is stored during an attempt, which still gets its result", () => {
    expect(decide(reply("sending"), cancel).write?.set).toEqual({ cancelReason: "message_unsent" });
  });

  it("stops retries of a reply that may have been sent, which evidence can still resolve", () => {
    expect(decide(reply("uncertain"), cancel).write?.set).toEqual({ cancelReason: "message_unsent", wakeAt: null });
  });
});

describe("a person", () => {
  it("may send a waiting reply at once, before its time", () => {
    const row = reply("pending", { dueAt: NOW + 5_000, wakeAt: NOW + 5_000 });
    expect(decide(row, { type: "hasten" }).write?.set).toEqual({ dueAt: NOW, wakeAt: NOW });
  });

  it("ends a wait between two attempts without changing the due time", () => {
    const row = reply("pending", { wakeAt: NOW + 5_000 });
    expect(decide(row, { type: "hasten" }).write?.set).toEqual({ dueAt: row.dueAt, wakeAt: NOW });
  });

  it("resolves an uncertain reply", () => {
    const uncertain = reply("uncertain", { messageId: "mid.1" });
    expect(after(uncertain, { type: "resolve", as: "sent" })).toMatchObject({
      state: "sent",
      reason: "resolved",
      messageId: "mid.1",
      sentAt: NOW,
      wakeAt: null,
    });
    expect(after(uncertain, { type: "resolve", as: "refused" })).toMatchObject({
      state: "refused",
      reason: "resolved",
      wakeAt: null,
    });
  });

  it("who retries an uncertain reply resets it: a later refusal is final", () => {
    const row = reply("uncertain", { failures: 3, cancelReason: "by_request", wakeAt: null });
    const again = after(row, { type: "resolve", as: "retry" });
    expect(again).toMatchObject({ state: "pending", ambiguous: false, failures: 0, cancelReason: null, wakeAt: NOW });
    const sending = after(again, { type: "due", conditions: ALLOWED });
    expect(becomes(sending, answered({ kind: "refused", ...error }, sending.attempts))).toBe("refused");
  });
});

describe("a reply that was sent", () => {
  it("gets a missing message id once, and nothing else", () => {
    const row = reply("sent", { messageId: null });
    expect(decide(row, { type: "echoed", messageId: "mid.2" }).write?.set).toEqual({ messageId: "mid.2" });
    const late = answered({ kind: "accepted", messageId: "mid.2", recipientId: "person_2" });
    expect(decide(row, late).write?.set).toEqual({ messageId: "mid.2" });
    expect(decide(row, { type: "echoed", messageId: null }).write).toBeNull();
    expect(decide(reply("sent"), { type: "echoed", messageId: "mid.2" }).write).toBeNull();
  });

  it("stays sent after any event", () => {
    const row = reply("sent", { messageId: null, expiresAt: EXPIRES_AT - 2 * 86_400_000 });
    for (const event of [...Object.values(EVENTS), ...Object.values(CLOSED_EVENTS)]) {
      expect(after(row, event, NOW + 1)).toMatchObject({ state: "sent", sentAt: row.sentAt, attempts: 1 });
    }
  });
});
