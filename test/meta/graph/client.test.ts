import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Caller, createGraphClient, type GraphClientOptions } from "../../../src/meta/graph/client.ts";
import type { OutgoingReply } from "../../../src/meta/graph/request.ts";

const TOKEN = "IGAA-not-a-real-token";
const CALLER: Caller = {
  account: { id: "17841400000000000", platform: "instagram", login: "instagram", sendAs: null },
  token: TOKEN,
};
const PAGE_CALLER: Caller = {
  account: { id: "100", platform: "page", login: "facebook", sendAs: null },
  token: TOKEN,
};
const REPLY: OutgoingReply = {
  id: "reply-1",
  kind: "private_reply",
  to: { commentId: "17900000000000001" },
  message: { text: "Hi" },
};

/** A client whose requests are kept, and answered by `respond`. */
function clientWith(respond: GraphClientOptions["fetch"]) {
  const requests: Request[] = [];
  const client = createGraphClient({
    instagramUrl: "https://graph.instagram.com",
    facebookUrl: "https://graph.facebook.com",
    version: "v26.0",
    fetch: (url, init) => {
      requests.push(new Request(url, init));
      return respond(url, init);
    },
  });
  return { client, requests };
}

const answering = (body: unknown, init?: ResponseInit) => clientWith(async () => Response.json(body, init));

describe("what leaves", () => {
  it("has the token only in its header, and follows no redirect", async () => {
    const { client, requests } = answering({ message_id: "m" });
    await client.send(CALLER, REPLY);
    const [request] = requests;
    expect(request?.headers.get("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(request?.url).not.toContain(TOKEN);
    expect(await request?.text()).not.toContain(TOKEN);
    expect(request?.redirect).toBe("manual");
    expect(requests).toHaveLength(1);
  });

  it("says what kind of body it has", async () => {
    const { client, requests } = answering({ id: "1" });
    await client.send(CALLER, REPLY);
    await client.send(CALLER, { ...REPLY, kind: "public_reply" });
    expect(requests.map((request) => request.headers.get("content-type"))).toEqual([
      "application/json",
      "application/x-www-form-urlencoded",
    ]);
  });

  it.each(["", "two words", "line\nbreak", "schlüssel"])(
    "is nothing at all with a token that no header can hold: %j",
    async (token) => {
      const { client, requests } = answering({ message_id: "m" });
      expect((await client.send({ ...CALLER, token }, REPLY)).outcome).toMatchObject({
        kind: "account",
        problem: "token",
      });
      expect(await client.readMe({ ...CALLER, token })).toMatchObject({ ok: false, error: { problem: "token" } });
      expect(requests).toEqual([]);
    },
  );

  it("is not made with an invalid id", async () => {
    const { client, requests } = answering({ message_id: "m" });
    const caller = { ...CALLER, account: { ...CALLER.account, id: "undefined" } };
    expect((await client.send(caller, REPLY)).outcome).toMatchObject({ kind: "refused", code: "bad_id" });
    expect(await client.readComment(CALLER, "")).toMatchObject({ ok: false, error: { code: "bad_id" } });
    expect(requests).toEqual([]);
  });
});

describe("the result of a send", () => {
  it("is read with its usage headers", async () => {
    const { client } = answering(
      { recipient_id: "9", message_id: "m" },
      { headers: { "x-app-usage": '{"call_count":50}' } },
    );
    expect(await client.send(CALLER, REPLY)).toEqual({
      outcome: { kind: "accepted", messageId: "m", recipientId: "9" },
      usage: { percent: 50, regainMs: null },
    });
  });

  it("is Meta's error, classified", async () => {
    const { client } = answering({ error: { code: 10900 } }, { status: 400 });
    expect((await client.send(CALLER, REPLY)).outcome).toMatchObject({ kind: "refused", reason: "already_replied" });
  });

  it("is ambiguous if the connection fails, without the text of the failure", async () => {
    const { client } = clientWith(async () => {
      throw new Error(`connect refused with ${TOKEN}`);
    });
    const answer = await client.send(CALLER, REPLY);
    expect(answer).toEqual({ outcome: { kind: "ambiguous", code: "network", reason: "network" }, usage: null });
  });

  it("is ambiguous when the connection breaks inside the answer", async () => {
    const { client } = clientWith(async () => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"message_id":"m"'));
          controller.error(new Error("lost"));
        },
      });
      return new Response(body);
    });
    expect((await client.send(CALLER, REPLY)).outcome).toMatchObject({ kind: "ambiguous", code: "network" });
  });

  it("is ambiguous when the answer is longer than any of Meta's, and the rest is not read", async () => {
    const cancelled = vi.fn();
    let chunks = 0;
    const { client } = clientWith(async () => {
      const body = new ReadableStream({
        pull(controller) {
          chunks++;
          controller.enqueue(new Uint8Array(65_536).fill(32));
        },
        cancel: cancelled,
      });
      return new Response(body);
    });
    expect((await client.send(CALLER, REPLY)).outcome).toMatchObject({ kind: "ambiguous", code: "http_200" });
    expect(cancelled).toHaveBeenCalled();
    expect(chunks).toBeLessThan(10);
  });

  it("is read whole when a character is split between two chunks", async () => {
    const bytes = new TextEncoder().encode('{"message_id":"m","x":"é"}');
    const { client } = clientWith(async () => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(bytes.slice(0, -3));
          controller.enqueue(bytes.slice(-3));
          controller.close();
        },
      });
      return new Response(body);
    });
    expect((await client.send(CALLER, REPLY)).outcome).toMatchObject({ kind: "accepted" });
  });

  it("is ambiguous when there is no body", async () => {
    const { client } = clientWith(async () => new Response(null, { status: 204 }));
    expect((await client.send(CALLER, REPLY)).outcome).toMatchObject({ kind: "ambiguous", code: "http_204" });
  });
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is up after 10 s: the request is aborted and the outcome ambiguous", async () => {
    let signal: AbortSignal | null | undefined;
    const { client } = clientWith(
      (_, init) =>
        new Promise((_resolve, reject) => {
          signal = init.signal;
          init.signal?.addEventListener("abort", () => {
            reject(new Error("aborted"));
          });
        }),
    );
    const sending = client.send(CALLER, REPLY);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(signal?.aborted).toBe(true);
    expect((await sending).outcome).toMatchObject({ kind: "ambiguous", code: "timeout" });
  });

  it("counts the answer's body, and does not depend on the fetch listening", async () => {
    const { client } = clientWith(async () => new Response(new ReadableStream({})));
    const sending = client.send(CALLER, REPLY);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await sending).outcome).toMatchObject({ kind: "ambiguous", code: "timeout" });
  });

  it("leaves no timer behind", async () => {
    const { client } = answering({ message_id: "m" });
    await client.send(CALLER, REPLY);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("what is read", () => {
  it("is a comment, in one form for both platforms", async () => {
    const instagram = answering({
      id: "179",
      text: "guide",
      hidden: false,
      from: { id: "9", username: "ana" },
      media: { id: "180", media_product_type: "REELS" },
      parent_id: "178",
      timestamp: "2026-11-22T07:39:23+0000",
    });
    const page = answering({
      id: "1_2",
      message: "guide",
      is_hidden: true,
      from: { id: "9", name: "Ana" },
      parent: { id: "1_1" },
      created_time: "2026-11-22T08:39:23+0100",
    });
    expect(await instagram.client.readComment(CALLER, "179")).toEqual({
      ok: true,
      value: {
        id: "179",
        text: "guide",
        hidden: false,
        authorId: "9",
        username: "ana",
        parentId: "178",
        mediaId: "180",
        mediaType: "REELS",
        createdAt: Date.UTC(2026, 10, 22, 7, 39, 23),
      },
    });
    expect(await page.client.readComment(PAGE_CALLER, "1_2")).toEqual({
      ok: true,
      value: {
        id: "1_2",
        text: "guide",
        hidden: true,
        authorId: "9",
        username: "Ana",
        parentId: "1_1",
        mediaId: "100_1",
        mediaType: null,
        createdAt: Date.UTC(2026, 10, 22, 7, 39, 23),
      },
    });
  });

  it("is the media of a comment: the album, or a Page's post without a call", async () => {
    const album = answering({ media: { id: "17900000000000100" }, id: "179" });
    expect(await album.client.readCommentMedia(CALLER, "179")).toEqual({ ok: true, value: "17900000000000100" });
    const none = answering({ id: "179" });
    expect(await none.client.readCommentMedia(CALLER, "179")).toEqual({ ok: true, value: null });
    const page = answering({ error: { code: 1 } }, { status: 500 });
    expect(await page.client.readCommentMedia(PAGE_CALLER, "1_2")).toEqual({ ok: true, value: "100_1" });
  });

  it("is not_found if the comment was deleted", async () => {
    const { client } = answering({ error: { code: 100, error_subcode: 33 } }, { status: 400 });
    expect(await client.readComment(CALLER, "179")).toMatchObject({ ok: false, error: { reason: "not_found" } });
  });

  it("is not a comment without an id", async () => {
    const { client } = answering({});
    expect(await client.readComment(CALLER, "179")).toMatchObject({ ok: false, error: { reason: "unavailable" } });
  });

  it("is a URL, under either of its names", async () => {
    const url = "https://www.instagram.com/p/abc/";
    expect(await answering({ permalink: url }).client.readPermalink(CALLER, "18")).toEqual({ ok: true, value: url });
    expect(await answering({ permalink_url: url }).client.readPermalink(CALLER, "18")).toEqual({
      ok: true,
      value: url,
    });
    expect(await answering({ id: "18" }).client.readPermalink(CALLER, "18")).toEqual({ ok: true, value: null });
  });

  it("is a page of comments, each followed by its replies", async () => {
    const { client } = answering({
      data: [{ id: "1", text: "a", replies: { data: [{ id: "2", text: "b" }] } }, { text: "no id" }, { id: "3" }],
      paging: { cursors: { after: "NEXT" }, next: "https://graph.instagram.com/…" },
    });
    const result = await client.mediaComments(CALLER, "18", 50, null);
    expect(result.ok && result.value.comments.map(({ id, parentId }) => [id, parentId])).toEqual([
      ["1", null],
      ["2", "1"],
      ["3", null],
    ]);
    expect(result.ok && result.value.after).toBe("NEXT");
  });

  it("is the last page when Meta names no next one, though it gives a cursor", async () => {
    const { client } = answering({ data: [], paging: { cursors: { after: "X" } } });
    expect(await client.mediaComments(CALLER, "18", 50, null)).toEqual({
      ok: true,
      value: { comments: [], after: null },
    });
  });

  it.each([
    ["https://graph.instagram.com/v26.0/18/comments?limit=50&after=NEXT", "NEXT"],
    ["https://graph.instagram.com/v26.0/18/comments?limit=50&after=", null],
    ["https://graph.instagram.com/v26.0/18/comments?limit=50", null],
    ["not a URL", null],
  ])("takes the cursor out of the URL of the next page if it stands only there: %s", async (next, after) => {
    const { client } = answering({ data: [], paging: { next } });
    expect(await client.mediaComments(CALLER, "18", 50, null)).toEqual({ ok: true, value: { comments: [], after } });
  });

  it("is a page of conversations with their messages", async () => {
    const at = "2026-11-22T00:00:00+0000";
    const { client } = answering({
      data: [
        {
          id: "t_1",
          updated_time: at,
          messages: {
            data: [
              {
                id: "m_1",
                created_time: at,
                from: { id: "5", username: "nadia.bakes" },
                to: { data: [{ id: "7" }] },
                message: "",
                attachments: { data: [{ image_data: { url: "https://cdn.example/a.jpg" } }, { id: "no url" }] },
              },
              { message: "no id" },
              { id: "m_2", message: "hello" },
            ],
          },
        },
        { id: "t_2", updated_time: 1_795_305_600 },
      ],
      paging: { cursors: { after: "NEXT" }, next: "https://graph.instagram.com/…" },
    });
    const createdAt = Date.UTC(2026, 10, 22);
    const image = { type: "image", url: "https://cdn.example/a.jpg" };
    expect(await client.conversations(CALLER, 20, null)).toEqual({
      ok: true,
      value: {
        conversations: [
          {
            updatedAt: createdAt,
            messages: [
              {
                id: "m_1",
                createdAt,
                from: { id: "5", username: "nadia.bakes" },
                to: [{ id: "7", username: null }],
                text: null,
                attachments: [image],
              },
              { id: "m_2", createdAt: null, from: null, to: [], text: "hello", attachments: [] },
            ],
          },
          { updatedAt: 1_795_305_600_000, messages: [] },
        ],
        after: "NEXT",
      },
    });
  });

  it("is a list of media", async () => {
    const { client } = answering({ data: [{ id: "18", timestamp: "2026-11-22T00:00:00+0000", comments_count: 4 }] });
    expect(await client.recentMedia(CALLER, 10)).toEqual({
      ok: true,
      value: [{ id: "18", createdAt: Date.UTC(2026, 10, 22), commentCount: 4 }],
    });
  });

  it("is the subscription and its fields", async () => {
    const { client } = answering({ data: [{ id: "77", subscribed_fields: ["comments", 1, "messages"] }, {}] });
    expect(await client.listSubscriptions(CALLER)).toEqual({
      ok: true,
      value: [
        { appId: "77", fields: ["comments", "messages"] },
        { appId: null, fields: [] },
      ],
    });
  });

  it("is the account itself, by the id of its webhooks", async () => {
    const instagram = answering({ user_id: "17841", id: "555", username: "shop" });
    expect(await instagram.client.readMe(CALLER)).toEqual({
      ok: true,
      value: { id: "17841", name: "shop", instagramId: null },
    });
    const page = answering({ id: "100", name: "Shop", instagram_business_account: { id: "17841" } });
    expect(await page.client.readMe(PAGE_CALLER)).toEqual({
      ok: true,
      value: { id: "100", name: "Shop", instagramId: "17841" },
    });
  });

  it.each([true, "true"])("is success, written %j", async (success) => {
    expect(await answering({ success }).client.subscribe(CALLER, ["comments"])).toEqual({ ok: true, value: null });
    expect(await answering({ success }).client.unsubscribe(CALLER)).toEqual({ ok: true, value: null });
    expect(await answering({ success }).client.deleteComment(CALLER, "180")).toEqual({ ok: true, value: null });
  });

  it("is not a success unless Meta confirms it", async () => {
    expect((await answering({ success: false }).client.subscribe(CALLER, ["comments"])).ok).toBe(false);
  });
});
