import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EventItem, ReplyItem } from "./api.ts";
import { filesWith } from "./canaries.ts";
import type { GraphRecord, SendRecord } from "./graph-log.ts";
import {
  accountIdOf,
  commentIdOf,
  eventIdOf,
  MESSAGE_TEXT,
  messageIdOf,
  personIdOf,
  PRIVATE_TEXT,
  PUBLIC_TEXT,
} from "./ids.ts";
import { replyKey } from "./ledger.ts";
import { makePlan, type PlannedEvent, writeBody } from "./plan.ts";
import { type Findings, judge } from "./check.ts";

const ACCOUNT = accountIdOf(2);
const COMMENT: PlannedEvent = {
  n: 1,
  id: eventIdOf(ACCOUNT, "comment", commentIdOf(1)),
  accountId: ACCOUNT,
  kind: "comment",
  asks: true,
};
const MESSAGE: PlannedEvent = {
  n: 2,
  id: eventIdOf(ACCOUNT, "message", messageIdOf(2)),
  accountId: ACCOUNT,
  kind: "message",
  asks: true,
};
const SILENT: PlannedEvent = { ...COMMENT, n: 3, id: eventIdOf(ACCOUNT, "comment", commentIdOf(3)), asks: false };

const ECHO = eventIdOf(ACCOUNT, "echo", "m_message");
const STARTED_AT = 1_795_165_200_000;

const send = (kind: SendRecord["kind"], to: string, more: Partial<SendRecord> = {}): SendRecord => ({
  type: "send",
  account: ACCOUNT,
  kind,
  to,
  text: { private_reply: PRIVATE_TEXT(to), public_reply: PUBLIC_TEXT, message: MESSAGE_TEXT }[kind],
  arrivedAt: STARTED_AT + 3_000,
  at: STARTED_AT + 3_050,
  outcome: "sent",
  effect: true,
  messageId: `m_${kind}`,
  ...more,
});

const event = ({ id, kind }: PlannedEvent): EventItem & { accountId: string } => ({
  id,
  kind,
  receivedAt: STARTED_AT + 10,
  duplicates: 0,
  accountId: ACCOUNT,
});

const reply = (kind: ReplyItem["kind"], to: string, more: Partial<ReplyItem> = {}): [string, ReplyItem] => [
  replyKey(kind, to),
  {
    id: `r_${kind}`,
    eventId: null,
    kind,
    to: kind === "message" ? { recipientId: to } : { commentId: to },
    state: "sent",
    reason: null,
    attempts: 1,
    dueAt: STARTED_AT + 2_010,
    sentAt: STARTED_AT + 3_100,
    messageId: `m_${kind}`,
    estimatedAt: null,
    afterId: null,
    ...more,
  },
];

/** One comment with a private and a public reply, one message with a reply, and one comment without keyword. */
function sound(): Findings & { graph: GraphRecord[] } {
  const events = [COMMENT, MESSAGE, SILENT];
  return {
    planned: new Map(events.map((one) => [one.n, one])),
    delivered: new Map(
      [...events.map(({ id }) => id), ECHO].map((id) => [id, { firstSentAt: STARTED_AT, acknowledged: true }]),
    ),
    unreadable: ["{unreadable"],
    graph: [
      send("private_reply", commentIdOf(1)),
      send("public_reply", commentIdOf(1)),
      send("message", personIdOf(2)),
    ],
    ledger: {
      events: new Map([...events.map(event), { ...event(MESSAGE), id: ECHO }].map((one) => [one.id, one])),
      replies: new Map([
        reply("private_reply", commentIdOf(1)),
        reply("public_reply", commentIdOf(1)),
        reply("message", personIdOf(2)),
      ]),
      replyCount: 3,
      quarantined: ["{unreadable"],
      deadLetters: [],
    },
    deferMs: 2_000,
    answersInPublic: () => true,
  };
}

/** The violated rules after a change. */
function broken(change: (findings: ReturnType<typeof sound>) => void): string[] {
  const findings = sound();
  change(findings);
  const { violations } = judge(findings);
  return Object.keys(violations).filter((sentence) => violations[sentence]?.length !== 0);
}

describe("the checks of the soak", () => {
  it("find no violation if every event has one reply", () => {
    expect(broken(() => undefined)).toEqual([]);
    expect(judge(sound()).figures).toMatchObject({
      acknowledged: 4,
      owed: 3,
      sent: 3,
      uncertain: 0,
      calls: 3,
      echoes: 1,
    });
  });

  it("report a missing acknowledged event", () => {
    expect(broken(({ ledger }) => ledger.events.delete(SILENT.id))).toEqual(["acknowledged events lost"]);
  });

  it("ignore an event that was never acknowledged", () => {
    const unheard = broken(({ delivered, ledger, graph }) => {
      Object.assign(delivered.get(MESSAGE.id) ?? {}, { acknowledged: false });
      ledger.events.delete(MESSAGE.id);
      ledger.replies.delete(replyKey("message", personIdOf(2)));
      ledger.replyCount--;
      graph.splice(2, 1);
    });
    expect(unheard).toEqual([]);
  });

  it("count a dead letter as stored", () => {
    const buried = broken(({ ledger }) => {
      ledger.events.delete(SILENT.id);
      ledger.deadLetters.push(SILENT.id);
    });
    expect(buried).toEqual([]);
  });

  it("report a missing echo and a missing unreadable body", () => {
    expect(broken(({ ledger }) => ledger.events.delete(ECHO))).toEqual(["acknowledged events lost"]);
    expect(broken(({ ledger }) => ledger.quarantined.pop())).toEqual(["unreadable bodies lost"]);
  });

  it("report a second reply of each kind", () => {
    for (const [kind, to] of [
      ["private_reply", commentIdOf(1)],
      ["public_reply", commentIdOf(1)],
      ["message", personIdOf(2)],
    ] as const) {
      expect(broken(({ graph }) => graph.push(send(kind, to, { arrivedAt: STARTED_AT + 200_000 })))).toEqual([
        "answered twice",
      ]);
    }
  });

  it("report an attempt within the grace period of the previous one", () => {
    const again = (afterMs: number): string[] =>
      broken(({ graph }) =>
        graph.push(
          send("private_reply", commentIdOf(1), {
            arrivedAt: STARTED_AT + 3_000 + afterMs,
            outcome: "refused",
            effect: false,
          }),
        ),
      );
    expect(again(20_000)).toEqual(["retried within the grace period"]);
    expect(again(90_000)).toEqual([]);
  });

  it("report a reply that was sent too early", () => {
    expect(broken(({ graph }) => Object.assign(graph[0] ?? {}, { arrivedAt: STARTED_AT + 1_999 }))).toEqual([
      "sent before it was due",
    ]);
  });

  it("report a reply to a person without a request, with another text, or from another account", () => {
    const sentence = "sent without a request or with another text";
    expect(broken(({ graph }) => Object.assign(graph[0] ?? {}, { text: "Hello" }))).toEqual([sentence]);
    expect(broken(({ graph }) => Object.assign(graph[0] ?? {}, { account: accountIdOf(4) }))).toEqual([sentence]);
    expect(broken(({ graph }) => graph.push(send("private_reply", commentIdOf(3))))).toContain(sentence);
    expect(broken((findings) => Object.assign(findings, { answersInPublic: () => false }))).toEqual([sentence]);
  });

  it("report an expected reply that was never sent", () => {
    const owed = broken(({ graph, ledger }) => {
      graph.splice(2, 1);
      ledger.replies.delete(replyKey("message", personIdOf(2)));
      ledger.replyCount--;
    });
    expect(owed).toEqual(["expected replies missing"]);
  });

  it("accept a public reply that waits for an uncertain private one, and no other", () => {
    const waiting = (privateState: "uncertain" | "sent") =>
      broken(({ graph, ledger }) => {
        graph.splice(
          graph.findIndex((record) => record.type === "send" && record.kind === "public_reply"),
          1,
        );
        ledger.replies.set(...reply("public_reply", commentIdOf(1), { state: "pending" }));
        ledger.replies.set(...reply("private_reply", commentIdOf(1), { state: privateState }));
      });
    expect(waiting("uncertain")).toEqual([]);
    expect(waiting("sent")).toEqual(["expected replies missing"]);
  });

  it("accept an uncertain reply and report whether it was sent", () => {
    const uncertain = reply("message", personIdOf(2), { state: "uncertain" });
    const findings = sound();
    findings.ledger.replies.set(...uncertain);
    expect(judge(findings).figures).toMatchObject({ uncertain: 1, uncertainSent: 1 });
    findings.graph.splice(2, 1);
    expect(judge(findings).figures).toMatchObject({ uncertain: 1, uncertainSent: 0 });
    expect(Object.values(judge(findings).violations).flat()).toEqual([]);
  });

  it("report a ledger that contradicts the calls at Meta", () => {
    expect(broken(({ graph }) => graph.splice(2, 1))).toContain("marked as sent but not sent");
    const denied = broken(({ ledger }) =>
      ledger.replies.set(...reply("message", personIdOf(2), { state: "refused", reason: "10" })),
    );
    expect(denied).toEqual(["sent but not marked as sent"]);
    expect(broken(({ ledger }) => ledger.replyCount++)).toEqual(["more than one reply per event and kind"]);
  });

  it("report an unknown call to Meta", () => {
    const path = "/v26.0/undefined/messages";
    expect(broken(({ graph }) => graph.push({ type: "unexpected", method: "POST", path, at: STARTED_AT }))).toEqual([
      "unknown calls to Meta",
    ]);
  });
});

describe("the search for canaries", () => {
  it("finds a text in files at any depth, in both of SQLite's encodings", () => {
    const folder = mkdtempSync(join(tmpdir(), "replyline-canary-"));
    try {
      writeFileSync(join(folder, "a.sqlite"), Buffer.concat([Buffer.from([0, 255]), Buffer.from("xx-canary-xx")]));
      writeFileSync(join(folder, "b.sqlite"), Buffer.from("-canary-", "utf16le"));
      writeFileSync(join(folder, "c.log"), "nothing");
      expect(filesWith(folder, "-canary-").toSorted()).toEqual([join(folder, "a.sqlite"), join(folder, "b.sqlite")]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the plan of the soak", () => {
  it("is the same for the same seed", () => {
    expect(makePlan(5, 300)).toEqual(makePlan(5, 300));
    expect(makePlan(6, 300)).not.toEqual(makePlan(5, 300));
  });

  it("delivers every event at least once, some repeatedly, and some unreadable bodies", () => {
    const { bodies, accounts } = makePlan(5, 2_000);
    const planned = bodies.flatMap(({ events }) => events);
    expect(new Set(planned.map(({ n }) => n)).size).toBe(2_000);
    expect(planned.length).toBeGreaterThan(2_000);
    expect(bodies.some(({ events }) => events.length === 0)).toBe(true);
    const counts = Map.groupBy(new Map(planned.map((one) => [one.n, one])).values(), ({ accountId }) => accountId);
    expect(counts.size).toBe(accounts.length);
    expect([...counts.values()].filter((own) => own.length === 1).length).toBeGreaterThanOrEqual(
      accounts.length / 3 - 1,
    );
  });

  it("builds a delivery with one entry per account", () => {
    const body = JSON.parse(
      writeBody({ events: [COMMENT, MESSAGE, { ...SILENT, accountId: accountIdOf(9) }], n: 0 }, STARTED_AT),
    );
    expect(body).toMatchObject({
      object: "instagram",
      entry: [
        {
          id: ACCOUNT,
          changes: [{ value: { id: commentIdOf(1) } }],
          messaging: [{ message: { mid: messageIdOf(2) } }],
        },
        { id: accountIdOf(9), changes: [{ value: { id: commentIdOf(3) } }] },
      ],
    });
  });
});
