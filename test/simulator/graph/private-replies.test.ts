import { expect, test } from "vitest";
import { COMMENTER, PAGE, peopledWorld, STUDIO, writeComment } from "../world.ts";
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

test("Instagram refuses a second private reply with 2534023, in turn with code 100 and code -1, and sends nothing", async () => {
  const world = await peopledWorld();
  writeComment(world, "17984512367720415");
  await reply(world, world.studioToken, "17984512367720415");
  const refusals = [];
  for (let time = 0; time < 3; time++) {
    const { status, body } = await reply(world, world.studioToken, "17984512367720415");
    refusals.push([status, body.error?.code, body.error?.error_subcode]);
  }
  expect(refusals).toEqual([
    [400, 100, 2534023],
    [500, -1, 2534023],
    [400, 100, 2534023],
  ]);
  expect(world.simulator.graph.sent.size).toBe(1);
});

test("a Page refuses a second private reply with 10900", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/comments/1_2", { accountId: PAGE, text: "guide?", answered: true });
  const { status, body } = await world.graph("POST", `/v26.0/${PAGE}/messages`, {
    token: world.pageToken,
    body: { recipient: { comment_id: "1_2" }, message: { text: "Here it is" } },
  });
  expect([status, body.error?.code, body.error?.error_subcode]).toEqual([400, 10900, undefined]);
});

test("2/1545133 uses up the comment's private reply, although nothing is sent", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  writeComment(world, "2");
  await world.control("POST", "/faults", {
    on: "private_reply",
    times: 1,
    does: { kind: "error", code: 2, subcode: 1545133 },
  });
  expect((await reply(world, world.studioToken, "1")).body.error).toMatchObject({ code: 2, error_subcode: 1545133 });
  expect((await reply(world, world.studioToken, "1")).body.error).toMatchObject({ code: 100, error_subcode: 2534025 });
  expect((await reply(world, world.studioToken, "2")).status).toBe(200);
  expect(world.simulator.graph.sent.size).toBe(1);
});

test("2/1545133 after the reply was sent: the comment has a reply, and says so", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  const does = { kind: "error", code: 2, subcode: 1545133, after: true };
  await world.control("POST", "/faults", { on: "private_reply", times: 1, does });
  expect((await reply(world, world.studioToken, "1")).body.error).toMatchObject({ error_subcode: 1545133 });
  expect((await reply(world, world.studioToken, "1")).body.error).toMatchObject({ error_subcode: 2534023 });
});

test("another error of the same kind uses nothing up", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  await world.control("POST", "/faults", { on: "private_reply", times: 1, does: { kind: "error", code: 2 } });
  await reply(world, world.studioToken, "1");
  expect((await reply(world, world.studioToken, "1")).status).toBe(200);
});

test("a link that a setting names is refused, in a text and in a button, and the same text without it is not", async () => {
  const world = await peopledWorld();
  for (const id of ["1", "2", "3"]) writeComment(world, id);
  await world.control("PUT", "/settings", { rules: { refusedLinks: ["bad.example/offer"] } });
  const refused = await reply(world, world.studioToken, "1", "Look: https://bad.example/offer?x=1");
  expect(refused.body.error).toMatchObject({ code: 508, error_subcode: 2534122, is_transient: true });
  const buttons = [{ type: "web_url", title: "Open", url: "https://bad.example/offer" }];
  const template = await world.graph("POST", `/v26.0/${STUDIO}/messages`, {
    token: world.studioToken,
    body: {
      recipient: { comment_id: "2" },
      message: {
        attachment: { type: "template", payload: { template_type: "button", text: "Pick one", buttons } },
      },
    },
  });
  expect(template.body.error).toMatchObject({ code: 508, error_subcode: 2534122 });
  expect((await reply(world, world.studioToken, "3", "Look: https://good.example/offer")).status).toBe(200);
});

test("with the setting, a private reply just after the account's public reply gets 2534023, and lands later", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { rules: { publicReplyBlocksMs: 1500 } });
  writeComment(world, "1");
  await world.graph("POST", "/v26.0/1/replies", { token: world.studioToken, form: { message: "Sent!" } });
  expect((await reply(world, world.studioToken, "1")).body.error).toMatchObject({ error_subcode: 2534023 });
  await world.advance(1500);
  expect((await reply(world, world.studioToken, "1")).status).toBe(200);
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
