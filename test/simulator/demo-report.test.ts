import { expect, test } from "vitest";
import { checks, duplicatesOf, timings } from "../../scripts/demo/demo-report.ts";
import type { Findings } from "../../scripts/demo/demo-report.ts";
import type { ApiEvent, ApiReply } from "../../src/simulator/cli/api-clients.ts";
import type { SentMessage } from "../../src/simulator/graph/graph-state.ts";

const reply = (
  id: string,
  kind: "private_reply" | "public_reply" | "message",
  to: ApiReply["to"],
  eventId: string,
): ApiReply => ({
  id,
  eventId,
  kind,
  to,
  state: "sent",
  reason: null,
  dueAt: 10_000,
  sentAt: 10_100,
  messageId: `mid-${id}`,
  attempts: 1,
});
const sent = (
  id: string,
  kind: SentMessage["kind"],
  target: { commentId?: string; personId?: string },
  at = 10_100,
): SentMessage => ({
  mid: `mid-${id}`,
  accountId: "a",
  personId: target.personId ?? "p",
  kind,
  commentId: target.commentId ?? null,
  text: "t",
  by: "receiver",
  metadata: null,
  at,
});
const event = (id: string, duplicates = 0): ApiEvent => ({
  id,
  kind: "comment",
  receivedAt: 0,
  duplicates,
  decisions: [],
  blocked: null,
  raw: "{}",
});

/** A demo in which everything came out right. */
const right = (): Findings => ({
  comments: ["c"],
  people: ["q"],
  events: [event("e1", 1), event("e2")],
  replies: [
    reply("1", "private_reply", { commentId: "c" }, "e1"),
    reply("2", "public_reply", { commentId: "c" }, "e1"),
    reply("3", "message", { recipientId: "q" }, "e2"),
  ],
  sent: [
    sent("1", "private_reply", { commentId: "c" }),
    sent("2", "public_reply", { commentId: "c" }, 13_200),
    sent("3", "message", { personId: "q" }),
  ],
  calls: [],
  expectedEvents: 2,
  quarantined: 1,
  duplicatesAnswered: 0,
});

const failed = (change: Partial<Findings>): string[] =>
  checks({ ...right(), ...change })
    .filter(({ passed }) => !passed)
    .map(({ what }) => what);

const EARLY = "none early: 10 s after the event, a public reply 3 s after the private one";
const LATE = "none more than 0.5 s late";

test("when everything came out right, nothing fails", () => {
  expect(failed({})).toEqual([]);
});

test("a reply too many, too few or to the wrong comment fails", () => {
  const { sent: all } = right();
  expect(failed({ sent: [...all, sent("9", "private_reply", { commentId: "c" })] })[0]).toContain("one private reply");
  expect(failed({ sent: all.slice(1) })[0]).toContain("one private reply");
  expect(failed({ comments: ["other"] })[0]).toContain("one private reply");
});

test("a millisecond early fails, and so does more than half a second late", () => {
  const at = (ms: number): SentMessage[] =>
    right().sent.map((message) => ({ ...message, at: message.kind === "public_reply" ? ms + 3000 : ms }));
  expect(failed({ sent: at(9999) })).toEqual([EARLY]);
  expect(failed({ sent: at(10_000) })).toEqual([]);
  expect(failed({ sent: at(10_500) })).toEqual([]);
  expect(failed({ sent: at(10_501) })).toEqual([LATE]);
});

test("a public reply is due 3 s after its private reply arrived, not after the event", () => {
  const at = (ms: number): SentMessage[] =>
    right().sent.map((message) => (message.kind === "public_reply" ? { ...message, at: ms } : message));
  expect(failed({ sent: at(13_099) })).toEqual([EARLY]);
  expect(failed({ sent: at(13_100) })).toEqual([]);
  expect(failed({ sent: at(13_601) })).toEqual([LATE]);
});

test("an empty Graph log does not pass as punctual", () => {
  expect(failed({ sent: [], replies: [] })).toEqual(expect.arrayContaining([EARLY, LATE]));
});

test("the ledger must agree with the Graph API", () => {
  const { replies } = right();
  expect(
    failed({ replies: replies.map((item, index) => (index === 0 ? { ...item, state: "uncertain" } : item)) }),
  ).toEqual(["Replyline's ledger and the Graph API agree"]);
  expect(
    failed({ replies: replies.map((item, index) => (index === 0 ? { ...item, messageId: "another" } : item)) }),
  ).toEqual(["Replyline's ledger and the Graph API agree"]);
});

test("a lost event, an unnoticed duplicate, a lost unreadable body and a refused call fail", () => {
  expect(failed({ expectedEvents: 3 })).toEqual(["every readable event is stored once: 3"]);
  expect(failed({ events: [event("e1"), event("e2")] })).toEqual(["the duplicate was recognized and counted"]);
  expect(failed({ quarantined: 0 })).toEqual(["the unreadable delivery is quarantined"]);
  const call = {
    seq: 1,
    at: 0,
    durationMs: 1,
    method: "POST",
    path: "/",
    operation: "private_reply",
    accountId: "a",
    commentId: "c",
    personId: null,
    status: 400,
    code: "100",
    mid: null,
    fault: null,
  };
  expect(failed({ calls: [call] })).toEqual(["the Graph API refused nothing"]);
});

test("duplicates count wherever they were noticed", () => {
  expect(duplicatesOf({ events: [event("e", 2)], duplicatesAnswered: 3 })).toBe(5);
});

test("lateness counts from the receiver's time of the event", () => {
  expect(timings(right()).map(({ latenessMs }) => latenessMs)).toEqual([100, 100, 100]);
});
