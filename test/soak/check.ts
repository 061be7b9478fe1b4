/**
 * The checks at the end of the soak. They compare three independent sources: the responses to the senders, the calls
 * that arrived at Meta, and Replyline's API.
 */
import { commentIdOf, MESSAGE_TEXT, numberOf, personIdOf, PRIVATE_TEXT, PUBLIC_TEXT } from "./ids.ts";
import type { GraphRecord, SendRecord } from "./graph-log.ts";
import { type Ledger, replyKey } from "./ledger.ts";
import type { PlannedEvent } from "./plan.ts";
import type { Delivered } from "./senders.ts";

export interface Findings {
  planned: ReadonlyMap<number, PlannedEvent>;
  delivered: ReadonlyMap<string, Delivered>;
  unreadable: readonly string[];
  graph: readonly GraphRecord[];
  ledger: Ledger;
  deferMs: number;
  /** Accounts whose comments also get a public reply. */
  answersInPublic: (accountId: string) => boolean;
}

/** All lists of violations must be empty. The keys are shown in the table. */
export interface CheckResult {
  violations: Record<string, string[]>;
  figures: Record<string, number>;
}

/**
 * The grace period of an attempt without a response is 90 s from its commit. On a busy machine, the first request may
 * arrive late, so the time between two arrivals may be much shorter.
 */
const GRACE_MS = 60_000;

export function judge(findings: Findings): CheckResult {
  const { planned, delivered, unreadable, graph, ledger, deferMs, answersInPublic } = findings;
  const violations: Record<string, string[]> = {};
  const rule = (sentence: string, broken: readonly string[]): void => void (violations[sentence] = [...broken]);

  const kept = new Set([...ledger.events.keys(), ...ledger.deadLetters]);
  const acknowledged = [...delivered].filter(([, { acknowledged: yes }]) => yes).map(([id]) => id);
  rule(
    "acknowledged events lost",
    acknowledged.filter((id) => !kept.has(id)),
  );
  const quarantined = new Set(ledger.quarantined);
  rule(
    "unreadable bodies lost",
    unreadable.filter((body) => !quarantined.has(body)),
  );

  const sends = graph.filter((record) => record.type === "send");
  const byTarget = Map.groupBy(sends, ({ kind, to }) => replyKey(kind, to));
  const effects = new Map([...byTarget].map(([key, records]) => [key, records.filter(({ effect }) => effect)]));
  rule(
    "answered twice",
    [...effects].filter(([, records]) => records.length > 1).map(([key]) => key),
  );
  rule("retried within the grace period", hasty(byTarget));

  const eventOf = ({ to }: SendRecord): PlannedEvent | undefined => planned.get(numberOf(to));
  const isWanted = (record: SendRecord): boolean => {
    const event = eventOf(record);
    const isComment = record.kind !== "message";
    const text = { private_reply: PRIVATE_TEXT(record.to), public_reply: PUBLIC_TEXT, message: MESSAGE_TEXT }[
      record.kind
    ];
    return (
      event !== undefined &&
      event.asks &&
      event.accountId === record.account &&
      event.kind === (isComment ? "comment" : "message") &&
      record.text === text &&
      (record.kind !== "public_reply" || answersInPublic(record.account))
    );
  };
  rule(
    "sent without a request or with another text",
    sends.filter((record) => !isWanted(record)).map((record) => JSON.stringify(record)),
  );
  rule(
    "sent before it was due",
    sends
      .filter((record) => {
        const first = delivered.get(eventOf(record)?.id ?? "")?.firstSentAt ?? 0;
        return record.arrivedAt < first + deferMs;
      })
      .map(({ kind, to }) => replyKey(kind, to)),
  );
  rule(
    "unknown calls to Meta",
    graph.filter(({ type }) => type === "unexpected").map((record) => JSON.stringify(record)),
  );

  const expected = [...planned.values()]
    .filter(({ id, asks }) => asks && delivered.get(id)?.acknowledged === true)
    .flatMap((event) => keysOf(event, answersInPublic(event.accountId)));
  const stateOf = (key: string): string => ledger.replies.get(key)?.state ?? "none";
  const wasSent = (key: string): boolean => (effects.get(key)?.length ?? 0) > 0;
  /** A public reply waits until its private reply is known to be sent. */
  const waits = (key: string): boolean => {
    const privateKey = key.replace(/^public_reply /, "private_reply ");
    return privateKey !== key && stateOf(key) === "pending" && stateOf(privateKey) === "uncertain";
  };
  rule(
    "expected replies missing",
    expected.filter((key) => !wasSent(key) && stateOf(key) !== "uncertain" && !waits(key)),
  );
  rule(
    "marked as sent but not sent",
    [...ledger.replies.keys()].filter((key) => stateOf(key) === "sent" && !wasSent(key)),
  );
  rule(
    "sent but not marked as sent",
    [...effects.keys()]
      .filter((key) => wasSent(key) && !["sent", "uncertain"].includes(stateOf(key)))
      .map((key) => `${key}: ${stateOf(key)}`),
  );
  rule(
    "more than one reply per event and kind",
    ledger.replyCount === ledger.replies.size ? [] : [`${ledger.replyCount - ledger.replies.size}`],
  );

  const replies = [...ledger.replies.values()];
  const uncertain = [...ledger.replies].filter(([, { state }]) => state === "uncertain").map(([key]) => key);
  const figures = {
    acknowledged: acknowledged.length,
    duplicates: [...ledger.events.values()].reduce((sum, { duplicates }) => sum + duplicates, 0),
    echoes: acknowledged.filter((id) => id.includes(":echo:")).length,
    quarantined: ledger.quarantined.length,
    deadLetters: ledger.deadLetters.length,
    owed: expected.length,
    sent: replies.filter(({ state }) => state === "sent").length,
    presumed: replies.filter(({ state, reason }) => state === "sent" && reason === "presumed").length,
    uncertain: uncertain.length,
    uncertainSent: uncertain.filter(wasSent).length,
    calls: sends.length,
    refusedByRule: sends.filter(({ outcome }) => outcome === "refused").length,
    ambiguous: sends.filter(({ outcome }) => outcome.endsWith("_after") || outcome.endsWith("_before")).length,
    secondAttempts: replies.filter(({ attempts }) => attempts > 1).length,
  };
  return { violations, figures };
}

function keysOf({ kind, n }: PlannedEvent, inPublic: boolean): string[] {
  if (kind === "message") return [replyKey("message", personIdOf(n))];
  const comment = commentIdOf(n);
  return [replyKey("private_reply", comment), ...(inPublic ? [replyKey("public_reply", comment)] : [])];
}

/** Calls that followed a call with an unknown outcome too early. */
function hasty(byTarget: ReadonlyMap<string, readonly SendRecord[]>): string[] {
  return [...byTarget].flatMap(([key, records]) =>
    records.flatMap((record, i) => {
      const before = records[i - 1];
      if (before === undefined || before.outcome === "throttled" || record.arrivedAt - before.arrivedAt >= GRACE_MS)
        return [];
      return [`${key}: ${record.arrivedAt - before.arrivedAt} ms after "${before.outcome}"`];
    }),
  );
}
