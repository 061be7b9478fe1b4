import { describe, expect, test } from "vitest";
import { issueToken } from "../../../src/simulator/graph/access-token.ts";
import { PAGE, peopledWorld, STUDIO, writeComment } from "../world.ts";

const DAY_S = 24 * 3600;
const SECRET = "test_app_secret_not_real";
const INSTAGRAM_APP = "1184729305561828";
const APP = "1184729305561827";
const REDIRECT = "https://receiver.test/connect/instagram/callback";

test("me tells the app-scoped id from the id in webhooks", async () => {
  const world = await peopledWorld();
  const { body } = await world.graph("GET", "/v26.0/me?fields=user_id,username", { token: world.studioToken });
  expect(body).toEqual({ id: expect.not.stringMatching(STUDIO), user_id: STUDIO, username: "northlight.studio" });
});

test("a missing token, an unknown token and another account's token give different errors", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  expect((await world.graph("GET", "/v26.0/me")).body.error?.code).toBe(104);
  expect((await world.graph("GET", "/v26.0/me", { token: "made-up" })).body.error).toMatchObject({ code: 190 });
  expect((await world.graph("GET", "/v26.0/1", { token: world.pageToken })).body.error).toMatchObject({
    code: 100,
    error_subcode: 33,
  });
});

test("a token dies with the subcode that says why, and a new one works", async () => {
  const world = await peopledWorld();
  expect(await world.control("DELETE", `/tokens/${STUDIO}`, { subcode: 460 })).toEqual({ killed: 1 });
  expect((await world.graph("GET", "/v26.0/me", { token: world.studioToken })).body.error).toMatchObject({
    code: 190,
    error_subcode: 460,
  });
  expect((await world.graph("GET", "/v26.0/me", { token: await world.token(STUDIO) })).status).toBe(200);
});

test("a missing permission is named", async () => {
  const world = await peopledWorld();
  writeComment(world, "1");
  const token = world.simulator.graph.tokens.get(world.studioToken);
  if (token !== undefined)
    world.simulator.graph.tokens.put(token.value, { ...token, scopes: ["instagram_business_basic"] });
  const body = { recipient: { comment_id: "1" }, message: { text: "x" } };
  const { body: answer } = await world.graph("POST", "/v26.0/me/messages", { token: world.studioToken, body });
  expect(answer.error).toMatchObject({
    code: 10,
    message: expect.stringContaining("instagram_business_manage_comments"),
  });
});

describe("Business Login for Instagram", () => {
  const authorize = `/oauth/authorize?client_id=${INSTAGRAM_APP}&redirect_uri=${encodeURIComponent(REDIRECT)}&response_type=code&scope=instagram_business_basic&state=abc`;

  async function withCode() {
    const world = await peopledWorld();
    const answer = await world.graph("GET", `${authorize}&choose=${STUDIO}`);
    const location = new URL(answer.headers.get("location") ?? "");
    return { world, location, code: location.searchParams.get("code") ?? "" };
  }

  const exchange = (code: string, rest: Record<string, string> = {}) => ({
    form: {
      client_id: INSTAGRAM_APP,
      client_secret: SECRET,
      grant_type: "authorization_code",
      redirect_uri: REDIRECT,
      code,
      ...rest,
    },
  });

  test("the page offers the accounts, and sends back a code with the state", async () => {
    const { world, location, code } = await withCode();
    expect((await world.graph("GET", authorize)).body["text"]).toContain("Allow as northlight.studio");
    expect(location.origin + location.pathname).toBe(REDIRECT);
    expect(location.searchParams.get("state")).toBe("abc");
    expect(location.hash).toBe("#_");
    expect(code).not.toBe("");
  });

  test("cancelling comes back as access_denied", async () => {
    const { world } = await withCode();
    const { headers } = await world.graph("GET", `${authorize}&choose=cancel`);
    expect(new URL(headers.get("location") ?? "").searchParams.get("error")).toBe("access_denied");
  });

  test("a code becomes a token once; used again, or with another address or secret, it is refused", async () => {
    const { world, code } = await withCode();
    expect((await world.graph("POST", "/oauth/access_token", exchange(code, { client_secret: "no" }))).status).toBe(
      400,
    );
    const { body } = await world.graph("POST", "/oauth/access_token", exchange(code));
    expect(body["data"]).toEqual([
      expect.objectContaining({ user_id: STUDIO, permissions: "instagram_business_basic" }),
    ]);
    expect((await world.graph("POST", "/oauth/access_token", exchange(code))).body).toMatchObject({
      error_type: "OAuthException",
      code: 400,
    });
    const other = await withCode();
    expect(
      (
        await other.world.graph(
          "POST",
          "/oauth/access_token",
          exchange(other.code, { redirect_uri: "https://x.test/" }),
        )
      ).status,
    ).toBe(400);
  });

  test("a code is good for an hour", async () => {
    const { world, code } = await withCode();
    await world.advance(3600 * 1000);
    expect((await world.graph("POST", "/oauth/access_token", exchange(code))).status).toBe(400);
  });

  test("a short-lived token lives an hour; exchanged, sixty days; refreshed after a day, sixty more", async () => {
    const { world, code } = await withCode();
    const short = (await world.graph("POST", "/oauth/access_token", exchange(code))).body["data"] as {
      access_token: string;
    }[];
    const token = short[0]?.access_token ?? "";
    const long = await world.graph(
      "GET",
      `/access_token?grant_type=ig_exchange_token&client_secret=${SECRET}&access_token=${token}`,
    );
    expect(long.body).toMatchObject({ token_type: "bearer", expires_in: 60 * DAY_S });
    const value = String(long.body["access_token"]);
    const refresh = () => world.graph("GET", `/refresh_access_token?grant_type=ig_refresh_token&access_token=${value}`);
    expect((await refresh()).status).toBe(400);
    await world.control("POST", "/clock", { advanceSeconds: DAY_S });
    expect((await world.graph("GET", "/v26.0/me", { token })).body.error).toMatchObject({
      code: 190,
      error_subcode: 463,
    });
    expect((await refresh()).body).toMatchObject({ expires_in: 60 * DAY_S });
    await world.control("POST", "/clock", { advanceSeconds: 60 * DAY_S });
    expect((await world.graph("GET", "/v26.0/me", { token: value })).body.error).toMatchObject({
      code: 190,
      error_subcode: 463,
    });
    expect((await refresh()).status).toBe(400);
  });

  test("nothing is offered for another app's id or no address", async () => {
    const world = await peopledWorld();
    expect((await world.graph("GET", authorize.replace(INSTAGRAM_APP, "1"))).status).toBe(400);
    expect((await world.graph("GET", `/oauth/authorize?client_id=${INSTAGRAM_APP}`)).status).toBe(400);
  });
});

test.each(["GET", "POST"])("Facebook Login gives (%s) a user token, and Page tokens without an end", async (method) => {
  const world = await peopledWorld();
  const query = `client_id=${APP}&redirect_uri=${encodeURIComponent(REDIRECT)}`;
  const { headers } = await world.graph("GET", `/v26.0/dialog/oauth?${query}&state=s&choose=facebook-user`);
  const code = new URL(headers.get("location") ?? "").searchParams.get("code") ?? "";
  const short = await world.graph(
    method,
    `/v26.0/oauth/access_token?${query}&client_secret=other_secret_not_real&code=${code}`,
  );
  const exchange = `grant_type=fb_exchange_token&client_id=${APP}&client_secret=other_secret_not_real&fb_exchange_token=${String(short.body["access_token"])}`;
  const long = await world.graph(method, `/v26.0/oauth/access_token?${exchange}`);
  expect(long.body["expires_in"]).toBe(60 * DAY_S);
  const pages = await world.graph("GET", "/v26.0/me/accounts", { token: String(long.body["access_token"]) });
  const [page] = pages.body["data"] as { id: string; access_token: string }[];
  expect(page?.id).toBe(PAGE);
  await world.control("POST", "/clock", { advanceSeconds: 400 * DAY_S });
  expect((await world.graph("GET", "/v26.0/me", { token: page?.access_token ?? "" })).body).toMatchObject({ id: PAGE });
});

describe("a token that is dead does not come back to life", () => {
  const asked: Record<string, (token: string) => [method: string, path: string]> = {
    "as a long-lived one": (token) => [
      "GET",
      `/access_token?grant_type=ig_exchange_token&client_secret=${SECRET}&access_token=${token}`,
    ],
    refreshed: (token) => ["GET", `/refresh_access_token?grant_type=ig_refresh_token&access_token=${token}`],
  };
  for (const [name, path] of Object.entries(asked)) {
    test(name, async () => {
      const world = await peopledWorld();
      await world.control("POST", "/clock", { advanceSeconds: 2 * DAY_S });
      const error = async () => (await world.graph(...path(world.studioToken))).body.error;
      await world.control("DELETE", `/tokens/${STUDIO}`, { subcode: 460 });
      expect(await error()).toMatchObject({ code: 190, error_subcode: 460 });
      const short = await world.control<{ accessToken: string }>("POST", "/tokens", {
        accountId: STUDIO,
        expiresInSeconds: 1,
      });
      await world.control("POST", "/clock", { advanceSeconds: 2 });
      expect((await world.graph(...path(short.accessToken))).body.error).toMatchObject({
        code: 190,
        error_subcode: 463,
      });
      expect((await world.graph(...path("made-up"))).body.error?.code).toBe(190);
    });
  }

  test("and one without the basic permission does not get longer", async () => {
    const world = await peopledWorld();
    const token = await world.token(STUDIO);
    const known = world.simulator.graph.tokens.get(token);
    if (known !== undefined) world.simulator.graph.tokens.put(token, { ...known, scopes: ["something_else"] });
    await world.control("POST", "/clock", { advanceSeconds: 2 * DAY_S });
    for (const path of Object.values(asked)) {
      expect((await world.graph(...path(token))).body.error).toMatchObject({ code: 10 });
    }
  });

  test("at Facebook, where only a user's token is exchanged", async () => {
    const world = await peopledWorld();
    const exchange = (token: string) =>
      world.graph(
        "GET",
        `/v26.0/oauth/access_token?grant_type=fb_exchange_token&client_id=${APP}&client_secret=other_secret_not_real&fb_exchange_token=${token}`,
      );
    expect((await exchange(world.pageToken)).body.error?.code).toBe(190);
    const grant = { kind: "user", ownerId: "facebook-user", livesMs: 1000 } as const;
    const user = issueToken(world.simulator.graph, grant, world.now(), world.simulator.host.random);
    expect((await exchange(user.value)).status).toBe(200);
    await world.advance(1000);
    expect((await exchange(user.value)).body.error).toMatchObject({ code: 190, error_subcode: 463 });
  });
});

test("debug_token describes any token to the app, and to no one else", async () => {
  const world = await peopledWorld();
  const ask = (token: string) =>
    world.graph("GET", `/v26.0/debug_token?input_token=${world.studioToken}&access_token=${encodeURIComponent(token)}`);
  expect((await ask(world.studioToken)).status).toBe(400);
  const { body } = await ask(`${APP}|${SECRET}`);
  expect(body["data"]).toMatchObject({
    is_valid: true,
    user_id: STUDIO,
    scopes: expect.arrayContaining(["instagram_business_basic"]),
  });
});
