import { describe, expect, it, vi } from "vitest";
import type { Page } from "../../../src/api/building-blocks.ts";
import { ACCOUNT_ID, badFields, call, eventItem, fakeEnv, type Fakes } from "./fakes.ts";

interface Query {
  cursor?: string;
  limit: number;
}

/** An object's list of five items. Its own cursor is the number of the next item. */
function fiveItems(item: (index: number) => unknown) {
  return vi.fn(async (...args: unknown[]): Promise<Page<never>> => {
    const { cursor = "0", limit } = args.at(-1) as Query;
    const start = Number(cursor);
    const end = Math.min(5, start + limit);
    const items = Array.from({ length: end - start }, (_, index) => item(start + index)) as never[];
    return { items, nextCursor: end < 5 ? String(end) : null };
  });
}

const LISTS: [string, (list: ReturnType<typeof fiveItems>) => Fakes][] = [
  ["/api/accounts", (list) => ({ directory: { accounts: list } })],
  [`/api/accounts/${ACCOUNT_ID}/events`, (list) => ({ account: { events: list } })],
  [`/api/accounts/${ACCOUNT_ID}/replies`, (list) => ({ account: { replies: list } })],
  ["/api/quarantine", (list) => ({ directory: { quarantined: list } })],
  ["/api/dead-letters", (list) => ({ directory: { deadLetters: list } })],
];

describe.each(LISTS)("the list %s", (path, fakes) => {
  it("is read page by page to its end", async () => {
    const list = fiveItems((index) => ({ id: `item ${index}` }));
    const env = fakeEnv(fakes(list));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const response = await call(env, `GET ${path}?limit=2${cursor === null ? "" : `&cursor=${cursor}`}`);
      expect(response.status).toBe(200);
      const page = await response.json<Page<{ id: string }>>();
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(["item 0", "item 1", "item 2", "item 3", "item 4"]);
    expect(list.mock.calls.map((args) => args.at(-1))).toEqual([
      { limit: 2 },
      { limit: 2, cursor: "2" },
      { limit: 2, cursor: "4" },
    ]);
  });

  it("has 50 items per page by default", async () => {
    const list = fiveItems((index) => index);
    expect((await call(fakeEnv(fakes(list)), `GET ${path}`)).status).toBe(200);
    expect(list.mock.calls[0]?.at(-1)).toEqual({ limit: 50 });
  });

  it.each(["0", "201", "-1", "1.5", "ten", "", "1e2", "0x10", "99999999999"])("refuses limit=%s", async (limit) => {
    expect(await badFields(await call(fakeEnv(), `GET ${path}?limit=${limit}`))).toEqual(["limit"]);
  });

  it.each(["1", "200", "007"])("accepts limit=%s", async (limit) => {
    const list = fiveItems((index) => index);
    expect((await call(fakeEnv(fakes(list)), `GET ${path}?limit=${limit}`)).status).toBe(200);
    expect(list.mock.calls[0]?.at(-1)).toEqual({ limit: Number(limit) });
  });

  it.each(["", "2", "abc", "WyJ4Il0", "WzEsMl0", "bnVsbA", "%C3%A9", "a".repeat(12_000)])(
    "refuses the cursor %.20s",
    async (cursor) => {
      expect(await badFields(await call(fakeEnv(), `GET ${path}?cursor=${cursor}`))).toEqual(["cursor"]);
    },
  );

  it("refuses an unknown parameter, and one that is given twice", async () => {
    expect(await badFields(await call(fakeEnv(), `GET ${path}?page=2`))).toEqual(["page"]);
    expect(await badFields(await call(fakeEnv(), `GET ${path}?limit=2&limit=3`))).toEqual(["limit"]);
  });
});

describe("a cursor", () => {
  const twoPages = async (): Promise<Page<never>> => ({ items: [eventItem()] as never[], nextCursor: "inner" });
  const fakes: Fakes = { account: { events: twoPages, replies: twoPages }, directory: { accounts: twoPages } };

  async function cursorOf(path: string): Promise<string> {
    const { nextCursor } = await (await call(fakeEnv(fakes), `GET ${path}`)).json<Page<unknown>>();
    return nextCursor ?? "";
  }

  it("is valid only for its own list", async () => {
    const events = `/api/accounts/${ACCOUNT_ID}/events`;
    const cursor = await cursorOf(`${events}?kind=comment`);
    expect((await call(fakeEnv(fakes), `GET ${events}?kind=comment&cursor=${cursor}`)).status).toBe(200);
    expect((await call(fakeEnv(fakes), `GET ${events}?cursor=${cursor}&kind=comment&limit=3`)).status).toBe(200);
    const others = [
      events,
      `${events}?kind=message`,
      "/api/accounts/2/events?kind=comment",
      `/api/accounts/${ACCOUNT_ID}/replies`,
    ];
    for (const other of others) {
      const path = `${other}${other.includes("?") ? "&" : "?"}cursor=${cursor}`;
      expect(await badFields(await call(fakeEnv(fakes), `GET ${path}`)), other).toEqual(["cursor"]);
    }
  });

  it("needs no encoding in a URL", async () => {
    expect(await cursorOf("/api/accounts?search=%C3%A9%20%2B%26")).toMatch(/^[A-Za-z0-9_-]+$/);
  });
});
