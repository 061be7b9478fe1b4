/**
 * The report of a scenario, from Meta's side alone: the expected replies, and what the Graph API saw. It knows nothing
 * about the receiver, so it works with any receiver.
 */
import {
  findRepliesToSelf,
  matchCommentReplies,
  grouped,
  matchMessageReplies,
  type MatchedReply,
  type Note,
} from "./reply-matching.ts";
import type { ExpectedReply, Call, ReportRules, ScenarioReport } from "./report-types.ts";

/** The time between two sends when the whole rate limit is used evenly: 750 an hour, 100 a second. */
const SPACING_MS = { private: 4800, live: 10, message: 10 } as const;

/** Error codes that mean "too many calls" (documentation: Graph API, Rate limiting; Messenger Platform, Error codes). */
const THROTTLED = /^(4|17|32|341|613|80001|80002|80006)(\/|$)/;

/** How many examples of each kind of finding the report shows. */
const SHOWN = 3;

export function buildReport(
  expected: readonly ExpectedReply[],
  calls: readonly Call[],
  rules: ReportRules,
): ScenarioReport {
  const report: ScenarioReport = {
    once: 0,
    twice: 0,
    never: 0,
    waiting: 0,
    waitingUntil: null,
    early: 0,
    late: 0,
    overLimit: calls.filter(({ code }) => code !== null && THROTTLED.test(code)).length,
    unasked: 0,
    longestConversation: 0,
    passed: false,
    findings: [],
  };
  const note = collector(report.findings);
  const matching = { expected, calls, report, note };
  const matches = [...matchCommentReplies(matching), ...matchMessageReplies(matching)];
  findRepliesToSelf(matching);
  checkTimes(expected, matches, rules, report, note);
  if (report.overLimit > 0) note("over the limit", `${report.overLimit} calls were refused with a rate limit error`);
  const tooLong = rules.maxPerPerson !== null && report.longestConversation > rules.maxPerPerson;
  if (tooLong)
    note("conversation", `${report.longestConversation} messages to one person, the maximum is ${rules.maxPerPerson}`);
  const { twice, never, early, late, overLimit, unasked } = report;
  report.passed = !tooLong && [twice, never, early, late, overLimit, unasked].every((count) => count === 0);
  return report;
}

/** Keeps the first few findings of each kind. */
function collector(findings: string[]): Note {
  const counts = new Map<string, number>();
  return (kind, text) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= SHOWN) findings.push(`${kind}: ${text}`);
  };
}

/** Counts early, late, waiting and missing replies against the schedule that Meta's rate limits allow. */
function checkTimes(
  expected: readonly ExpectedReply[],
  matches: readonly MatchedReply[],
  rules: ReportRules,
  report: ScenarioReport,
  note: Note,
): void {
  const repliedAt = new Map(matches.map((match) => [match.expected.id, match.at]));
  for (const { expected: item, at, twice } of matches) {
    if (item.must === "once" && !twice) report.once += 1;
    const earliest = item.deliveredAt + rules.deferMs;
    if (at >= earliest) continue;
    report.early += 1;
    note("too early", `${item.kind} ${item.id} by ${earliest - at} ms`);
  }
  const groups = grouped(
    expected.filter(({ must }) => must === "once"),
    ({ accountId, rateLimit }) => `${accountId} ${rateLimit}`,
  );
  for (const items of groups.values()) {
    const turns = schedule(items, rules);
    const times = items
      .map(({ id }) => repliedAt.get(id))
      .filter((at) => at !== undefined)
      .sort((left, right) => left - right);
    for (const [index, turn] of turns.entries()) {
      const at = times[index];
      const latest = turn + rules.lateAfterMs;
      if (at !== undefined) {
        if (at <= latest) continue;
        report.late += 1;
        note("too late", `reply ${index + 1} by ${((at - turn) / 1000).toFixed(1)} s`);
      } else if (turn < rules.endedAt) {
        report.never += 1;
        note(
          "never",
          `reply ${index + 1} of ${turns.length} was due ${((rules.endedAt - turn) / 1000).toFixed(1)} s before the end`,
        );
      } else {
        report.waiting += 1;
        report.waitingUntil = Math.max(report.waitingUntil ?? 0, turn);
      }
    }
  }
}

/** When each reply has its turn: it is due, sending is not blocked, and the spacing after the previous reply is over. */
function schedule(items: readonly ExpectedReply[], rules: ReportRules): number[] {
  const dues = items.map(({ deliveredAt }) => deliveredAt + rules.deferMs).sort((left, right) => left - right);
  const spacing = SPACING_MS[items[0]?.rateLimit ?? "message"];
  const accountId = items[0]?.accountId ?? null;
  let previous = Number.NEGATIVE_INFINITY;
  return dues.map((due) => {
    let turn = Math.max(due, previous + spacing);
    for (const block of rules.blocked.toSorted((left, right) => left.from - right.from)) {
      const concerns = block.accountId === null || block.accountId === accountId;
      if (concerns && turn >= block.from && turn < block.to) turn = block.to;
    }
    previous = turn;
    return turn;
  });
}
