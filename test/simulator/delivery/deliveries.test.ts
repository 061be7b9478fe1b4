import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { ShownDelivery } from "../../../src/simulator/control/control-deliveries.ts";
import { CALLBACK, PAGE, peopledWorld, STUDIO, world as emptyWorld } from "../world.ts";
import type { World } from "../world.ts";

const HOUR_MS = 3600 * 1000;
const body = (accountId = STUDIO, object = "instagram"): string =>
  JSON.stringify({ object, entry: [{ id: accountId, time: 1, messaging: [] }] });
const hmac = (secret: string, text: string): string =>
  `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;

async function deliver(world: World, options: object = {}, text = body()): Promise<ShownDelivery | undefined> {
  const { items } = await world.control<{ items: ShownDelivery[] }>("POST", "/deliveries", {
    bodies: [text],
    ...options,
  });
  return items[0];
}

const states = (world: World): string[] => [...world.simulator.deliveries.values()].map(({ state }) => state);

test("a delivery is signed over its bytes: Instagram with the Instagram secret, a Page with the other", async () => {
  const world = await peopledWorld();
  await deliver(world);
  await deliver(world, {}, body(PAGE, "page"));
  const [instagram, page] = world.posts;
  expect(instagram?.url).toBe(CALLBACK);
  expect(instagram?.headers.get("content-type")).toBe("application/json");
  expect(instagram?.headers.get("x-hub-signature-256")).toBe(hmac("test_app_secret_not_real", body()));
  expect(page?.headers.get("x-hub-signature-256")).toBe(hmac("other_secret_not_real", body(PAGE, "page")));
});

test("an Instagram account through Facebook Login is signed with the Meta secret", async () => {
  const world = await peopledWorld();
  await world.control("PUT", `/accounts/${STUDIO}`, { login: "facebook", pageId: "555" });
  await deliver(world);
  expect(world.posts[0]?.headers.get("x-hub-signature-256")).toBe(hmac("other_secret_not_real", body()));
});

test("an unknown secret makes a forgery", async () => {
  const world = await peopledWorld();
  await deliver(world, { secret: "forger", once: true });
  const signature = world.posts[0]?.headers.get("x-hub-signature-256");
  expect([hmac("test_app_secret_not_real", body()), hmac("other_secret_not_real", body())]).not.toContain(signature);
});

test("a secret can be named by its value, which does not get into the log", async () => {
  const world = await peopledWorld();
  const delivery = await deliver(world, { secret: "other_secret_not_real" });
  expect(world.posts[0]?.headers.get("x-hub-signature-256")).toBe(hmac("other_secret_not_real", body()));
  expect(delivery).toMatchObject({ secret: "meta" });
});

test("a delivery without a 200 is retried at once and then on the retry schedule, until it gets one", async () => {
  const world = await peopledWorld();
  world.receiver(() => new Response(null, { status: 503 }));
  const first = await deliver(world);
  expect(first).toMatchObject({ state: "waiting", attempts: [{ status: 503 }] });
  await world.advance(0);
  expect(world.posts).toHaveLength(2);
  await world.advance(9999);
  expect(world.posts).toHaveLength(2);
  await world.advance(1);
  expect(world.posts).toHaveLength(3);
  world.receiver(() => new Response("", { status: 200 }));
  await world.advance(60_000);
  expect(states(world)).toEqual(["delivered"]);
  expect(new Set(world.posts.map((post) => post.body)).size).toBe(1);
});

test("another speed or retry policy applies to waiting deliveries", async () => {
  const world = await peopledWorld();
  world.receiver(() => new Response(null, { status: 503 }));
  await deliver(world);
  await world.advance(10_000);
  expect(world.posts).toHaveLength(3);
  // The next two were a minute and five after the first; now they are one second and five after it: due.
  await world.control("PUT", "/settings", { speed: 60 });
  await world.advance(0);
  expect(world.posts).toHaveLength(5);
  await world.control("PUT", "/settings", { regime: "messenger", speed: 1 });
  // Messenger's next is three minutes after the first.
  await world.advance(3 * 60_000 - 10_001);
  expect(world.posts).toHaveLength(5);
  await world.advance(1);
  expect(world.posts).toHaveLength(6);
});

test("201 and redirects are failures: only 200 counts", async () => {
  const world = await peopledWorld();
  for (const status of [201, 302]) {
    world.receiver(() => new Response(null, { status, headers: { location: CALLBACK } }));
    expect(await deliver(world, { once: true })).toMatchObject({ state: "given_up", attempts: [{ status }] });
  }
});

test("after 36 hours a delivery is given up, with every attempt in the log", async () => {
  const world = await peopledWorld();
  world.receiver(() => Promise.reject(new Error("refused")));
  await deliver(world);
  await world.advance(36 * HOUR_MS);
  const [delivery] = [...world.simulator.deliveries.values()];
  expect(delivery).toMatchObject({ state: "given_up", text: null, nextAttemptAt: null });
  expect(delivery?.attempts).toHaveLength(16);
  expect(delivery?.attempts.every(({ problem }) => problem === "unreachable")).toBe(true);
});

test("with Messenger's retry policy, an hour of failures turns the account's webhooks off until it subscribes again", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { regime: "messenger", speed: 60 });
  world.receiver(() => new Response(null, { status: 500 }));
  await deliver(world);
  await world.advance(61_000);
  expect(world.simulator.graph.accounts.get(STUDIO)?.webhooks).toBe("disabled");
  world.receiver(() => new Response(null, { status: 200 }));
  const before = world.posts.length;
  expect(await deliver(world)).toMatchObject({ state: "not_sent" });
  expect(await deliver(world, {}, body(PAGE, "page"))).toMatchObject({ state: "delivered" });
  expect(world.posts).toHaveLength(before + 1);
  await world.graph("POST", `/v26.0/${STUDIO}/subscribed_apps?subscribed_fields=comments`, {
    token: world.studioToken,
  });
  expect(await deliver(world)).toMatchObject({ state: "delivered" });
});

test("Messenger's alert shows after 15 minutes, and the switch after an hour", async () => {
  const world = await peopledWorld();
  const webhookStatus = async (): Promise<unknown> =>
    (await world.control<{ accounts: { webhooks: string }[] }>("GET", "")).accounts[0]?.webhooks;
  await world.control("PUT", "/settings", { regime: "messenger" });
  world.receiver(() => new Response(null, { status: 500 }));
  expect(await webhookStatus()).toBe("fine");
  await deliver(world);
  await world.advance(14 * 60_000);
  expect(await webhookStatus()).toBe("failing");
  await world.advance(60_000);
  expect(await webhookStatus()).toBe("alert");
  await world.advance(45 * 60_000);
  expect(await webhookStatus()).toBe("off");
});

test("the last attempt of Messenger's schedule completes the hour, however long the first response took", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { regime: "messenger", speed: 600 });
  world.receiver(async () => {
    if (world.posts.length === 1) await world.simulator.host.sleep(150);
    return new Response(null, { status: 500 });
  });
  await deliver(world);
  await world.advance(20_000);
  expect(states(world)).toEqual(["given_up"]);
  expect(world.simulator.graph.accounts.get(STUDIO)?.webhooks).toBe("disabled");
});

test("after a new subscription, the hour starts again", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { regime: "messenger" });
  world.receiver(() => new Response(null, { status: 500 }));
  await deliver(world);
  await world.advance(60 * 60_000);
  await world.control("PUT", `/subscriptions/${STUDIO}`);
  await deliver(world);
  expect(world.simulator.graph.accounts.get(STUDIO)?.webhooks).toBe("active");
  await world.advance(60 * 60_000);
  expect(world.simulator.graph.accounts.get(STUDIO)?.webhooks).toBe("disabled");
});

test("one success restarts Messenger's hour", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { regime: "messenger" });
  world.receiver(() => new Response(null, { status: 500 }));
  await deliver(world, { once: false });
  await world.advance(50 * 60_000);
  world.receiver(() => new Response(null, { status: 200 }));
  await deliver(world);
  world.receiver(() => new Response(null, { status: 500 }));
  await deliver(world);
  await world.advance(30 * 60_000);
  expect(world.simulator.graph.accounts.get(STUDIO)?.webhooks).not.toBe("disabled");
});

test("without a callback nothing can be delivered, and the error says what to do", async () => {
  await expect(deliver(emptyWorld())).rejects.toThrow("PUT /__meta/callback first");
});

test("text that is not JSON is signed and sent unchanged", async () => {
  const world = await peopledWorld();
  await deliver(world, { once: true }, "{half");
  expect(world.posts[0]).toMatchObject({ body: "{half" });
  expect(world.posts[0]?.headers.get("x-hub-signature-256")).toBe(hmac("other_secret_not_real", "{half"));
});

test("what was persisted brings everything back: people, tokens, and deliveries that still wait", async () => {
  const world = await peopledWorld();
  world.receiver(() => new Response(null, { status: 503 }));
  await deliver(world);
  const again = emptyWorld(world.persisted);
  expect((await again.graph("GET", "/v26.0/me", { token: world.studioToken })).status).toBe(200);
  await again.advance(10_000);
  expect(states(again)).toEqual(["delivered"]);
});

test("reset forgets all but the callback, also what was persisted", async () => {
  const world = await peopledWorld();
  await deliver(world);
  await world.control("POST", "/reset");
  expect([...world.persisted.keys()]).toEqual(["settings settings"]);
  expect(world.simulator.settings.callback?.url).toBe(CALLBACK);
  expect((await world.graph("GET", "/v26.0/me", { token: world.studioToken })).body.error?.code).toBe(190);
});
