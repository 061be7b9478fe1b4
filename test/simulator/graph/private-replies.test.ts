import { expect, test } from "vitest";
import { COMMENTER, peopledWorld, STUDIO, writeComment } from "../world.ts";
import type { World } from "../world.ts";

const DAY_MS = 24 * 3600 * 1000;

const reply = (world: World, token: string, commentId: string, text = "Here it is") =>
  world.graph("POST", `/v26.0/${STUDIO}/messages`, {
    token,
    body: { recipient: { comment_id: commentId }, message: { text } },
  });

test("a private reply is sent once, and the response has the person and the message", async () => {
  const world = await peopledWorld();
  writeComment(world, "17984512367720415");
  const { status, body } = await reply(world, world.studioToken, "17984512367720415");
  expect(status).toBe(200);
  expect(body).toEqual({ recipient_id: COMMENTER.id, message_id: expect.stringMatching(/^aWdfZAG1/) });
  expect([...world.simulator.graph.sent.values()]).toEqual([
    expect.objectContaining({
      kind: "private_reply",
      commentId: "17984512367720415",
      text: "Here it is",
      by: "receiver",
    }),
  ]);
});

test("a second private reply to the same comment is refused, and nothing more is sent", async () => {
  const world = await peopledWorld();
  writeComment(world, "17984512367720415");
  await reply(world, world.studioToken, "17984512367720415");
  const { status, body } = await reply(world, world.studioToken, "17984512367720415");
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ code: 100, error_subcode: 2534025 });
  expect(world.simulator.graph.sent.size).toBe(1);
});

test("the error for a second private reply can be chosen, because developers report different codes", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { rules: { secondPrivateReply: { code: 10900, subcode: null } } });
  writeComment(world, "1");
  await reply(world, world.studioToken, "1");
  expect((await reply(world, world.studioToken, "1")).body.error).toMatchObject({ code: 10900 });
});

test("an unknown comment takes no private reply, unless the setting allows it", async () => {
  const world = await peopledWorld();
  expect((await reply(world, world.studioToken, "99")).body.error).toMatchObject({ code: 100, error_subcode: 2534025 });
  await world.control("PUT", "/settings", { rules: { acceptUnknownComments: true } });
  expect((await reply(world, world.studioToken, "99")).status).toBe(200);
});

test("the window is open for seven days, to the millisecond", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  writeComment(world, "2");
  await world.control("POST", "/clock", { advanceSeconds: (7 * DAY_MS - 1) / 1000 });
  expect((await reply(world, world.studioToken, "1")).status).toBe(200);
  await world.control("POST", "/clock", { advanceSeconds: 0.001 });
  expect((await reply(world, world.studioToken, "2")).body.error).toMatchObject({ code: 10, error_subcode: 2534022 });
});

test("a live comment takes a private reply during the broadcast, and not after it", async () => {
  const world = await peopledWorld();
  writeComment(world, "1", { media: "777", live: true });
  writeComment(world, "2", { media: "777", live: true });
  expect((await reply(world, world.studioToken, "1")).status).toBe(200);
  await world.control("PUT", "/media/777", { live: false });
  expect((await reply(world, world.studioToken, "2")).status).toBe(400);
});

test("the account's own comment takes no private reply", async () => {
  const world = await peopledWorld();
  writeComment(world, "1", { from: { id: STUDIO, username: "northlight.studio" } });
  expect((await reply(world, world.studioToken, "1")).status).toBe(400);
});

test("750 in any hour are taken, the next is refused until the first is an hour old", async () => {
  const world = await peopledWorld();
  for (let index = 0; index < 752; index += 1)
    writeComment(world, `c${index}`, { from: { id: `p${index}`, username: "x" } });
  for (let index = 0; index < 750; index += 1) {
    expect((await reply(world, world.studioToken, `c${index}`)).status).toBe(200);
  }
  const refused = await reply(world, world.studioToken, "c750");
  expect(refused.body.error?.code).toBe(613);
  const usage = JSON.parse(refused.headers.get("x-business-use-case-usage") ?? "{}") as Record<string, object[]>;
  expect(usage[STUDIO]).toEqual([
    expect.objectContaining({ type: "instagram", call_count: 100, estimated_time_to_regain_access: 60 }),
  ]);
  await world.advance(3600 * 1000);
  expect((await reply(world, world.studioToken, "c750")).status).toBe(200);
});

test("a private reply opens no window for messages: the person must reply first", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  await reply(world, world.studioToken, "1");
  const body = { recipient: { id: COMMENTER.id }, message: { text: "And another thing" } };
  const second = await world.graph("POST", `/v26.0/${STUDIO}/messages`, { token: world.studioToken, body });
  expect(second.body.error).toMatchObject({ code: 10, error_subcode: 2534022 });
});

test("with Facebook Login, the Page's id and token reply to the Instagram account's comment", async () => {
  const world = await peopledWorld();
  const { accessToken } = await world.control<{ accessToken: string }>("PUT", `/accounts/${STUDIO}`, {
    login: "facebook",
    pageId: "555",
  });
  writeComment(world, "1");
  const body = { recipient: { comment_id: "1" }, message: { text: "hi" } };
  expect((await world.graph("POST", "/v26.0/555/messages", { token: accessToken, body })).status).toBe(200);
});
