import { expect, test } from "vitest";
import { fieldsOf } from "../../../src/meta/fields.ts";
import { CALLBACK, PAGE, peopledWorld, STUDIO } from "../world.ts";

const APP = "1184729305561827";
const APP_TOKEN = encodeURIComponent(`${APP}|other_secret_not_real`);

test("an account subscribes to fields, shows them, and can leave again", async () => {
  const world = await peopledWorld();
  const edge = `/v26.0/${STUDIO}/subscribed_apps`;
  const token = world.studioToken;
  expect((await world.graph("GET", edge, { token })).body["data"]).toEqual([]);
  expect((await world.graph("POST", `${edge}?subscribed_fields=comments,messages`, { token })).body).toEqual({
    success: true,
  });
  expect((await world.graph("GET", edge, { token })).body["data"]).toEqual([
    expect.objectContaining({ subscribed_fields: ["comments", "messages"] }),
  ]);
  await world.graph("DELETE", edge, { token });
  expect((await world.graph("GET", edge, { token })).body["data"]).toEqual([]);
});

test("the Page's edge refuses Instagram's names, and Instagram's the Page's", async () => {
  const world = await peopledWorld();
  const onPage = await world.graph("POST", `/v26.0/${PAGE}/subscribed_apps?subscribed_fields=messaging_seen`, {
    token: world.pageToken,
  });
  expect(onPage.body.error).toMatchObject({ code: 100, message: expect.stringContaining("messaging_seen") });
  const onInstagram = await world.graph("POST", `/v26.0/${STUDIO}/subscribed_apps?subscribed_fields=feed`, {
    token: world.studioToken,
  });
  expect(onInstagram.body.error?.code).toBe(100);
});

test.each(fieldsOf("page").map(({ field }) => field))(
  "the Page's edge takes %s, which the table lists",
  async (field) => {
    const world = await peopledWorld();
    const path = `/v26.0/${PAGE}/subscribed_apps?subscribed_fields=${field}`;
    expect((await world.graph("POST", path, { token: world.pageToken })).body).toEqual({ success: true });
  },
);

test("a callback URL is only accepted after the handshake", async () => {
  const world = await peopledWorld();
  const asked: URL[] = [];
  const post = (url: string) =>
    world.graph("POST", `/v26.0/${APP}/subscriptions?access_token=${APP_TOKEN}`, {
      form: { object: "page", callback_url: url, verify_token: "verify-me" },
    });
  world.receiver(({ url }) => {
    asked.push(new URL(url));
    return new Response("nonsense");
  });
  const refused = await post("https://other.test/webhooks");
  expect(refused.body.error).toMatchObject({ code: 2200, message: expect.stringContaining("nonsense") });
  expect(world.simulator.settings.callback?.url).toBe(CALLBACK);
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toMatchObject({
    "hub.mode": "subscribe",
    "hub.verify_token": "verify-me",
  });
  world.receiver(({ url }) => new Response(new URL(url).searchParams.get("hub.challenge")));
  expect((await post("https://other.test/webhooks")).body).toEqual({ success: true });
  expect(world.simulator.settings.callback?.url).toBe("https://other.test/webhooks");
});

test("the control route says why a handshake failed", async () => {
  const world = await peopledWorld();
  world.receiver(() => new Response(null, { status: 403 }));
  await expect(world.control("PUT", "/callback", { url: "https://other.test/" })).rejects.toThrow(
    "expected 200, received 403",
  );
});
