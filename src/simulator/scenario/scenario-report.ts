/**
 * The verdict of a scenario, from Meta's side alone: what was asked, and what the Graph API saw. Knows nothing of the
 * receiver, so it can judge any.
 */
import { commentAnswers, grouped, messageAnswers } from "./reply-matching.ts";
import type { Answered, Note } from "./reply-matching.ts";
import type { Asked, Call, Rules, Verdict } from "./report-types.ts";

/** Between two sends, when the whole limit is used evenly: 750 an hour, 100 a second. */
const SPACING_MS = { private: 4800, live: 10, message: 10 } as const;

/** Codes that say "too many" (documentation: Graph API, Rate limiting; Messenger Platform, Error codes). */
const THROTTLED = /^(4|17|32|341|613|80001|80002|80006)(\/|$)/;

/** Examples shown of each kind of finding. */
const SHOWN = 3;

export function judge(asked: readonly Asked[], calls: readonly Call[], rules: Rules): Verdict {
  const verdict: Verdict = {
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
  const note = collector(verdict.findings);
  const answers = [...commentAnswers(asked, calls, verdict, note), ...messageAnswers(asked, calls, verdict, note)];
  judgeTimes(asked, answers, rules, verdict, note);
  if (verdict.overLimit > 0) note("over the limit", `${verdict.overLimit} calls were refused as too many`);
  const tooLong = rules.maxPerPerson !== null && verdict.longestConversation > rules.maxPerPerson;
  if (tooLong)
    note(
      "conversation",
      `${verdict.longestConversation} messages to one person, at most ${rules.maxPerPerson} were right`,
    );
  const { twice, never, early, late, overLimit, unasked } = verdict;
  verdict.passed = !tooLong && [twice, never, early, late, overLimit, unasked].every((count) => count === 0);
  return verdict;
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

/** Early, late, waiting and never: against the schedule that Meta's limits allow. */
function judgeTimes(
  asked: readonly Asked[],
  answers: readonly Answered[],
  rules: Rules,
  verdict: Verdict,
  note: Note,
): void {
  const answeredIds = new Map(answers.map((answer) => [answer.asked.id, answer.at]));
  for (const { asked: item, at, twice } of answers) {
    if (item.must === "once" && !twice) verdict.once += 1;
    const earliest = item.toldAt + rules.deferMs;
    if (at >= earliest) continue;
    verdict.early += 1;
    note("too early", `${item.kind} ${item.id} by ${earliest - at} ms`);
  }
  const lanes = grouped(
    asked.filter(({ must }) => must === "once"),
    ({ accountId, lane }) => `${accountId} ${lane}`,
  );
  for (const items of lanes.values()) {
    const turns = schedule(items, rules);
    const times = items
      .map(({ id }) => answeredIds.get(id))
      .filter((at) => at !== undefined)
      .sort((left, right) => left - right);
    for (const [index, turn] of turns.entries()) {
      const at = times[index];
      const latest = turn + rules.lateAfterMs;
      if (at !== undefined) {
        if (at <= latest) continue;
        verdict.late += 1;
        note("too late", `answer ${index + 1} by ${((at - turn) / 1000).toFixed(1)} s`);
      } else if (turn < rules.endedAt) {
        verdict.never += 1;
        note(
          "never",
          `answer ${index + 1} of ${turns.length} had its turn ${((rules.endedAt - turn) / 1000).toFixed(1)} s before the end`,
        );
      } else {
        verdict.waiting += 1;
        verdict.waitingUntil = Math.max(verdict.waitingUntil ?? 0, turn);
      }
    }
  }
}

/** When each answer has its turn: due, not blocked, and a spacing after the one before. */
function schedule(items: readonly Asked[], rules: Rules): number[] {
  const dues = items.map(({ toldAt }) => toldAt + rules.deferMs).sort((left, right) => left - right);
  const spacing = SPACING_MS[items[0]?.lane ?? "message"];
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
