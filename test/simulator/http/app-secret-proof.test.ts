import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { PAGE, peopledWorld, STUDIO } from "../world.ts";

const MISSING = { code: 100, message: "API calls from the server require an appsecret_proof argument" };
const INVALID = { code: 100, message: "Invalid appsecret_proof provided in the API argument" };

const INSTAGRAM_SECRET = "test_app_secret_not_real";
const META_SECRET = "other_secret_not_real";

const proofOf = (token: string, secret: string): string => createHmac("sha256", secret).update(token).digest("hex");

async function demandingWorld() {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { rules: { requireAppSecret: true } });
  return world;
}

test("with Require App Secret, a call without a proof is refused, and nothing is sent", async () => {
  const world = await demandingWorld();
  await world.control("PUT", "/comments/1", { accountId: STUDIO });
  const { status, body } = await world.graph("POST", `/v26.0/${STUDIO}/messages`, {
    token: world.studioToken,
    body: { recipient: { comment_id: "1" }, message: { text: "Here it is" } },
  });
  expect(status).toBe(400);
  expect(body.error).toEqual({ ...MISSING, type: "GraphMethodException", fbtrace_id: expect.any(String) });
  expect(world.simulator.graph.sent.size).toBe(0);
});

test.each([
  ["Instagram Login takes the Instagram app secret", STUDIO, INSTAGRAM_SECRET],
  ["a Page takes the Meta app secret", PAGE, META_SECRET],
])("%s", async (_what, id, secret) => {
  const world = await demandingWorld();
  const token = id === STUDIO ? world.studioToken : world.pageToken;
  const other = secret === META_SECRET ? INSTAGRAM_SECRET : META_SECRET;
  const right = await world.graph("GET", `/v26.0/me?appsecret_proof=${proofOf(token, secret)}`, { token });
  expect([right.status, right.body["id"] !== undefined]).toEqual([200, true]);
  const wrong = await world.graph("GET", `/v26.0/me?appsecret_proof=${proofOf(token, other)}`, { token });
  expect(wrong.body.error).toMatchObject(INVALID);
});

test("a proof in the body counts, and a wrong one is refused although none is demanded", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/comments/1", { accountId: STUDIO });
  const send = (proof: string) =>
    world.graph("POST", `/v26.0/${STUDIO}/messages`, {
      token: world.studioToken,
      body: { recipient: { comment_id: "1" }, message: { text: "Here it is" }, appsecret_proof: proof },
    });
  const ofAnotherToken = proofOf("another token", INSTAGRAM_SECRET);
  expect((await send(ofAnotherToken)).body.error).toMatchObject(INVALID);
  expect((await send(proofOf(world.studioToken, INSTAGRAM_SECRET))).status).toBe(200);
});

test("a dead token is a dead token, with or without a proof", async () => {
  const world = await demandingWorld();
  const { status, body } = await world.graph("GET", "/v26.0/me", { token: "unknown-token" });
  expect([status, body.error?.code]).toEqual([400, 190]);
});
