import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { STUDIO } from "./world.ts";

/** The Worker itself, in workerd: everything else about it is tested in plain Node. */
describe("the simulator's Worker", { timeout: 30_000 }, () => {
  const harness = createTestHarness({
    workers: [{ configPath: "src/simulator/wrangler.toml" }, { configPath: "test/simulator/behind/wrangler.toml" }],
  });
  beforeAll(async () => {
    await harness.listen();
  }, 60_000);
  afterAll(() => harness.close());

  const json = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await harness.fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  };

  test("responds on Meta's paths, and keeps its state when its object is evicted", async () => {
    const { accessToken } = await json<{ accessToken: string }>("PUT", `/__meta/accounts/${STUDIO}`, {
      username: "northlight.studio",
    });
    const me = `/v26.0/me?fields=user_id,username&access_token=${accessToken}`;
    expect(await json("GET", me)).toMatchObject({ user_id: STUDIO, username: "northlight.studio" });
    await harness.getWorker().evictDurableObject("Meta", { name: "meta" });
    expect(await json("GET", me)).toMatchObject({ user_id: STUDIO });
    const { items } = await json<{ items: { operation: string }[] }>("GET", "/__meta/calls");
    expect(items.map(({ operation }) => operation)).toEqual(["account", "account"]);
  });

  test("a path may start with a host, if both hosts share an address", async () => {
    for (const host of ["graph.instagram.com", "graph.facebook.com"]) {
      expect(await json("GET", `/${host}/v26.0/me`)).toMatchObject({ error: { code: 104 } });
    }
  });

  test("passes what is not Meta's on to the Worker behind it", async () => {
    const response = await harness.fetch("/webhooks", { method: "POST", body: "{}" });
    expect(await response.text()).toBe("POST /webhooks");
  });
});
