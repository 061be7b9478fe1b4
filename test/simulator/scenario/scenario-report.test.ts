import { expect, test } from "vitest";
import { buildReport } from "../../../src/simulator/scenario/scenario-report.ts";
import type { ExpectedReply, Call, ReportRules } from "../../../src/simulator/scenario/report-types.ts";

const RULES: ReportRules = { deferMs: 10_000, lateAfterMs: 5000, maxPerPerson: null, blocked: [], endedAt: 100_000 };

const comment = (id: string, deliveredAt = 0, rest: Partial<ExpectedReply> = {}): ExpectedReply => ({
  id,
  accountId: "a",
  personId: "",
  kind: "private_reply",
  rateLimit: "private",
  deliveredAt,
  must: "once",
  ...rest,
});
const message = (
  id: string,
  personId: string,
  deliveredAt = 0,
  must: ExpectedReply["must"] = "once",
): ExpectedReply => ({
  id,
  accountId: "a",
  personId,
  kind: "message",
  rateLimit: "message",
  deliveredAt,
  must,
});
const sent = (commentId: string, at: number, rest: Partial<Call> = {}): Call => ({
  at,
  accountId: "a",
  operation: "private_reply",
  commentId,
  personId: null,
  status: 200,
  code: null,
  durationMs: 20,
  mid: `m${commentId}${at}`,
  ...rest,
});
const posted = (commentId: string, at: number): Call => ({ ...sent(commentId, at), operation: "public_reply" });
const sentTo = (personId: string, at: number): Call => ({
  at,
  accountId: "a",
  operation: "message",
  commentId: null,
  personId,
  status: 200,
  code: null,
  durationMs: 20,
  mid: `${personId}${at}`,
});
const refused = (commentId: string, at: number, code: string): Call =>
  sent(commentId, at, { status: 400, code, mid: null });

test("one reply for each, in time, passes", () => {
  const report = buildReport([comment("1"), comment("2")], [sent("1", 10_000), sent("2", 15_000)], RULES);
  expect(report).toMatchObject({
    once: 2,
    twice: 0,
    never: 0,
    waiting: 0,
    early: 0,
    late: 0,
    passed: true,
    findings: [],
  });
});

test("a millisecond early is too early", () => {
  expect(buildReport([comment("1")], [sent("1", 9999)], RULES)).toMatchObject({ early: 1, passed: false });
});

test("a new attempt after a clear response counts as two replies, although Meta sent only one", () => {
  const report = buildReport([comment("1")], [sent("1", 10_000), refused("1", 12_000, "100/2534025")], RULES);
  expect(report).toMatchObject({ once: 0, twice: 1, passed: false });
  expect(report.findings).toEqual(["twice: comment 1 had 2 attempts: 200 after 10.0 s, 100/2534025 after 12.0 s"]);
});

test("a new attempt after a lost response does not: the first response was not clear", () => {
  const lost = sent("1", 10_000, { status: 504, code: "2" });
  expect(
    buildReport([comment("1")], [lost, refused("1", 110_000, "100/2534025")], { ...RULES, endedAt: 200_000 }),
  ).toMatchObject({ once: 1, twice: 0, passed: true });
});

test("what is not expected is noticed", () => {
  expect(buildReport([], [sent("9", 10_000)], RULES)).toMatchObject({ unasked: 1, passed: false });
  expect(buildReport([comment("1", 0, { must: "never" })], [sent("1", 10_000)], RULES)).toMatchObject({
    unasked: 1,
    passed: false,
  });
});

test("a missing reply counts as never if the rate limit allowed it; otherwise it waits, which is correct", () => {
  const many = Array.from({ length: 40 }, (_, index) => comment(`${index}`));
  // The limit's pace is one in 4.8 s: by 100 s, the turn of 19 has come.
  const report = buildReport(many, [], RULES);
  expect(report.never).toBe(19);
  expect(report.waiting).toBe(21);
  expect(report.waitingUntil).toBe(10_000 + 39 * 4800);
  const answered = many.slice(0, 19).map(({ id }, index) => sent(id, 10_000 + index * 4800));
  expect(buildReport(many, answered, RULES)).toMatchObject({ never: 0, waiting: 21, passed: true });
});

test("a receiver without replies does not pass, however long a reply may take", () => {
  const patient = { ...RULES, lateAfterMs: 600_000 };
  expect(buildReport([comment("1")], [], patient)).toMatchObject({ never: 1, waiting: 0, passed: false });
  // Its turn comes after the end: there was no room.
  expect(buildReport([comment("1", 95_000)], [], patient)).toMatchObject({ never: 0, waiting: 1, passed: true });
});

test("late counts from the reply's turn, not from the comment", () => {
  const both = [comment("1"), comment("2")];
  expect(buildReport(both, [sent("1", 10_000), sent("2", 19_800)], RULES)).toMatchObject({ late: 0 });
  expect(buildReport(both, [sent("1", 10_000), sent("2", 19_801)], RULES)).toMatchObject({ late: 1, passed: false });
});

test("while a token is dead or Meta is down nothing is late", () => {
  const blocked = [{ accountId: "a", from: 5000, to: 60_000 }];
  expect(buildReport([comment("1")], [sent("1", 64_000)], { ...RULES, blocked })).toMatchObject({
    late: 0,
    passed: true,
  });
  expect(
    buildReport([comment("1")], [sent("1", 64_000)], {
      ...RULES,
      blocked: [{ accountId: "other", from: 5000, to: 60_000 }],
    }),
  ).toMatchObject({ late: 1 });
});

test("calls that Meta refused as too many are over the limit; other refusals are not", () => {
  const calls = [
    refused("1", 10_000, "613"),
    refused("1", 11_000, "4/2018354"),
    refused("1", 12_000, "80002"),
    refused("1", 12_500, "2"),
    sent("1", 13_000),
  ];
  expect(buildReport([comment("1")], calls, RULES)).toMatchObject({ overLimit: 3, twice: 0, passed: false });
});

test("a comment with a reply from another app may get one attempt, and no second one", () => {
  const taken = comment("1", 0, { must: "taken" });
  expect(buildReport([taken], [refused("1", 10_000, "100/2534025")], RULES)).toMatchObject({ twice: 0, passed: true });
  expect(
    buildReport([taken], [refused("1", 10_000, "100/2534025"), refused("1", 20_000, "100/2534025")], RULES),
  ).toMatchObject({ twice: 1, passed: false });
});

test("messages are counted by person: one reply for each question, and no more", () => {
  const expected = [message("m1", "p", 0), message("m2", "p", 20_000), message("m3", "q", 0)];
  const calls = [sentTo("p", 10_000), sentTo("p", 30_000), sentTo("q", 10_000)];
  expect(buildReport(expected, calls, RULES)).toMatchObject({ once: 3, passed: true, longestConversation: 2 });
  expect(buildReport(expected, [...calls, sentTo("q", 40_000)], RULES)).toMatchObject({
    once: 2,
    twice: 1,
    passed: false,
  });
  // Each question is in one row, however many replies it got.
  const again = [...calls, sentTo("q", 40_000), sentTo("q", 50_000), sentTo("q", 60_000)];
  expect(buildReport(expected, again, RULES)).toMatchObject({ once: 2, twice: 1, passed: false });
});

test("a conversation that must stay silent is silent", () => {
  expect(buildReport([message("m", "p", 0, "never")], [sentTo("p", 10_000)], RULES)).toMatchObject({
    unasked: 1,
    passed: false,
  });
});

test("two bots: every reply is correct, but not too many", () => {
  const expected = Array.from({ length: 30 }, (_, index) => message(`m${index}`, "bot", index, "any"));
  const calls = Array.from({ length: 21 }, (_, index) => sentTo("bot", 20_000 + index));
  expect(buildReport(expected, calls, { ...RULES, maxPerPerson: 21 })).toMatchObject({
    passed: true,
    longestConversation: 21,
  });
  expect(buildReport(expected, calls, { ...RULES, maxPerPerson: 20 })).toMatchObject({ passed: false });
});

test("a hundred mistakes of a kind are counted, and three are shown", () => {
  const calls = Array.from({ length: 100 }, (_, index) => sent(`${index}`, 1));
  const report = buildReport([], calls, RULES);
  expect(report.unasked).toBe(100);
  expect(report.findings).toHaveLength(3);
});

test("a public reply to a comment that the run did not send is a reply to the account itself", () => {
  const asked = [comment("1")];
  const once = [sent("1", 10_000), posted("1", 13_000)];
  expect(buildReport(asked, once, RULES)).toMatchObject({ once: 1, unasked: 0, passed: true });
  expect(buildReport(asked, [...once, posted("17385219121865946", 26_000)], RULES)).toMatchObject({
    unasked: 1,
    passed: false,
    findings: ["unasked: public reply to comment 17385219121865946"],
  });
});
