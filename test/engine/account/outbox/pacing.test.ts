import { describe, expect, it } from "vitest";
import { ACCOUNT, comment, GUIDE, inAccount, message, NOON } from "../harness.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

/** The largest number of times in any window of this length. */
function mostWithin(times: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  times.forEach((time, index) => {
    while ((times[first] ?? 0) <= time - windowMs) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

/** Each by another person: one person gets only so many replies in an hour. */
const comments = (prefix: string, count: number, media?: string) =>
  Array.from({ length: count }, (_, index) => {
    const from = `7${prefix.charCodeAt(0)}${index}`;
    return comment(`${prefix}${index}`, media === undefined ? { from } : { from, media: { id: media } });
  });

describe("the private replies of a viral post", () => {
  it("are sent in a small burst, then evenly, and never more than 750 in any hour", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...comments("c", 1_000));
      await account.pass(2 * HOUR);
      const times = account.sends.map(({ at }) => at);
      expect(times).toHaveLength(1_000);
      expect(mostWithin(times, HOUR)).toBeLessThanOrEqual(750);
      expect(mostWithin(times, 1_000)).toBe(10);
      expect((times[500] ?? 0) - (times[499] ?? 0)).toBeCloseTo(4_860, -1);
    }));

  it("have estimated send times that come true", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...comments("c", 60));
      const promised = account.core.replies({ limit: 100 }).items.map(({ id, estimatedAt }) => ({ id, estimatedAt }));
      await account.pass(HOUR);
      const left = new Map(account.sends.map(({ replyId, at }) => [replyId, at]));
      for (const { id, estimatedAt } of promised) {
        expect(Math.abs((left.get(id) ?? 0) - (estimatedAt ?? 0))).toBeLessThan(15 * SECOND);
      }
    }));

  it("have the same estimates in the live feed, and none while sending is not allowed", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...comments("c", 60));
      const ids = account.replies().map(({ id }) => id);
      const listed = new Map(
        account.core.replies({ limit: 100 }).items.map(({ id, estimatedAt }) => [id, estimatedAt]),
      );
      for (const { id, estimatedAt } of account.core.shown([], ids).replies) expect(estimatedAt).toBe(listed.get(id));
      expect(account.core.reply(ids[30] ?? "")?.estimatedAt).toBe(listed.get(ids[30] ?? ""));
      await account.core.changeSettings(ACCOUNT, { ...account.core.settings(), sending: "paused" });
      expect(account.core.replies({ limit: 100 }).items.map(({ estimatedAt }) => estimatedAt)).toEqual(
        ids.map(() => null),
      );
      expect(account.core.shown([], ids).replies.every(({ estimatedAt }) => estimatedAt === null)).toBe(true);
    }));

  it("have similar estimates in a long queue, which is not counted again for each reply", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...comments("c", 600));
      const last = account.replies().at(-1)?.id ?? "";
      const [shown] = account.core.shown([], [last]).replies;
      const [listed] = account.core.replies({ limit: 1 }).items;
      expect(listed?.id).toBe(last);
      expect(Math.abs((shown?.estimatedAt ?? 0) - (listed?.estimatedAt ?? 0))).toBeLessThan(15 * SECOND);
    }));

  it("can be listed by due time, page by page", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...comments("c", 5));
      account.core.sendReplyNow(ACCOUNT, "r_5");
      account.core.sendReplyNow(ACCOUNT, "r_3");
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = account.core.replies({ order: "due", limit: 2, ...(cursor === null ? {} : { cursor }) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(["r_3", "r_5", "r_1", "r_2", "r_4"]);
    }));

  it("show their recipient and the text that they answer", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(comment("c1"));
      expect(account.core.replies({ limit: 1 }).items).toMatchObject([
        { username: "nadia.bakes", eventText: "GUIDE please" },
      ]);
      const [event] = account.core.events(ACCOUNT, { limit: 1 }).items;
      expect(event).toMatchObject({ username: "nadia.bakes", text: "GUIDE please" });
    }));

  it("do not delay a quiet post", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...comments("viral", 500, "media-1"));
      await account.pass(60 * SECOND);
      const asked = account.now;
      await account.ingest({ ...comment("quiet", { media: { id: "media-2" } }), receivedAt: asked - 10 * SECOND });
      await account.pass(60 * SECOND);
      const quiet = account.sends.find(({ to }) => "commentId" in to && to.commentId === "quiet");
      expect((quiet?.at ?? Infinity) - asked).toBeLessThanOrEqual(5 * SECOND);
    }));

  it("do not delay a live broadcast", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE, { ...GUIDE, id: "live", trigger: { ...GUIDE.trigger, on: "live_comment" } }]);
      await account.ingest(...comments("c", 200));
      await account.pass(60 * SECOND);
      const live = Array.from({ length: 50 }, (_, index) =>
        comment(
          `live${index}`,
          { from: `9${index}`, media: { id: "broadcast" } },
          { kind: "live_comment", at: account.now },
        ),
      );
      const asked = account.now;
      await account.ingest(...live);
      await account.pass(11 * SECOND);
      const times = account.sends.filter(({ to }) => "commentId" in to && to.commentId.startsWith("live"));
      expect(times).toHaveLength(50);
      expect(Math.max(...times.map(({ at }) => at)) - asked).toBeLessThan(11 * SECOND);
    }));

  it("keep their rate limit when the object restarts", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...comments("c", 30));
      await account.pass(10 * SECOND);
      expect(account.sends).toHaveLength(10);
      account.restart();
      await account.pass(4 * SECOND);
      expect(account.sends).toHaveLength(10);
    }));

  it("slow down when Meta's usage headers are near the limit", () =>
    inAccount(async (account) => {
      await account.connect();
      account.answer = () => ({
        outcome: { kind: "accepted", messageId: null, recipientId: null },
        usage: { percent: 80, regainMs: null },
      });
      await account.ingest(...comments("c", 30));
      await account.pass(10 * SECOND + 5 * 60 * SECOND);
      const times = account.sends.map(({ at }) => at);
      expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBeGreaterThan(14 * SECOND);
    }));
});

it("messages reach 100 a second, and never more", () =>
  inAccount(async (account) => {
    const any = { ...GUIDE, trigger: { on: "message" as const, keywords: [], match: "any" as const, mediaIds: [] } };
    await account.connect([{ ...any, actions: { message: { text: "Hello" } } }]);
    const settings = account.core.settings();
    await account.core.changeSettings(ACCOUNT, { ...settings, conversationRepliesPerHour: 1_000 });
    await account.ingest(...Array.from({ length: 500 }, (_, index) => message(`m${index}`, "hi")));
    await account.pass(30 * SECOND);
    const times = account.sends.map(({ at }) => at);
    expect(times).toHaveLength(500);
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(100);
    expect((times.at(-1) ?? Infinity) - (NOON + 10 * SECOND)).toBeLessThan(6 * SECOND);
  }));

describe("one person with many comments", () => {
  it("delays others under the same post by no more than one reply", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.core.changeSettings(ACCOUNT, { conversationRepliesPerHour: 1_000 });
      const busy = Array.from({ length: 200 }, (_, n) => comment(`a${n}`, { from: "71", text: `guide ${n}` }));
      await account.ingest(...busy);
      account.now += 1_000;
      await account.ingest(
        comment("b0", { from: "72" }, { at: account.now }),
        comment("b1", { from: "73" }, { at: account.now }),
      );
      await account.pass(60_000);
      const order = account.sends.map(({ to }) => ("commentId" in to ? to.commentId : ""));
      expect(order.indexOf("b0")).toBeLessThan(13);
      expect(order.indexOf("b0")).toBeGreaterThan(-1);
      expect(order.indexOf("b1")).toBeLessThan(14);
    }));

  it("gets only so many private replies in an hour", () =>
    inAccount(async (account) => {
      await account.connect();
      await account.ingest(...Array.from({ length: 60 }, (_, n) => comment(`a${n}`, { text: `guide ${n}` })));
      await account.pass(30 * 60_000);
      expect(account.sends).toHaveLength(20);
      const { items } = account.core.events(ACCOUNT, { kind: "comment", limit: 1 });
      expect(items[0]?.decisions).toEqual([{ automationId: "guide", fired: false, reason: "conversation_cap" }]);
    }));
});
