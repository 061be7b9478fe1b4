import { describe, expect, test } from "vitest";
import type { Token } from "../../../src/simulator/graph/graph-state.ts";
import { issueToken } from "../../../src/simulator/graph/access-token.ts";
import { COMMENTER, PAGE, peopledWorld, REEL, STUDIO, writeComment, writeMessage } from "../world.ts";
import type { World } from "../world.ts";

const LINKED = "17841400000000042";
const LINKED_PAGE = "104857392819999";

/** A token of any kind, with these permissions only. */
function tokenWith(world: World, kind: Token["kind"], ownerId: string, scopes: string[]): string {
  const grant = { kind, ownerId, scopes, livesMs: null };
  return issueToken(world.simulator.graph, grant, world.now(), world.simulator.host.random).value;
}

const ALL_PAGE_SCOPES = [
  "pages_show_list",
  "pages_read_engagement",
  "pages_manage_metadata",
  "pages_messaging",
  "pages_manage_engagement",
  "instagram_basic",
  "instagram_manage_comments",
  "instagram_manage_messages",
];

async function withEverything() {
  const world = await peopledWorld();
  writeComment(world, "1");
  writeMessage(world, COMMENTER.id);
  writeMessage(world, COMMENTER.id, "page");
  await world.control("PUT", `/accounts/${LINKED}`, {
    login: "facebook",
    pageId: LINKED_PAGE,
    username: "linked.account",
  });
  return world;
}

describe("every call needs its permission, and the error names it", () => {
  const calls: Record<string, [method: string, path: string, needs: string]> = {
    "the account": ["GET", `/v26.0/${STUDIO}`, "instagram_business_basic"],
    me: ["GET", "/v26.0/me", "instagram_business_basic"],
    "its media": ["GET", `/v26.0/${STUDIO}/media`, "instagram_business_basic"],
    "one of them": ["GET", `/v26.0/${REEL}`, "instagram_business_basic"],
    "comments of it": ["GET", `/v26.0/${REEL}/comments`, "instagram_business_manage_comments"],
    "a comment": ["GET", "/v26.0/1", "instagram_business_manage_comments"],
    "a person": ["GET", `/v26.0/${COMMENTER.id}`, "instagram_business_manage_messages"],
    "a thread": ["POST", `/v26.0/${STUDIO}/take_thread_control`, "instagram_business_manage_messages"],
  };
  for (const [name, [method, path, needs]] of Object.entries(calls)) {
    test(name, async () => {
      const world = await withEverything();
      const body = method === "POST" ? { recipient: { id: COMMENTER.id } } : undefined;
      const ask = (scopes: string[]) =>
        world.graph(method, path, { token: tokenWith(world, "instagram", STUDIO, scopes), body });
      expect((await ask(["something_else"])).body.error).toMatchObject({
        code: 10,
        message: expect.stringContaining(needs),
      });
      expect((await ask([needs])).status).toBe(200);
    });
  }

  test("a Page's posts", async () => {
    const world = await withEverything();
    const token = tokenWith(world, "page", PAGE, ["pages_messaging"]);
    expect((await world.graph("GET", `/v26.0/${PAGE}/feed`, { token })).body.error).toMatchObject({
      code: 10,
      message: expect.stringContaining("pages_read_engagement"),
    });
  });
});

describe("a Facebook user's token", () => {
  const asUser = async () => {
    const world = await withEverything();
    return { world, token: tokenWith(world, "user", "facebook-user", ALL_PAGE_SCOPES) };
  };

  test("sends nothing: the Send API wants a Page's", async () => {
    const { world, token } = await asUser();
    const body = { recipient: { id: COMMENTER.id }, message: { text: "x" } };
    for (const id of [PAGE, LINKED, "me"]) {
      const { status, body: answer } = await world.graph("POST", `/v26.0/${id}/messages`, { token, body });
      expect({ status, code: answer.error?.code }).toEqual({ status: 400, code: 190 });
    }
    expect(world.simulator.graph.sent.size).toBe(0);
  });

  test("neither subscribes a Page nor takes a thread", async () => {
    const { world, token } = await asUser();
    for (const edge of ["subscribed_apps?subscribed_fields=messages", "take_thread_control"]) {
      const { body } = await world.graph("POST", `/v26.0/${PAGE}/${edge}`, {
        token,
        body: { recipient: { id: COMMENTER.id } },
      });
      expect(body.error).toMatchObject({ code: 210 });
    }
  });

  test("does not touch comments", async () => {
    const { world, token } = await asUser();
    await world.control("PUT", "/comments/77", { accountId: PAGE, text: "guide" });
    expect((await world.graph("GET", "/v26.0/77", { token })).body.error).toMatchObject({ code: 210 });
    expect((await world.graph("DELETE", "/v26.0/77", { token })).body.error).toMatchObject({ code: 210 });
  });

  test("knows nothing of accounts of Instagram Login", async () => {
    const { world, token } = await asUser();
    for (const path of [STUDIO, `${STUDIO}/media`, "1"]) {
      expect((await world.graph("GET", `/v26.0/${path}`, { token })).body.error).toMatchObject({ code: 100 });
    }
  });

  test("lists Pages, with the permission to", async () => {
    const { world, token } = await asUser();
    expect((await world.graph("GET", "/v26.0/me/accounts", { token })).body["data"]).toHaveLength(2);
    const without = tokenWith(world, "user", "facebook-user", ["pages_messaging"]);
    expect((await world.graph("GET", "/v26.0/me/accounts", { token: without })).body.error).toMatchObject({
      code: 10,
      message: expect.stringContaining("pages_show_list"),
    });
    expect((await world.graph("GET", "/v26.0/me/accounts", { token: world.pageToken })).body.error?.code).toBe(100);
    expect((await world.graph("GET", "/v26.0/someone/accounts", { token })).body.error?.code).toBe(100);
  });
});

describe("a Page that is only known because an Instagram account is linked to it", () => {
  test("is itself, and names that account", async () => {
    const world = await withEverything();
    const token = await world.token(LINKED);
    const fields = "fields=id,name,instagram_business_account{id,username}";
    const page = {
      id: LINKED_PAGE,
      name: "A simulated account",
      instagram_business_account: { id: LINKED, username: "linked.account" },
    };
    for (const id of ["me", LINKED_PAGE]) {
      expect((await world.graph("GET", `/v26.0/${id}?${fields}`, { token })).body).toEqual(page);
    }
    expect((await world.graph("GET", `/v26.0/${LINKED}?fields=username`, { token })).body).toEqual({
      id: LINKED,
      username: "linked.account",
    });
    expect((await world.graph("GET", `/v26.0/${LINKED_PAGE}`, { token: world.pageToken })).body.error?.code).toBe(100);
  });

  test("as an account of its own names it as well, whichever was made first", async () => {
    const world = await withEverything();
    await world.control("PUT", `/accounts/${LINKED_PAGE}`, { platform: "page", name: "The Page" });
    const token = await world.token(LINKED_PAGE);
    expect((await world.graph("GET", "/v26.0/me?fields=name,instagram_business_account", { token })).body).toEqual({
      id: LINKED_PAGE,
      name: "The Page",
      instagram_business_account: { id: LINKED, username: "linked.account" },
    });
  });
});
