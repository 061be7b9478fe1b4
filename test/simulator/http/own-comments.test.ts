/** Each public reply comes back as a comment, in each form in which Meta may name its author. */
import { describe, expect, test } from "vitest";
import { OWN_COMMENT_FORMS, type OwnCommentForm } from "../../../src/simulator/notifications/own-comment.ts";
import { PAGE, peopledWorld, REEL, STUDIO, writeComment, type PeopledWorld } from "../world.ts";

/** Replies publicly to a new comment, and returns the author part of the notification that comes back. */
async function announced(world: PeopledWorld, accountId: string): Promise<Record<string, unknown>> {
  const page = accountId === PAGE;
  const commentId = page ? "1109_444" : "17990000000000001";
  if (page)
    await world.control("PUT", `/comments/${commentId}`, { accountId, mediaId: `${PAGE}_1109`, text: "guide?" });
  else writeComment(world, commentId);
  const { status } = await world.graph("POST", `/v26.0/${commentId}/${page ? "comments" : "replies"}`, {
    token: page ? world.pageToken : world.studioToken,
    form: { message: "Sent you the GUIDE" },
  });
  expect(status).toBe(200);
  await world.advance(1000);
  const body = JSON.parse(world.posts.at(-1)?.body ?? "") as {
    entry: { id: string; changes: { value: Record<string, unknown> }[] }[];
  };
  const { text, message, from, sender_id, sender_name } = body.entry[0]?.changes[0]?.value ?? {};
  expect([body.entry[0]?.id, text ?? message]).toEqual([accountId, "Sent you the GUIDE"]);
  return Object.fromEntries(
    Object.entries({ from, sender_id, sender_name }).filter(([, value]) => value !== undefined),
  );
}

const accountOf = (world: PeopledWorld, id: string) => {
  const account = world.simulator.graph.accounts.get(id);
  if (account === undefined) throw new Error("the account is missing");
  return account;
};

/** An id that is none of the account's. */
function expectUnknownId(world: PeopledWorld, accountId: string, from: unknown): void {
  const { id } = from as { id: string };
  const { appScopedId, selfScopedId } = accountOf(world, accountId);
  expect(id).toMatch(/^\d+$/);
  expect([accountId, appScopedId, selfScopedId]).not.toContain(id);
}

describe("on Instagram", () => {
  const username = "northlight.studio";

  test.each<[OwnCommentForm, (world: PeopledWorld) => object]>([
    [
      "usual",
      (world) => ({ from: { id: STUDIO, username, self_ig_scoped_id: accountOf(world, STUDIO).selfScopedId } }),
    ],
    ["username-only", () => ({ from: { username } })],
    ["app-scoped-id", (world) => ({ from: { id: accountOf(world, STUDIO).appScopedId, username } })],
    ["without-from", () => ({})],
  ])("%s", async (ownComments, expected) => {
    const world = await peopledWorld();
    await world.control("PUT", "/settings", { ownComments });
    expect(await announced(world, STUDIO)).toEqual(expected(world));
  });

  test("other-id: an id that nothing else names, with the account's username", async () => {
    const world = await peopledWorld();
    await world.control("PUT", "/settings", { ownComments: "other-id" });
    const { from } = await announced(world, STUDIO);
    expect(from).toEqual({ id: expect.any(String), username });
    expectUnknownId(world, STUDIO, from);
  });
});

describe("on a Page", () => {
  const name = "A simulated account";

  test.each<[OwnCommentForm, object]>([
    ["usual", { from: { id: PAGE, name } }],
    ["username-only", { from: { name } }],
    ["app-scoped-id", { from: { id: PAGE, name } }],
    ["without-from", {}],
    ["sender-id", { sender_id: PAGE, sender_name: name }],
  ])("%s", async (ownComments, expected) => {
    const world = await peopledWorld();
    await world.control("PUT", "/settings", { ownComments });
    expect(await announced(world, PAGE)).toEqual(expected);
  });

  test("other-id", async () => {
    const world = await peopledWorld();
    await world.control("PUT", "/settings", { ownComments: "other-id" });
    expectUnknownId(world, PAGE, (await announced(world, PAGE))["from"]);
  });
});

test("an account's own form wins over the setting", async () => {
  const world = await peopledWorld();
  await world.control("PUT", `/accounts/${STUDIO}`, { ownComments: "username-only" });
  await world.control("PUT", "/settings", { ownComments: "without-from" });
  expect(await announced(world, STUDIO)).toEqual({ from: { username: "northlight.studio" } });
  expect(await announced(world, PAGE)).toEqual({});
});

test("in-turn: each public reply in the next form", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { ownComments: "in-turn" });
  const keys: string[] = [];
  while (keys.length < OWN_COMMENT_FORMS.length) {
    const { from, ...rest } = await announced(world, PAGE);
    keys.push([...Object.keys(from ?? {}), ...Object.keys(rest)].join());
  }
  expect(keys).toEqual(["id,name", "name", "id,name", "id,name", "", "sender_id,sender_name"]);
});

test.each(["username-only", "app-scoped-id"] as const)(
  "no private reply to an own comment, also as %s",
  async (form) => {
    const world = await peopledWorld();
    const { appScopedId, username } = accountOf(world, STUDIO);
    const from = form === "username-only" ? { username } : { id: appScopedId, username };
    const value = { id: "5", from, text: "guide", media: { id: REEL } };
    const body = { object: "instagram", entry: [{ id: STUDIO, time: 1, changes: [{ field: "comments", value }] }] };
    world.simulator.deliver(JSON.stringify(body), { once: true });
    const { body: answer } = await world.graph("POST", `/v26.0/${STUDIO}/messages`, {
      token: world.studioToken,
      body: { recipient: { comment_id: "5" }, message: { text: "Here it is" } },
    });
    expect(answer.error).toMatchObject({ code: 100, error_subcode: 2534025 });
  },
);
