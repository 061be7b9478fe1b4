import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ReadOrder } from "../../../src/engine/account/ports.ts";
import { readCommentForReply } from "../../../src/engine/sender/comment-reading.ts";
import { createGraphClient } from "../../../src/meta/graph/client.ts";
import { COMMENT_ID, graph, graphError, INSTAGRAM_ID, INSTAGRAM_LOGIN, PAGE, TOKEN } from "./orders.ts";

const PARENT_ID = "17984512367720000";
const MEDIA_ID = "18054321970886143";

const wanted = (more: Partial<ReadOrder> = {}): ReadOrder => ({
  commentId: COMMENT_ID,
  reads: [],
  profile: INSTAGRAM_LOGIN,
  token: TOKEN,
  ...more,
});

/** A Graph API with these objects by id. All other ids are unknown. */
const holding = (objects: Record<string, unknown>) =>
  graph((request) => {
    const id = new URL(request.url).pathname.split("/").at(-1) ?? "";
    return objects[id] === undefined ? graphError(100, 33) : Response.json(objects[id]);
  });

const COMMENT = { id: COMMENT_ID, text: "GUIDE please", hidden: false, parent_id: PARENT_ID, media: { id: MEDIA_ID } };
const PARENT = { id: PARENT_ID, text: "Do you ship?" };
const MEDIA = { id: MEDIA_ID, permalink: "https://www.instagram.com/reel/not-real/" };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a comment that is read before its reply", () => {
  it("is read in its current form, with one request", async () => {
    const seen = holding({ [COMMENT_ID]: COMMENT });
    expect(await exports.Sender.readComment(wanted())).toEqual({
      kind: "found",
      text: "GUIDE please",
      hidden: false,
      parentText: null,
      permalink: null,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toMatch(new RegExp(`^https://graph\\.instagram\\.com/v26\\.0/${COMMENT_ID}\\?fields=`));
    expect(seen[0]?.headers["authorization"]).toBe(`Bearer ${TOKEN}`);
  });

  it("returns only the values that the template needs", async () => {
    const seen = holding({ [COMMENT_ID]: COMMENT, [PARENT_ID]: PARENT, [MEDIA_ID]: MEDIA });
    expect(await exports.Sender.readComment(wanted({ reads: ["parent.text", "media.permalink"] }))).toMatchObject({
      parentText: "Do you ship?",
      permalink: "https://www.instagram.com/reel/not-real/",
    });
    expect(seen).toHaveLength(3);
    expect(await exports.Sender.readComment(wanted({ reads: ["parent.text"] }))).toMatchObject({
      parentText: "Do you ship?",
      permalink: null,
    });
    expect(seen).toHaveLength(5);
  });

  it("is found even if its parent and its post are not", async () => {
    holding({ [COMMENT_ID]: COMMENT });
    expect(await exports.Sender.readComment(wanted({ reads: ["parent.text", "media.permalink"] }))).toEqual({
      kind: "found",
      text: "GUIDE please",
      hidden: false,
      parentText: null,
      permalink: null,
    });
  });

  it("that is not a reply has no parent to read", async () => {
    const seen = holding({ [COMMENT_ID]: { id: COMMENT_ID, text: "GUIDE" } });
    const reading = await exports.Sender.readComment(wanted({ reads: ["parent.text", "media.permalink"] }));
    expect(reading).toMatchObject({ kind: "found", parentText: null, permalink: null });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["on Instagram", INSTAGRAM_LOGIN, { hidden: true }],
    ["on a Page", PAGE, { is_hidden: true }],
  ])("is reported as hidden %s", async (_, profile, flags) => {
    holding({ [COMMENT_ID]: { id: COMMENT_ID, ...flags } });
    expect(await exports.Sender.readComment(wanted({ profile }))).toMatchObject({ kind: "found", hidden: true });
  });

  /** An account with posts, and the comments of each; any other object is unknown to Meta, or not visible. */
  const account = (posts: object[] | null, comments: Record<string, object[] | null>) =>
    graph((request) => {
      const [id = "", edge] = new URL(request.url).pathname.split("/").slice(2);
      const data = edge === "comments" ? comments[id] : edge === "media" || edge === "feed" ? posts : null;
      return data == null ? graphError(100, 33) : Response.json({ data });
    });
  const POST = { id: MEDIA_ID, comments_count: 2 };
  const OTHER = { id: "17984512367720999", text: "nice" };

  it("is gone when Meta no longer knows it, while the same token reads other comments", async () => {
    const seen = account([{ id: "18054321970880000", comments_count: 0 }, POST], { [MEDIA_ID]: [OTHER] });
    expect(await exports.Sender.readComment(wanted())).toEqual({ kind: "gone" });
    expect(seen.map(({ url }) => new URL(url).pathname.split("/").slice(2).join("/"))).toEqual([
      COMMENT_ID,
      `${INSTAGRAM_ID}/media`,
      `${MEDIA_ID}/comments`,
    ]);
  });

  it("is gone on a Page, whose posts have no count of comments", async () => {
    account([{ id: "1_8" }], { "1_8": [{ id: "8_9", message: "nice" }] });
    expect(await exports.Sender.readComment(wanted({ profile: PAGE, commentId: "8_7" }))).toEqual({ kind: "gone" });
  });

  it.each<[string, object[] | null, Record<string, object[] | null>]>([
    ["no comments", [POST], { [MEDIA_ID]: null }],
    ["no comments of the one post that has some", [POST], { [MEDIA_ID]: [] }],
    ["only posts without comments", [{ ...POST, comments_count: 0 }], {}],
    ["nothing", null, {}],
  ])("is unknown, not gone, when the same token reads %s", async (_, posts, comments) => {
    account(posts, comments);
    expect(await exports.Sender.readComment(wanted())).toEqual({ kind: "unknown" });
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ["Meta throttles", () => graphError(4)],
    ["the token is invalid", () => graphError(190, 463, 401)],
    ["the connection breaks", () => Promise.reject(new Error("lost"))],
    ["the response is not Meta's", () => new Response("<html>", { status: 502 })],
    ["the response is not a comment", () => Response.json({ data: [] })],
  ])("is unknown, not gone, when %s", async (_, respond) => {
    graph(respond);
    expect(await exports.Sender.readComment(wanted())).toEqual({ kind: "unknown" });
  });

  it("is unknown when the response never arrives", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const client = createGraphClient({
      instagramUrl: env.INSTAGRAM_GRAPH_URL,
      facebookUrl: env.FACEBOOK_GRAPH_URL,
      version: env.GRAPH_API_VERSION,
      fetch: () => new Promise<never>(() => undefined),
      timeoutMs: 2_000,
    });
    const reading = readCommentForReply(client, wanted());
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await reading).toEqual({ kind: "unknown" });
  });
});
