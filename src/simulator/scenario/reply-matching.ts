/** Which call answered what: for private replies the comment says it, for messages their order. */
import type { Asked, Call, Verdict } from "./report-types.ts";

export interface Answered {
  asked: Asked;
  at: number;
  /** More than once: it is counted there. */
  twice: boolean;
}

export type Note = (kind: string, text: string) => void;

/** Items by a key. */
export const grouped = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const list = groups.get(key(item));
    if (list === undefined) groups.set(key(item), [item]);
    else list.push(item);
  }
  return groups;
};

/** Private replies: the Graph API takes one a comment, so a second answer shows as a second attempt. */
export function commentAnswers(
  asked: readonly Asked[],
  calls: readonly Call[],
  verdict: Verdict,
  note: Note,
): Answered[] {
  const answers: Answered[] = [];
  const comments = new Map(asked.filter(({ kind }) => kind === "private_reply").map((item) => [item.id, item]));
  const attempts = grouped(
    calls.filter(({ operation, commentId }) => operation === "private_reply" && commentId !== null),
    ({ commentId }) => commentId ?? "",
  );
  for (const [id, tries] of attempts) {
    const sorted = tries.toSorted((left, right) => left.at - right.at);
    const item = comments.get(id);
    const sent = sorted.find(({ mid }) => mid !== null);
    if (item === undefined || (item.must === "never" && sent !== undefined)) {
      verdict.unasked += 1;
      note("unasked", `comment ${id}`);
      continue;
    }
    // After a clear answer there is nothing to try again: sent, or refused as answered already.
    const clear = sorted.findIndex(({ status, code }) => status === 200 || (item.must === "taken" && code !== null));
    const twice = clear !== -1 && clear < sorted.length - 1;
    if (twice) {
      verdict.twice += 1;
      note("twice", `comment ${id} was tried ${sorted.length} times: ${sorted.map(inWords(item.toldAt)).join(", ")}`);
    }
    if (sent !== undefined && item.must !== "taken") answers.push({ asked: item, at: sent.at, twice });
  }
  return answers;
}

/** `200 after 12.3 s`: counted from when the receiver was told. */
const inWords =
  (toldAt: number) =>
  ({ at, status, code, durationMs }: Call): string => {
    const took = durationMs < NOTABLE_MS ? "" : `, answered in ${(durationMs / 1000).toFixed(1)} s`;
    return `${code ?? status} after ${((at - toldAt) / 1000).toFixed(1)} s${took}`;
  };

/** Answers that take longer explain why somebody tried again. */
const NOTABLE_MS = 1000;

/** Messages carry no reference to what they answer: a person's first answer belongs to the first question, and so on. */
export function messageAnswers(
  asked: readonly Asked[],
  calls: readonly Call[],
  verdict: Verdict,
  note: Note,
): Answered[] {
  const answers: Answered[] = [];
  const key = ({ accountId, personId }: { accountId: string | null; personId: string | null }): string =>
    `${accountId} ${personId}`;
  const questions = grouped(
    asked.filter(({ kind }) => kind === "message"),
    key,
  );
  const sent = grouped(
    calls.filter(({ operation, mid }) => operation === "message" && mid !== null),
    key,
  );
  for (const [conversation, messages] of sent) {
    verdict.longestConversation = Math.max(verdict.longestConversation, messages.length);
    const all = (questions.get(conversation) ?? []).toSorted((left, right) => left.toldAt - right.toldAt);
    const must = all.filter((item) => item.must === "once");
    const free = all.filter((item) => item.must === "any").length;
    const sorted = messages.toSorted((left, right) => left.at - right.at);
    const extra = Math.max(0, sorted.length - must.length - free);
    // Which of them were answered twice nobody can say; how many can be said.
    const twice = Math.min(extra, must.length);
    for (const [index, item] of must.entries()) {
      const message = sorted[index];
      if (message !== undefined) answers.push({ asked: item, at: message.at, twice: index < twice });
    }
    if (extra === 0) continue;
    const person = all[0]?.personId ?? conversation;
    if (must.length > 0) verdict.twice += twice;
    else verdict.unasked += extra;
    note(
      must.length > 0 ? "twice" : "unasked",
      `${sorted.length} messages to ${person}, ${must.length} were asked for`,
    );
  }
  return answers;
}
