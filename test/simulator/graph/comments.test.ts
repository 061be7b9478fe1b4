import { expect, test } from "vitest";
import { COMMENTER, PAGE, peopledWorld, REEL, STUDIO, writeComment } from "../world.ts";

test("a public reply is under the comment, and causes a notification about the account's own comment", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  const { status, body } = await world.graph("POST", "/v26.0/1/replies", {
    token: world.studioToken,
    form: { message: "Sent!" },
  });
  expect(status).toBe(200);
  const id = body["id"] as string;
  expect(world.simulator.graph.comments.get(id)).toMatchObject({ parentId: "1", text: "Sent!", from: { id: STUDIO } });
  await world.advance(1000);
  const own = world.posts.map(({ body: text }) => text).find((text) => text.includes(id));
  expect(JSON.parse(own ?? "")).toMatchObject({
    object: "instagram",
    entry: [
      {
        id: STUDIO,
        changes: [{ field: "comments", value: { id, from: { id: STUDIO }, parent_id: "1", text: "Sent!" } }],
      },
    ],
  });
});

test("a reply to a reply is under the first comment", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  const first = await world.graph("POST", "/v26.0/1/replies", { token: world.studioToken, form: { message: "a" } });
  const second = await world.graph("POST", `/v26.0/${String(first.body["id"])}/replies`, {
    token: world.studioToken,
    form: { message: "b" },
  });
  expect(world.simulator.graph.comments.get(String(second.body["id"]))?.parentId).toBe("1");
});

test("with `fields`, the reply is created although the response is an error", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  const { status, body } = await world.graph("POST", "/v26.0/1/replies?fields=id", {
    token: world.studioToken,
    form: { message: "a" },
  });
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ code: 20, error_subcode: 1772107 });
  expect([...world.simulator.graph.sent.values()]).toHaveLength(1);
});

test("hidden comments and live comments take no public reply", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  writeComment(world, "2", { media: "777", live: true });
  await world.graph("POST", "/v26.0/1", { token: world.studioToken, form: { hide: "true" } });
  for (const id of ["1", "2"]) {
    const { status } = await world.graph("POST", `/v26.0/${id}/replies`, {
      token: world.studioToken,
      form: { message: "a" },
    });
    expect(status).toBe(400);
  }
});

test("a comment has the requested fields and its id", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  const fields = "text,hidden,from,username,timestamp,media,parent_id,replies{id,text}";
  const { body } = await world.graph("GET", `/v26.0/1?fields=${fields}`, { token: world.studioToken });
  expect(body).toEqual({
    id: "1",
    text: "guide please",
    hidden: false,
    from: COMMENTER,
    username: COMMENTER.username,
    timestamp: "2026-11-20T09:00:00+0000",
    media: { id: REEL, media_product_type: "REELS" },
  });
});

test("a field that a comment does not have is an error", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  const { body } = await world.graph("GET", "/v26.0/1?fields=color", { token: world.studioToken });
  expect(body.error).toMatchObject({ code: 100, message: expect.stringContaining("color") });
});

test("a deleted comment is gone: 100/33", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  await world.control("DELETE", "/comments/1");
  expect((await world.graph("GET", "/v26.0/1", { token: world.studioToken })).body.error).toMatchObject({
    code: 100,
    error_subcode: 33,
  });
});

test("a live comment is readable during the broadcast only", async () => {
  const world = await peopledWorld();
  writeComment(world, "2", { media: "777", live: true });
  expect((await world.graph("GET", "/v26.0/2", { token: world.studioToken })).status).toBe(200);
  await world.control("PUT", "/media/777", { live: false });
  expect((await world.graph("GET", "/v26.0/2", { token: world.studioToken })).status).toBe(400);
});

test("media and their comments are listed newest first, in pages", async () => {
  const world = await peopledWorld();
  for (let index = 1; index <= 5; index += 1) {
    writeComment(world, `c${index}`);
    await world.advance(1000);
  }
  const media = await world.graph("GET", `/v26.0/${STUDIO}/media?fields=id,comments_count,permalink`, {
    token: world.studioToken,
  });
  expect(media.body["data"]).toEqual([{ id: REEL, comments_count: 5, permalink: expect.stringContaining(REEL) }]);
  const pages: string[][] = [];
  let after = "";
  do {
    const { body } = await world.graph("GET", `/v26.0/${REEL}/comments?limit=2${after}`, { token: world.studioToken });
    pages.push((body["data"] as { id: string }[]).map(({ id }) => id));
    const { cursors, next } = body["paging"] as { cursors: { after: string }; next?: string };
    after = next === undefined ? "" : `&after=${cursors.after}`;
  } while (after !== "");
  expect(pages).toEqual([["c5", "c4"], ["c3", "c2"], ["c1"]]);
});

test("the next page has its own URL, which works unchanged", async () => {
  const world = await peopledWorld();
  for (let index = 1; index <= 3; index += 1) {
    writeComment(world, `c${index}`);
    await world.advance(1000);
  }
  const first = await world.graph("GET", `/v26.0/${REEL}/comments?limit=2`, { token: world.studioToken });
  const { next } = first.body["paging"] as { next: string };
  const { pathname, search } = new URL(next);
  const second = await world.graph("GET", `${pathname}${search}`);
  expect(second.body["data"]).toEqual([expect.objectContaining({ id: "c1" })]);
  expect(second.body["paging"]).not.toHaveProperty("next");
});

test("the feed creates and deletes a comment on a Page, and its replies are under `comments`", async () => {
  const world = await peopledWorld();
  const feed = (verb: string) => ({
    object: "page",
    entry: [
      {
        id: PAGE,
        time: 1,
        changes: [
          {
            field: "feed",
            value: {
              item: "comment",
              verb,
              comment_id: "9_1",
              post_id: `${PAGE}_9`,
              parent_id: `${PAGE}_9`,
              message: "Do you deliver?",
              from: { id: "3", name: "Ingrid" },
            },
          },
        ],
      },
    ],
  });
  world.simulator.deliver(JSON.stringify(feed("add")), { once: true });
  const read = await world.graph("GET", "/v26.0/9_1?fields=message,can_reply_privately", { token: world.pageToken });
  expect(read.body).toEqual({ id: "9_1", message: "Do you deliver?", can_reply_privately: true });
  expect(
    (await world.graph("POST", "/v26.0/9_1/comments", { token: world.pageToken, form: { message: "Yes" } })).status,
  ).toBe(200);
  const body = { recipient: { comment_id: "9_1" }, message: { text: "Yes" } };
  expect((await world.graph("POST", `/v26.0/${PAGE}/messages`, { token: world.pageToken, body })).status).toBe(200);
  expect(
    (await world.graph("GET", "/v26.0/9_1?fields=can_reply_privately", { token: world.pageToken })).body[
      "can_reply_privately"
    ],
  ).toBe(false);
  world.simulator.deliver(JSON.stringify(feed("remove")), { once: true });
  expect((await world.graph("GET", "/v26.0/9_1", { token: world.pageToken })).status).toBe(400);
});
