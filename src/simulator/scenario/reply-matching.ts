/** Matches Graph calls with the expected replies: private replies by comment, messages by their order. */
import type { ExpectedReply, Call, ScenarioReport } from "./report-types.ts";

export interface MatchedReply {
  expected: ExpectedReply;
  at: number;
  /** There was more than one reply. It counts in `twice`, not in `once`. */
  twice: boolean;
}

export type Note = (kind: string, text: string) => void;

/** What is compared, and where the findings go. */
export interface Matching {
  expected: readonly ExpectedReply[];
  calls: readonly Call[];
  report: ScenarioReport;
  note: Note;
}

/** Groups items by a key. */
export const grouped = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const list = groups.get(key(item));
    if (list === undefined) groups.set(key(item), [item]);
    else list.push(item);
  }
  return groups;
};

/** Private replies: the Graph API accepts one for each comment, so a second reply shows as a second attempt. */
export function matchCommentReplies({ expected, calls, report, note }: Matching): MatchedReply[] {
  const matches: MatchedReply[] = [];
  const comments = new Map(expected.filter(({ kind }) => kind === "private_reply").map((item) => [item.id, item]));
  const attempts = grouped(
    calls.filter(({ operation, commentId }) => operation === "private_reply" && commentId !== null),
    ({ commentId }) => commentId ?? "",
  );
  for (const [id, tries] of attempts) {
    const sorted = tries.toSorted((left, right) => left.at - right.at);
    const item = comments.get(id);
    const sent = sorted.find(({ mid }) => mid !== null);
    if (item === undefined || (item.must === "never" && sent !== undefined)) {
      report.unasked += 1;
      note("unasked", `comment ${id}`);
      continue;
    }
    // After a clear response there is nothing to try again: it was sent, or refused because the comment has a reply.
    const clear = sorted.findIndex(({ status, code }) => status === 200 || (item.must === "taken" && code !== null));
    const twice = clear !== -1 && clear < sorted.length - 1;
    if (twice) {
      report.twice += 1;
      note(
        "twice",
        `comment ${id} had ${sorted.length} attempts: ${sorted.map(describeCall(item.deliveredAt)).join(", ")}`,
      );
    }
    if (sent !== undefined && item.must !== "taken") matches.push({ expected: item, at: sent.at, twice });
  }
  return matches;
}

/** Public replies: a reply to a comment that the run did not send is a reply to the account's own comment. */
export function findRepliesToSelf({ expected, calls, report, note }: Matching): void {
  const comments = new Set(expected.map(({ id }) => id));
  for (const { operation, commentId, mid } of calls) {
    if (operation !== "public_reply" || commentId === null || mid === null || comments.has(commentId)) continue;
    report.unasked += 1;
    note("unasked", `public reply to comment ${commentId}`);
  }
}

/** `200 after 12.3 s`, counted from the delivery of the event. */
const describeCall =
  (deliveredAt: number) =>
  ({ at, status, code, durationMs }: Call): string => {
    const took = durationMs < NOTABLE_MS ? "" : `, response in ${(durationMs / 1000).toFixed(1)} s`;
    return `${code ?? status} after ${((at - deliveredAt) / 1000).toFixed(1)} s${took}`;
  };

/** A response that takes longer explains a second attempt. */
const NOTABLE_MS = 1000;

/** A message does not name the event that it answers: the first reply to a person belongs to the first question, and so on. */
export function matchMessageReplies({ expected, calls, report, note }: Matching): MatchedReply[] {
  const matches: MatchedReply[] = [];
  const key = ({ accountId, personId }: { accountId: string | null; personId: string | null }): string =>
    `${accountId} ${personId}`;
  const questions = grouped(
    expected.filter(({ kind }) => kind === "message"),
    key,
  );
  const sent = grouped(
    calls.filter(({ operation, mid }) => operation === "message" && mid !== null),
    key,
  );
  for (const [conversation, messages] of sent) {
    report.longestConversation = Math.max(report.longestConversation, messages.length);
    const all = (questions.get(conversation) ?? []).toSorted((left, right) => left.deliveredAt - right.deliveredAt);
    const must = all.filter((item) => item.must === "once");
    const free = all.filter((item) => item.must === "any").length;
    const sorted = messages.toSorted((left, right) => left.at - right.at);
    const extra = Math.max(0, sorted.length - must.length - free);
    // The calls show how many questions got two replies, not which ones.
    const twice = Math.min(extra, must.length);
    for (const [index, item] of must.entries()) {
      const message = sorted[index];
      if (message !== undefined) matches.push({ expected: item, at: message.at, twice: index < twice });
    }
    if (extra === 0) continue;
    const person = all[0]?.personId ?? conversation;
    if (must.length > 0) report.twice += twice;
    else report.unasked += extra;
    note(must.length > 0 ? "twice" : "unasked", `${sorted.length} messages to ${person}, expected ${must.length}`);
  }
  return matches;
}
