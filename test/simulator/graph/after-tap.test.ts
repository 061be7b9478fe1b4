/** For some seconds after a tap, Meta refuses messages in a thread that a private reply opened. */
import { expect, test } from "vitest";
import { COMMENTER, peopledWorld, STUDIO, writeComment, type World, type PeopledWorld } from "../world.ts";

const send = (world: PeopledWorld, recipient: object) =>
  world.graph("POST", `/v26.0/${STUDIO}/messages`, {
    token: world.studioToken,
    body: { recipient, message: { text: "Here is the link" } },
  });

function tap(world: World, item: object): void {
  const messaging = [{ sender: { id: COMMENTER.id }, recipient: { id: STUDIO }, timestamp: 1, ...item }];
  const body = { object: "instagram", entry: [{ id: STUDIO, time: 1, messaging }] };
  world.simulator.deliver(JSON.stringify(body), { once: true });
}

const BUTTON = { postback: { mid: "m_1", title: "Send it", payload: "SEND" } };
const QUICK_REPLY = { message: { mid: "m_2", text: "Send it", quick_reply: { payload: "SEND" } } };
const TEXT = { message: { mid: "m_3", text: "Send it" } };

/** A world in which the person has a private reply and then did this. */
async function afterPrivateReply(rules: object, item: object): Promise<PeopledWorld> {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { rules });
  writeComment(world, "1");
  await send(world, { comment_id: "1" });
  tap(world, item);
  return world;
}

test.each([
  ["a button", BUTTON],
  ["a quick reply", QUICK_REPLY],
])("%s: 10/2534022 until the time is over", async (_what, item) => {
  const world = await afterPrivateReply({ afterTap: { ms: 20_000 } }, item);
  await world.advance(19_999);
  expect((await send(world, { id: COMMENTER.id })).body.error).toMatchObject({ code: 10, error_subcode: 2534022 });
  await world.advance(1);
  expect((await send(world, { id: COMMENTER.id })).status).toBe(200);
});

test("the error can be chosen: 230", async () => {
  const error = { code: 230, subcode: null };
  const world = await afterPrivateReply({ afterTap: { ms: 20_000, error } }, BUTTON);
  expect((await send(world, { id: COMMENTER.id })).body.error).toMatchObject({ code: 230 });
});

test("a written message is no tap, and without the setting nothing is refused", async () => {
  const written = await afterPrivateReply({ afterTap: { ms: 20_000 } }, TEXT);
  expect((await send(written, { id: COMMENTER.id })).status).toBe(200);
  const unset = await afterPrivateReply({}, BUTTON);
  expect((await send(unset, { id: COMMENTER.id })).status).toBe(200);
});

test("a thread that the person opened is not affected", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { rules: { afterTap: { ms: 20_000 } } });
  tap(world, BUTTON);
  expect((await send(world, { id: COMMENTER.id })).status).toBe(200);
});
