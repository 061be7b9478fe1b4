/** What the list of replies does without a page. */
import { describe, expect, it } from "vitest";
import type { ReplyState } from "../../../src/core/reply/reply.ts";
import type { ReplyItem } from "../../../src/api/reply.ts";
import { MAX_CARDS, ReplyRows } from "../../../src/console/client/reply-rows.ts";

function reply(id: string, state: ReplyState = "pending", more: Partial<ReplyItem> = {}): ReplyItem {
  return {
    id,
    eventId: null,
    automationId: null,
    kind: "private_reply",
    lane: "private",
    to: { commentId: id },
    about: null,
    personId: null,
    message: { text: "Here it is" },
    reads: [],
    username: null,
    eventText: null,
    state,
    reason: null,
    createdAt: 1,
    dueAt: 1,
    expiresAt: 2,
    attempts: 0,
    failures: 0,
    attemptAt: null,
    ambiguous: false,
    sentAt: null,
    messageId: null,
    afterId: null,
    estimatedAt: 1,
    ...more,
  };
}

function listed(...ids: string[]): ReplyRows {
  const rows = new ReplyRows("pending");
  rows.append(ids.map((id) => reply(id)));
  return rows;
}

const shown = (rows: ReplyRows): string => rows.shown.map(({ id, state }) => `${id} ${state}`).join(", ");
const held = (rows: ReplyRows): string => rows.held.map(({ id }) => id).join(" ");

describe("the replies of one state", () => {
  it("take what is new to the top, and let go what has left the state", () => {
    const rows = listed("b", "a");
    rows.take([reply("a", "sent"), reply("c"), reply("d"), reply("x", "sent")], false);
    expect(shown(rows)).toBe("d pending, c pending, b pending");
  });

  it("stand as they are due while they wait, and leave out what belongs to a page that was not read", () => {
    const rows = new ReplyRows("pending");
    const due = (id: string, dueAt: number) => reply(id, "pending", { dueAt });
    rows.append([due("b", 20), due("d", 40)], true);
    rows.take([due("c", 30), due("e", 50), due("a", 10)], false);
    expect(shown(rows)).toBe("a pending, b pending, c pending, d pending");
    rows.append([due("e", 50)], false);
    rows.take([due("f", 60)], false);
    expect(shown(rows)).toBe("a pending, b pending, c pending, d pending, e pending, f pending");
  });

  it("do not move while the reader uses them: new replies wait, those that have left stay in place", () => {
    const rows = listed("b", "a");
    rows.take([reply("b", "sent"), reply("c"), reply("d")], true);
    rows.take([reply("d", "cancelled")], true);
    expect(shown(rows)).toBe("b sent, a pending");
    expect(held(rows)).toBe("c");
    rows.settle();
    expect(shown(rows)).toBe("c pending, a pending");
    expect(held(rows)).toBe("");
  });

  it("keep the very object where nothing has changed, so that its card need not be drawn again", () => {
    const rows = listed("b", "a");
    const before = [...rows.shown];
    rows.take([reply("b"), reply("a", "pending", { attempts: 1 })], false);
    expect(rows.shown[0]).toBe(before[0]);
    expect(rows.shown[1]).not.toBe(before[1]);
    rows.read([reply("b"), reply("a", "pending", { attempts: 1 })], true, false);
    expect(rows.shown[0]).toBe(before[0]);
  });

  it("are as they were read once the reader has left, without those that are gone", () => {
    const rows = listed("c", "b", "a");
    rows.read([reply("d"), reply("c"), reply("a")], true, true);
    expect(shown(rows)).toBe("c pending, b pending, a pending");
    expect(held(rows)).toBe("d");
    rows.settle();
    expect(shown(rows)).toBe("d pending, c pending, a pending");
    rows.read([reply("e"), reply("d")], true, false);
    expect(shown(rows)).toBe("e pending, d pending");
  });

  it("do not take for gone what only lies behind the page that was read, or has come back", () => {
    const rows = listed("c", "b", "a");
    rows.read([reply("c"), reply("b")], false, true);
    rows.settle();
    expect(shown(rows)).toBe("c pending, b pending, a pending");
    rows.read([reply("b"), reply("a")], true, true);
    rows.take([reply("c")], true);
    rows.settle();
    expect(shown(rows)).toBe("c pending, b pending, a pending");
  });

  it("have a page each of what is older, and never more than the page holds lightly", () => {
    const rows = listed("b");
    rows.append([reply("b"), reply("a")]);
    expect(shown(rows)).toBe("b pending, a pending");
    rows.take(
      Array.from({ length: MAX_CARDS + 5 }, (_, index) => reply(`new-${index}`)),
      false,
    );
    expect(rows.shown).toHaveLength(MAX_CARDS);
  });
});
