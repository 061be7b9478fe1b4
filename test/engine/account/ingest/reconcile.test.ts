import { describe, expect, it } from "vitest";
import type { GraphComment } from "../../../../src/meta/graph/reading.ts";
import { readDelivery } from "../../../../src/meta/reader/delivery.ts";
import { ACCOUNT, GUIDE, inAccount, MEDIA, NOON, PERSON, type TestAccount } from "../harness.ts";

const MINUTE = 60_000;

const graphComment = (id: string, createdAt: number, more: Partial<GraphComment> = {}): GraphComment => ({
  id,
  text: "GUIDE please",
  hidden: false,
  authorId: PERSON,
  username: "nadia.bakes",
  parentId: null,
  mediaId: MEDIA,
  mediaType: "REELS",
  createdAt,
  ...more,
});

async function withReconciler(account: TestAccount, comments: GraphComment[]): Promise<void> {
  await account.connect([GUIDE]);
  const settings = account.core.settings();
  await account.core.changeSettings(ACCOUNT, { ...settings, reconcile: { enabled: true, everyMinutes: 15 } });
  account.recentMedia = () => ({ ok: true, value: [{ id: MEDIA, createdAt: NOON, commentCount: comments.length }] });
  account.mediaComments = () => ({ ok: true, value: { comments, after: null } });
}

/** The webhook of the same comment. */
function webhookOf(comment: GraphComment) {
  const { id, text, authorId, username, createdAt } = comment;
  const value = { from: { id: authorId, username }, media: { id: MEDIA, media_product_type: "REELS" }, id, text };
  const entry = { id: ACCOUNT, time: Math.floor((createdAt ?? 0) / 1_000), changes: [{ field: "comments", value }] };
  const proof = { secret: "instagram", form: "raw" as const };
  const body = JSON.stringify({ object: "instagram", entry: [entry] });
  return readDelivery(body, { receivedAt: createdAt ?? 0, deliveryId: "d", proof }).events;
}

describe("the reconciler", () => {
  it("answers a comment that Meta never delivered", () =>
    inAccount(async (account) => {
      await withReconciler(account, [graphComment("c1", NOON + MINUTE)]);
      await account.pass(20 * MINUTE);
      expect(account.sends).toMatchObject([{ to: { commentId: "c1" } }]);
      const [item] = account.core.events(ACCOUNT, { limit: 5 }).items;
      expect(item).toMatchObject({ kind: "comment", deliveryId: "reconciler", duplicates: 0 });
    }));

  it("answers no comment twice that a webhook delivered before or delivers later", () =>
    inAccount(async (account) => {
      const [known, late] = [graphComment("c1", NOON + MINUTE), graphComment("c2", NOON + MINUTE)];
      await withReconciler(account, [known, late]);
      await account.pass(MINUTE);
      await account.ingest(...webhookOf(known));
      await account.pass(20 * MINUTE);
      expect(await account.ingest(...webhookOf(late))).toEqual({ results: ["duplicate"] });
      await account.pass(60 * MINUTE);
      expect(account.sends.map(({ to }) => to)).toEqual([{ commentId: "c1" }, { commentId: "c2" }]);
    }));

  it("ignores comments from before it was enabled, and the account's own", () =>
    inAccount(async (account) => {
      await withReconciler(account, [
        graphComment("old", NOON - MINUTE),
        graphComment("own", NOON + MINUTE, { authorId: ACCOUNT }),
      ]);
      await account.pass(60 * MINUTE);
      expect(account.sends).toEqual([]);
      expect(account.core.events(ACCOUNT, { limit: 5 }).items.map(({ decisions }) => decisions)).toEqual([
        [{ automationId: "guide", fired: false, reason: "own_comment" }],
      ]);
    }));

  it("reads one page per alarm, and continues after a failure", () =>
    inAccount(async (account) => {
      const reads: [string | null, number][] = [];
      await withReconciler(account, []);
      account.recentMedia = () => ({ ok: true, value: [{ id: MEDIA, createdAt: NOON, commentCount: 2 }] });
      account.mediaComments = (_mediaId, after) => {
        reads.push([after, account.now - NOON]);
        if (reads.length === 1) return { ok: false, error: { reason: "unavailable", code: "timeout" } };
        const id = after === null ? "c1" : "c2";
        return { ok: true, value: { comments: [graphComment(id, NOON + 1)], after: after === null ? "page2" : null } };
      };
      await account.pass(14 * MINUTE);
      expect(reads.map(([after]) => after)).toEqual([null, null, "page2"]);
      expect((reads[1]?.[1] ?? 0) - (reads[0]?.[1] ?? 0)).toBe(5 * MINUTE);
      expect((reads[2]?.[1] ?? 0) - (reads[1]?.[1] ?? 0)).toBe(3_000);
      expect(account.sends).toHaveLength(2);
    }));

  it("reads back to the previous round only, however many comments there are", () =>
    inAccount(async (account) => {
      const comments = Array.from({ length: 500 }, (_, index) => graphComment(`c${index}`, NOON + MINUTE));
      await withReconciler(account, comments);
      let reads = 0;
      // Fifty per page, newest first, as Meta returns them.
      account.mediaComments = (_mediaId, after) => {
        reads++;
        const from = Number(after ?? 0);
        const next = from + 50 < comments.length ? String(from + 50) : null;
        return { ok: true, value: { comments: comments.slice(from, from + 50), after: next } };
      };
      await account.pass(20 * MINUTE);
      expect(reads).toBe(20);
      // The hour of overlap is over by then too.
      await account.pass(90 * MINUTE);
      const before = reads;
      await account.pass(60 * MINUTE);
      expect(reads - before).toBe(4);
    }));

  it("does not ingest comments again that retention has deleted", () =>
    inAccount(async (account) => {
      await withReconciler(account, [graphComment("c1", NOON + MINUTE)]);
      await account.core.changeSettings(ACCOUNT, { retentionDays: 8, reconcile: { everyMinutes: 60 } });
      await account.pass(8 * 24 * 60 * MINUTE);
      for (let day = 0; day < 12; day++) await account.pass(24 * 60 * MINUTE);
      expect(account.core.events(ACCOUNT, { limit: 5 }).items).toEqual([]);
      expect(account.sends).toHaveLength(1);
    }));

  it("does not hide that no webhooks arrive", () =>
    inAccount(async (account) => {
      await withReconciler(account, [graphComment("c1", NOON + MINUTE)]);
      await account.pass(20 * MINUTE);
      expect(account.core.day()).toMatchObject({ lastEventAt: null });
    }));

  it("starts again, without a loop, when the account is connected after an erasure", () =>
    inAccount(async (account) => {
      await withReconciler(account, [
        graphComment("before", NOON + MINUTE),
        graphComment("after", NOON + 200 * MINUTE),
      ]);
      await account.pass(20 * MINUTE);
      await account.core.erase(ACCOUNT, false);
      await account.pass(10 * MINUTE);
      await account.connect([GUIDE]);
      await account.pass(240 * MINUTE);
      expect(account.sends.map(({ to }) => to)).toEqual([{ commentId: "before" }, { commentId: "after" }]);
    }));

  it("does nothing when it is disabled", () =>
    inAccount(async (account) => {
      await account.connect([GUIDE]);
      let asked = 0;
      account.recentMedia = () => {
        asked++;
        return { ok: true, value: [] };
      };
      await account.pass(120 * MINUTE);
      expect(asked).toBe(0);
    }));
});
