import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { System } from "./system.ts";

const NOW_SECONDS = Math.floor(Date.now() / 1000);

const comment = (id: string, text: string) => ({
  field: "comments",
  value: {
    id,
    text,
    from: { id: "1045872930164827", username: "nadia.bakes" },
    media: { id: "18054321970886143", media_product_type: "REELS" },
  },
});

const delivery = (account: string, changes: unknown[]): string =>
  JSON.stringify({ object: "instagram", entry: [{ id: account, time: NOW_SECONDS, changes }] });

const GUIDE = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: [] },
  actions: { privateReply: { text: "Hi {{username}}, here it is" } },
  deferSeconds: 0,
};

interface List<T> {
  items: T[];
  nextCursor: string | null;
}

describe("receiver, queue, engine and Graph API together", () => {
  const system = new System();
  beforeAll(() => system.start());
  afterAll(() => system.stop());

  const list = async <T>(path: string): Promise<T[]> => ((await system.api("GET", path)).json as List<T>).items;
  const eventually = vi.waitFor;
  const WAIT = { timeout: 15_000, interval: 50 };

  it("answer one comment once, however often it is delivered", async () => {
    const account = "17841400000000001";
    await system.api("PUT", `/accounts/${account}`, {
      platform: "instagram",
      login: "instagram",
      accessToken: "tok-1",
    });
    await system.api("PUT", `/accounts/${account}/automations`, { items: [GUIDE] });
    const body = delivery(account, [comment("18000000000000001", "GUIDE please")]);
    const together = await Promise.all([1, 2, 3].map(() => system.deliver(body)));
    const later = await system.deliver(body);
    // The same comment in other company and other bytes.
    const boosted = await system.deliver(` ${body}`);
    expect([...together, later, boosted].map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);

    await eventually(async () => {
      const replies = await list<{ state: string }>(`/accounts/${account}/replies`);
      expect(replies.map(({ state }) => state)).toEqual(["sent"]);
    }, WAIT);
    expect(await list(`/accounts/${account}/events`)).toHaveLength(1);
    const calls = system.calls.filter(({ url }) => url.includes(account));
    expect(calls).toMatchObject([
      { url: `https://graph.instagram.com/v26.0/${account}/messages`, authorization: "Bearer tok-1" },
    ]);
    expect(JSON.parse(calls[0]?.body ?? "{}")).toEqual({
      recipient: { comment_id: "18000000000000001" },
      message: { text: "Hi nadia.bakes, here it is" },
    });
  });

  it("take a thousand updates of one delivery for a thousand events", async () => {
    const account = "17841400000000002";
    const changes = Array.from({ length: 1_000 }, (_, index) => comment(`1800000000001${index}`, "lovely"));
    const response = await system.deliver(delivery(account, changes));
    expect([response.status, await response.json()]).toEqual([200, { received: 1_000, duplicates: 0 }]);
    await eventually(async () => {
      const { json } = await system.api("GET", `/accounts/${account}`);
      expect(json).toMatchObject({ id: account, connected: false, state: { events: 1_000 } });
    }, WAIT);
  });

  it("keep what is signed and cannot be read, and refuse what is not signed", async () => {
    const broken = await system.deliver("{not json");
    const forged = await system.deliver(delivery("17841400000000003", [comment("1", "x")]), "a secret of another app");
    expect([broken.status, forged.status, await forged.text()]).toEqual([200, 401, ""]);
    await eventually(async () => {
      expect(await list("/quarantine")).toMatchObject([{ reason: "not_json", body: "{not json" }]);
    }, WAIT);
    expect((await system.api("GET", "/accounts/17841400000000003")).status).toBe(404);
  });

  it("show the account's token nowhere", async () => {
    const account = "17841400000000001";
    const pages = ["", "/events", "/replies", "/settings", "/automations"].map(async (path) =>
      JSON.stringify((await system.api("GET", `/accounts/${account}${path}`)).json),
    );
    expect((await Promise.all(pages)).join("")).not.toContain("tok-1");
  });
});
