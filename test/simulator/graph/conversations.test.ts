/** What the reconciler reads: the Conversations API, through Replyline's own client. */
import { expect, test } from "vitest";
import { createGraphClient, type Caller } from "../../../src/meta/graph/client.ts";
import { handleRequest } from "../../../src/simulator/http/request-router.ts";
import { PAGE, peopledWorld, STUDIO, writeMessage, type PeopledWorld } from "../world.ts";

const PERSON = "7281934650182736";
const OTHER = "8392045761293847";

const clientOf = (world: PeopledWorld) =>
  createGraphClient({
    instagramUrl: "https://meta.test",
    facebookUrl: "https://meta.test",
    version: "v26.0",
    fetch: (url, init) => handleRequest(world.simulator, new Request(url, init)),
  });

const studio = (world: PeopledWorld): Caller => ({
  account: { id: STUDIO, platform: "instagram", login: "instagram", sendAs: null },
  token: world.studioToken,
});

async function read(world: PeopledWorld, caller: Caller, limit = 20, after: string | null = null) {
  const page = await clientOf(world).conversations(caller, limit, after);
  if (!page.ok) throw new Error(page.error.code);
  return page.value;
}

test("a message without a notification is in its conversation, and opens the window for an answer", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/messages/m_lost", { accountId: STUDIO, personId: PERSON, text: "hello" });
  expect(world.posts).toEqual([]);
  const body = { recipient: { id: PERSON }, message: { text: "Hello yourself" } };
  await world.advance(1_000);
  const sent = await world.graph("POST", "/v26.0/me/messages", { token: world.studioToken, body });
  expect(sent.status).toBe(200);
  const { conversations, after } = await read(world, studio(world));
  expect(after).toBeNull();
  expect(conversations).toMatchObject([
    {
      updatedAt: world.now(),
      messages: [
        { id: sent.body["message_id"], from: { id: STUDIO }, to: [{ id: PERSON }], text: "Hello yourself" },
        { id: "m_lost", createdAt: world.now() - 1_000, from: { id: PERSON }, to: [{ id: STUDIO }], text: "hello" },
      ],
    },
  ]);
});

test("a delivered message has the id of its notification, until it is unsent", async () => {
  const world = await peopledWorld();
  writeMessage(world, PERSON);
  const ids = async () => (await read(world, studio(world))).conversations.flatMap(({ messages }) => messages);
  expect(await ids()).toMatchObject([{ id: `m_${PERSON}` }]);
  const message = { mid: `m_${PERSON}`, is_deleted: true };
  const item = { sender: { id: PERSON }, recipient: { id: STUDIO }, timestamp: 2, message };
  const body = { object: "instagram", entry: [{ id: STUDIO, time: 2, messaging: [item] }] };
  world.simulator.deliver(JSON.stringify(body), { once: true });
  expect(await ids()).toEqual([]);
});

test("conversations come in pages, the last active first, ten messages each", async () => {
  const world = await peopledWorld();
  for (let count = 0; count < 12; count++) {
    await world.control("PUT", `/messages/m_${count}`, { accountId: STUDIO, personId: PERSON, text: `${count}` });
    await world.advance(1_000);
  }
  await world.control("PUT", "/messages/m_other", { accountId: STUDIO, personId: OTHER, text: "later" });
  const first = await read(world, studio(world), 1);
  expect(first.conversations).toMatchObject([{ messages: [{ id: "m_other" }] }]);
  const second = await read(world, studio(world), 1, first.after);
  expect(second.after).toBeNull();
  expect(second.conversations[0]?.messages.map(({ id }) => id)).toEqual(
    Array.from({ length: 10 }, (_, index) => `m_${11 - index}`),
  );
});

test("a Page has its own conversations, and only with the permission", async () => {
  const world = await peopledWorld();
  writeMessage(world, PERSON, "page");
  writeMessage(world, OTHER);
  const account = { id: PAGE, platform: "page", login: "facebook", sendAs: null } as const;
  const { conversations } = await read(world, { account, token: world.pageToken });
  expect(conversations.map(({ messages }) => messages[0]?.id)).toEqual([`m_${PERSON}`]);
  const token = world.simulator.graph.tokens.get(world.pageToken);
  if (token === undefined) throw new Error("the world has a Page token");
  world.simulator.graph.tokens.put(token.value, { ...token, scopes: [] });
  expect(await clientOf(world).conversations({ account, token: token.value }, 20, null)).toMatchObject({
    ok: false,
    error: { reason: "account", problem: "permission" },
  });
});
