import { expect, test } from "vitest";
import { COMMENTER, PAGE, peopledWorld, STUDIO, writeComment, writeMessage, type PeopledWorld } from "./world.ts";
import type { World } from "./world.ts";

async function withComments(): Promise<PeopledWorld> {
  const world = await peopledWorld();
  for (const id of ["1", "2", "3"]) writeComment(world, id, { from: { id: `p${id}`, username: "x" } });
  await world.advance(0);
  world.posts.length = 0;
  return world;
}

const reply = (world: PeopledWorld, commentId: string) =>
  world.graph("POST", `/v26.0/${STUDIO}/messages`, {
    token: world.studioToken,
    body: { recipient: { comment_id: commentId }, message: { text: "hi" } },
  });

const sentTo = (world: World): (string | null)[] =>
  [...world.simulator.graph.sent.values()].map(({ commentId }) => commentId);

test("an error on demand comes as often as it was ordered, and nothing is sent", async () => {
  const world = await withComments();
  await world.control("POST", "/faults", {
    on: "private_reply",
    times: 1,
    does: { kind: "error", code: 613, subcode: 2534040 },
  });
  expect((await reply(world, "1")).body.error).toMatchObject({ code: 613, error_subcode: 2534040 });
  expect(sentTo(world)).toEqual([]);
  expect((await reply(world, "1")).status).toBe(200);
});

test("an error on demand speaks Meta's words where they are known", async () => {
  const world = await withComments();
  const errorFor = async (code: number, subcode?: number): Promise<string | undefined> => {
    await world.control("POST", "/faults", { on: "private_reply", times: 1, does: { kind: "error", code, subcode } });
    return (await reply(world, "1")).body.error?.message;
  };
  expect(await errorFor(613, 2534040)).toBe("Calls to this api have exceeded the rate limit.");
  expect(await errorFor(551, 1545041)).toBe("This person isn't available right now.");
  expect(await errorFor(100)).toBe("Simulated error 100");
  expect(await errorFor(4711, 1)).toBe("Simulated error 4711/1");
});

test("an error after the effect: the message is sent and echoed, although the response is an error", async () => {
  const world = await withComments();
  await world.control("POST", "/faults", {
    on: "private_reply",
    times: 1,
    does: { kind: "error", code: 1, subcode: 1357046, after: true },
  });
  expect((await reply(world, "1")).body.error).toMatchObject({ code: 1, error_subcode: 1357046, is_transient: true });
  expect(sentTo(world)).toEqual(["1"]);
  await world.advance(1000);
  expect(world.posts.filter(({ body }) => body.includes("is_echo"))).toHaveLength(1);
  const { items } = await world.control<{ items: object[] }>("GET", "/calls");
  expect(items.at(-1)).toMatchObject({
    operation: "private_reply",
    status: 400,
    code: "1/1357046",
    mid: expect.any(String),
    fault: "fault-1",
  });
});

test("a timeout after the effect ends with a 504, and its echo comes before that", async () => {
  const world = await withComments();
  await world.control("POST", "/faults", {
    on: "private_reply",
    does: { kind: "timeout", holdMs: 30_000, after: true },
  });
  const before = world.now();
  expect((await reply(world, "1")).status).toBe(504);
  expect(world.now() - before).toBe(30_000);
  const echo = [...world.simulator.deliveries.values()].at(-1);
  expect(echo).toMatchObject({ label: "echo", createdAt: before });
});

test("the app's own calls meet faults and outages as well", async () => {
  const world = await withComments();
  const app = `${world.simulator.config.appId}|other_secret_not_real`;
  const ask = () =>
    world.graph("GET", `/v26.0/${world.simulator.config.appId}/subscriptions?access_token=${encodeURIComponent(app)}`);
  await world.control("POST", "/faults", { on: "subscriptions", times: 1, does: { kind: "error", code: 4 } });
  expect((await ask()).body.error?.code).toBe(4);
  expect((await ask()).status).toBe(200);
  await world.control("PUT", "/outage", { seconds: 60 });
  expect((await ask()).body.error?.code).toBe(2);
});

test("a fault hits the calls it is meant for, and no others", async () => {
  const world = await withComments();
  await world.control("POST", "/faults", { on: "private_reply", commentId: "2", does: { kind: "error", code: 2 } });
  expect((await reply(world, "1")).status).toBe(200);
  expect((await reply(world, "2")).status).toBe(500);
  expect((await world.graph("GET", "/v26.0/2", { token: world.studioToken })).status).toBe(200);
  await world.control("DELETE", "/faults");
  expect((await reply(world, "2")).status).toBe(200);
});

test("of many calls, a share is hit", async () => {
  const world = await withComments();
  await world.control("POST", "/faults", { on: "comment", share: 0.5, does: { kind: "error", code: 2 } });
  let hit = 0;
  for (let call = 0; call < 200; call += 1) {
    if ((await world.graph("GET", "/v26.0/1", { token: world.studioToken })).status === 500) hit += 1;
  }
  expect(hit).toBeGreaterThan(60);
  expect(hit).toBeLessThan(140);
});

test("a fault that makes no sense is refused, and the problem named", async () => {
  const world = await withComments();
  await expect(world.control("POST", "/faults", { on: "teapot", does: { kind: "delay", ms: 1 } })).rejects.toThrow(
    "on must be one of any",
  );
  await expect(world.control("POST", "/faults", { on: "any", does: { kind: "error" } })).rejects.toThrow(
    "code must be a number",
  );
});

test("during an outage the Graph API returns error 2 and no notification is sent; afterwards all of them are", async () => {
  const world = await withComments();
  await world.control("PUT", "/outage", { seconds: 7200 });
  expect((await reply(world, "1")).body.error).toMatchObject({ code: 2, is_transient: true });
  writeComment(world, "4");
  await world.advance(7199_000);
  expect(world.posts).toEqual([]);
  await world.advance(1000);
  expect(world.posts).toHaveLength(1);
  expect((await reply(world, "1")).status).toBe(200);
});

test("an outage that is ended sooner holds nothing back any longer", async () => {
  const world = await withComments();
  await world.control("PUT", "/outage", { seconds: 7200 });
  writeComment(world, "4");
  await world.advance(60_000);
  expect(world.posts).toEqual([]);
  await world.control("PUT", "/outage", { seconds: 0 });
  await world.advance(0);
  expect(world.posts).toHaveLength(1);
});

test("an echo has the message id of the response, with sender and recipient swapped", async () => {
  const world = await withComments();
  const { body } = await reply(world, "1");
  await world.advance(1000);
  const echo = world.posts.map((post) => JSON.parse(post.body) as { entry: { messaging: object[] }[] })[0];
  expect(echo?.entry[0]?.messaging[0]).toMatchObject({
    sender: { id: STUDIO },
    recipient: { id: "p1" },
    message: { mid: body["message_id"], is_echo: true, text: "hi" },
  });
});

test("a Page's echo carries the app's id as a number, and the metadata that was sent", async () => {
  const world = await peopledWorld();
  writeMessage(world, COMMENTER.id, "page");
  await world.advance(0);
  world.posts.length = 0;
  const body = { recipient: { id: COMMENTER.id }, message: { text: "hi", metadata: "run:1" } };
  await world.graph("POST", `/v26.0/${PAGE}/messages`, { token: world.pageToken, body });
  await world.advance(1000);
  expect(world.posts[0]?.body).toContain('"app_id":1184729305561827,"metadata":"run:1"');
});

test("echoes can be lost, or late", async () => {
  const world = await withComments();
  await world.control("PUT", "/settings", { echoes: { mode: "lost" } });
  await reply(world, "1");
  await world.advance(10_000);
  expect(world.posts).toEqual([]);
  await world.control("PUT", "/settings", { echoes: { mode: "sent", delayMs: 60_000 } });
  await reply(world, "2");
  await world.advance(59_999);
  expect(world.posts).toEqual([]);
  await world.advance(1);
  expect(world.posts).toHaveLength(1);
});

test("the log of calls holds neither tokens nor texts", async () => {
  const world = await withComments();
  await reply(world, "1");
  const { items } = await world.control<{ items: object[] }>("GET", "/calls");
  const log = JSON.stringify(items);
  expect(log).not.toContain(world.studioToken);
  expect(log).not.toContain('"hi"');
});
