/** What the feed's part of the console's script does without a page. */
import { describe, expect, it } from "vitest";
import { fits } from "../../../src/console/client/feed-filter.ts";
import { rowForKey } from "../../../src/console/client/feed-keys.ts";
import { FeedRows, MAX_ROWS } from "../../../src/console/client/feed-rows.ts";
import type { FeedRow } from "../../../src/api/feed.ts";
import type { ReplyItem } from "../../../src/api/reply.ts";

function row(seq: number, more: Partial<FeedRow> = {}): FeedRow {
  return {
    seq,
    id: `event-${seq}`,
    kind: "comment",
    field: "comments",
    occurredAt: seq,
    receivedAt: seq,
    test: false,
    found: false,
    duplicates: 0,
    blocked: null,
    decisions: [],
    personId: "1045872930164827",
    username: "mara.k",
    text: `remark ${seq}`,
    replies: [],
    ...more,
  };
}

function held(...seqs: number[]): FeedRows {
  const rows = new FeedRows();
  rows.start({ items: seqs.map((seq) => row(seq)), nextCursor: "older", newest: seqs[0] ?? 0 });
  return rows;
}

const seqs = (rows: readonly FeedRow[]): number[] => rows.map(({ seq }) => seq);

describe("the rows of the feed", () => {
  it("take what is new to the top, in the order of its arrival, whatever order it comes in", () => {
    const rows = held(3, 2);
    rows.add(rows.take([row(4), row(6), row(5)]));
    expect(seqs(rows.items)).toEqual([6, 5, 4, 3, 2]);
    expect(rows.newest).toBe(6);
  });

  it("put what is known in its place, once", () => {
    const rows = held(3, 2);
    rows.add(rows.take([row(3, { duplicates: 1 }), row(3, { duplicates: 2 })]));
    expect(seqs(rows.items)).toEqual([3, 2]);
    expect(rows.items[0]?.duplicates).toBe(2);
  });

  it("leave what is older than the last row to the next page, unless there is none", () => {
    const rows = held(3, 2);
    expect(rows.take([row(1)])).toEqual([]);
    rows.append({ items: [row(2), row(1)], nextCursor: null, newest: 3 });
    expect(seqs(rows.items)).toEqual([3, 2, 1]);
    expect(rows.complete).toBe(true);
    expect(seqs(rows.take([row(0.5)]))).toEqual([0.5]);
  });

  it("hold what comes during a pause, with the states that it has by the end of it", () => {
    const rows = held(3);
    rows.hold(rows.take([row(4, { replies: [{ id: "r", kind: "message", state: "pending", reason: null }] })]));
    rows.hold(rows.take([row(5)]));
    const reply = { id: "r", eventId: "event-4", kind: "message", state: "sent", reason: null } as ReplyItem;
    expect(rows.patch([reply])).toBe(false);
    expect(seqs(rows.items)).toEqual([3]);
    const released = rows.release();
    expect(released.map(({ replies }) => replies[0]?.state)).toEqual(["sent", undefined]);
    expect(rows.held).toEqual([]);
  });

  it("are other rows once a reply of theirs has another state, and the same rows otherwise", () => {
    const rows = held(3, 2);
    const before = rows.items;
    const reply = { id: "r", eventId: "event-2", kind: "private_reply", state: "sent", reason: null } as ReplyItem;
    expect(rows.patch([reply])).toBe(true);
    expect(rows.items[0]).toBe(before[0]);
    expect(rows.items[1]?.replies).toEqual([{ id: "r", kind: "private_reply", state: "sent", reason: null }]);
    expect(rows.patch([{ ...reply, eventId: "event-99" }])).toBe(false);
    expect(rows.patch([{ ...reply, eventId: null }])).toBe(false);
  });

  it("let the oldest go when there are too many, and know that they can be read again", () => {
    const rows = new FeedRows();
    rows.start({ items: [row(1)], nextCursor: null, newest: 1 });
    rows.add(Array.from({ length: MAX_ROWS }, (_, index) => row(index + 2)));
    expect(rows.items).toHaveLength(MAX_ROWS);
    expect(rows.items.at(-1)?.seq).toBe(2);
    expect(rows.complete).toBe(false);
  });
});

describe("a filter", () => {
  const none = { kind: "", outcome: "", search: "" };
  const fired = { automationId: "guide", fired: true } as FeedRow["decisions"][number];
  const reply = (state: "sent" | "refused") => [{ id: "r", kind: "message" as const, state, reason: null }];

  it.each([
    ["everything", none, row(1), true],
    ["its kind", { ...none, kind: "message" }, row(1), false],
    ["words, in any case", { ...none, search: "REMARK" }, row(1), true],
    ["a name", { ...none, search: "mara" }, row(1), true],
    ["words that are nowhere", { ...none, search: "sea" }, row(1), false],
    [
      "words of an event that has neither text nor name",
      { ...none, search: "x" },
      row(1, { text: null, username: null }),
      false,
    ],
    ["answered", { ...none, outcome: "answered" }, row(1, { decisions: [fired] }), true],
    ["answered, and it is not", { ...none, outcome: "answered" }, row(1), false],
    ["not answered", { ...none, outcome: "not_answered" }, row(1, { decisions: [fired] }), false],
    ["failed", { ...none, outcome: "failed" }, row(1, { replies: reply("refused") }), true],
    ["failed, and it is sent", { ...none, outcome: "failed" }, row(1, { replies: reply("sent") }), false],
    ["came twice", { ...none, outcome: "duplicated" }, row(1, { duplicates: 1 }), true],
    ["a test", { ...none, outcome: "test" }, row(1), false],
  ] as const)("that asks for %s", (_, filter, event, wanted) => {
    expect(fits(event, filter)).toBe(wanted);
  });
});

const pressed = (key: string, modifiers: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe("a key", () => {
  it("goes to the next row, and never past an end", () => {
    expect(rowForKey(pressed("ArrowDown"), -1, 5)).toBe(0);
    expect(rowForKey(pressed("j"), 3, 5)).toBe(4);
    expect(rowForKey(pressed("ArrowDown"), 4, 5)).toBe(4);
    expect(rowForKey(pressed("ArrowUp"), 0, 5)).toBe(0);
    expect(rowForKey(pressed("PageDown"), 1, 100)).toBe(11);
    expect(rowForKey(pressed("Home"), 50, 100)).toBe(0);
    expect(rowForKey(pressed("End"), 0, 100)).toBe(99);
  });

  it("that is none of the list's does nothing here", () => {
    expect(rowForKey(pressed("Tab"), 1, 5)).toBeNull();
    expect(rowForKey(pressed("a"), 1, 5)).toBeNull();
  });

  it("that is held with Ctrl and the like is the browser's", () => {
    for (const modifier of ["ctrlKey", "metaKey", "altKey", "shiftKey"]) {
      for (const key of ["j", "k", "Home", "ArrowDown"]) {
        expect(rowForKey(pressed(key, { [modifier]: true }), 1, 5), `${modifier} ${key}`).toBeNull();
      }
    }
  });
});
