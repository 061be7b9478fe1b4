/** The API over the real Account and Directory objects, through the engine's own fetch handler. */
import { env, exports } from "cloudflare:workers";
import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Automation } from "../../../src/core/automation/automation.ts";
import type { MetaEvent } from "../../../src/core/event.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../src/core/settings.ts";
import type { Versioned } from "../../../src/api/automation.ts";
import type { EventItem } from "../../../src/api/event.ts";
import type { Page } from "../../../src/api/building-blocks.ts";
import type { ReplyItem } from "../../../src/api/reply.ts";
import { accountDetail } from "../../../src/api/account.ts";
import { backtest } from "../../../src/api/automation.ts";
import { eventItem } from "../../../src/api/event.ts";
import { deadLetter, quarantineItem } from "../../../src/api/failed-events.ts";
import { pageOf } from "../../../src/api/building-blocks.ts";
import { replyItem } from "../../../src/api/reply.ts";
import type { AccountItem } from "../../../src/api/account.ts";
import type { DeadLetter, QuarantineItem } from "../../../src/api/failed-events.ts";
import { CANARY_TOKEN, refusal } from "./fakes.ts";

const PERSON = "1045872930164827";
const DAY_SECONDS = 86_400;

let accounts = 0;

/** An account that no other test uses. */
function newAccount(): string {
  accounts += 1;
  return `1784146092837${String(accounts).padStart(4, "0")}`;
}

interface Init {
  body?: unknown;
  headers?: Record<string, string>;
}

async function api(route: string, { body, headers = {} }: Init = {}): Promise<Response> {
  const [method = "GET", path = "/"] = route.split(" ");
  const request: RequestInit = {
    method,
    headers: { Authorization: `Bearer ${env.ADMIN_TOKEN}`, "Content-Type": "application/json", ...headers },
  };
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await exports.default.fetch(new Request(`https://replyline.example${path}`, request));
  expect(await response.clone().text(), route).not.toContain(CANARY_TOKEN);
  return response;
}

async function answer<T>(route: string, init: Init = {}): Promise<T> {
  const response = await api(route, init);
  if (!response.ok) throw new Error(`${route} was answered ${response.status}: ${await response.text()}`);
  return await response.json<T>();
}

async function connect(id: string): Promise<void> {
  const body = { platform: "instagram", login: "instagram", accessToken: CANARY_TOKEN, username: `user-${id}` };
  await answer(`PUT /api/accounts/${id}`, { body });
}

/** Due far in the future, so that no test waits for an alarm or runs one. */
const LATER = { deferSeconds: DAY_SECONDS };

const GUIDE: Automation = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: [] },
  actions: { privateReply: { text: "Hi {{username}}" } },
  ...LATER,
};

function comment(accountId: string, id: string, text: string): MetaEvent {
  const item = {
    field: "comments",
    value: { id, text, from: { id: PERSON, username: "nadia" }, media: { id: "18054321970886143" } },
  };
  return event(accountId, id, { kind: "comment", field: "comments", raw: JSON.stringify(item) });
}

function event(accountId: string, key: string, rest: Pick<MetaEvent, "kind" | "field" | "raw">): MetaEvent {
  return {
    v: 1,
    id: `instagram:${accountId}:${rest.kind}:${key}`,
    accountId,
    object: "instagram",
    occurredAt: Date.now(),
    receivedAt: Date.now(),
    deliveryId: "d-1",
    test: false,
    proof: { secret: "instagram", form: "raw" },
    ...rest,
  };
}

const strict = <E extends v.ObjectEntries>(schema: { entries: E }) => v.strictObject(schema.entries);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the real objects", () => {
  it("list an account from its first event, connected or not, and never return its token", async () => {
    const id = newAccount();
    const path = `/api/accounts/${id}`;
    expect((await api(`GET ${path}`)).status).toBe(404);
    expect((await api(`GET ${path}/events`)).status).toBe(404);

    await env.ACCOUNTS.getByName(id).ingest(id, [comment(id, "c-1", "hello")]);
    const before = v.parse(strict(accountDetail), await answer(`GET ${path}`));
    expect(before).toMatchObject({ id, connected: false, state: { profile: null, events: 1 } });

    await connect(id);
    const after = v.parse(strict(accountDetail), await answer(`GET ${path}`));
    expect(after).toMatchObject({
      connected: true,
      platform: "instagram",
      state: { profile: { username: `user-${id}` } },
    });
    const found = await answer<Page<AccountItem>>(`GET /api/accounts?search=user-${id}&connected=true`);
    expect(found.items.map((item) => item.id)).toEqual([id]);

    expect((await api(`DELETE ${path}`)).status).toBe(204);
    expect(await answer(`GET ${path}`)).toMatchObject({ connected: false, state: { profile: null, events: 1 } });
    expect(await answer(`GET /api/accounts?search=${id}&connected=true`)).toEqual({ items: [], nextCursor: null });
  });

  it("return pages of accounts without missing or repeated ones", async () => {
    const ids = Array.from({ length: 5 }, newAccount);
    for (const id of ids) await connect(id);
    const seen: string[] = [];
    let cursor = "";
    for (;;) {
      const page = await answer<Page<AccountItem>>(`GET /api/accounts?limit=2${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(expect.arrayContaining(ids));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("store automations by version, and return their decisions about an event", async () => {
    const id = newAccount();
    const path = `/api/accounts/${id}`;
    await connect(id);
    const first = await answer<Versioned<Automation[]>>(`PUT ${path}/automations`, { body: [GUIDE] });
    expect(await answer(`GET ${path}/automations`)).toEqual({ ...first, items: [GUIDE], nextCursor: null });
    const changed = { items: [{ ...GUIDE, name: "Guide" }], version: first.version };
    expect((await api(`PUT ${path}/automations`, { body: changed })).status).toBe(200);
    expect(await refusal(await api(`PUT ${path}/automations`, { body: changed }))).toMatchObject({
      status: 409,
      code: "version_conflict",
      message: expect.stringContaining(`at version ${first.version + 1}`) as string,
    });

    const [hit, miss] = [comment(id, "c-1", "the guide please"), comment(id, "c+2/x==", "nice")];
    await env.ACCOUNTS.getByName(id).ingest(id, [hit, miss, hit]);
    const { items } = v.parse(pageOf(strict(eventItem)), await answer(`GET ${path}/events?kind=comment`));
    expect(items.map((item) => [item.id, item.duplicates, item.decisions])).toEqual([
      [miss.id, 0, [{ automationId: "guide", fired: false, reason: "no_keyword" }]],
      [hit.id, 1, [{ automationId: "guide", fired: true, replyIds: items[1]?.replyIds }]],
    ]);

    // The id contains `+`, `/` and `=`.
    const missPath = `${path}/events/${encodeURIComponent(miss.id)}`;
    expect(await answer<EventItem>(`GET ${missPath}`)).toEqual(items[0]);
    const any = { ...GUIDE, trigger: { ...GUIDE.trigger, match: "any" } };
    await answer(`PUT ${path}/automations`, { body: [any] });
    const replayed = await answer<EventItem>(`POST ${missPath}/replay`);
    expect(replayed.decisions).toMatchObject([{ automationId: "guide", fired: true }]);
    expect(replayed.replyIds).toHaveLength(1);

    const tried = v.parse(strict(backtest), await answer(`POST ${path}/automations/backtest`, { body: GUIDE }));
    expect(tried).toMatchObject({ events: 2, fired: 1, missed: { no_keyword: 1 } });
  });

  it("return pages of events, newest first", async () => {
    const id = newAccount();
    await connect(id);
    const events = Array.from({ length: 5 }, (_, index) => comment(id, `c-${index}`, "hello"));
    await env.ACCOUNTS.getByName(id).ingest(id, events);
    const first = await answer<Page<EventItem>>(`GET /api/accounts/${id}/events?limit=3`);
    const next = await answer<Page<EventItem>>(`GET /api/accounts/${id}/events?limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...next.items].map((item) => item.id)).toEqual(events.map((item) => item.id).toReversed());
    expect(next.nextCursor).toBeNull();
  });

  it("store replies of your backend: once per key, once per comment, cancelled once", async () => {
    const id = newAccount();
    const path = `/api/accounts/${id}/replies`;
    const body = { to: { commentId: "17900000000000001" }, message: { text: "Here it is" }, ...LATER };
    const key = (value: string): Init => ({ body, headers: { "Idempotency-Key": value } });
    expect(await refusal(await api(`POST ${path}`, key("a")))).toMatchObject({ status: 409, code: "not_connected" });

    await connect(id);
    const created = await api(`POST ${path}`, key("a"));
    const reply = v.parse(strict(replyItem), await created.clone().json());
    expect([created.status, created.headers.get("Location")]).toEqual([201, `${path}/${reply.id}`]);
    expect(reply).toMatchObject({ state: "pending", to: body.to, message: body.message, automationId: null });

    const again = await api(`POST ${path}`, key("a"));
    expect([again.status, (await again.json<ReplyItem>()).id]).toEqual([201, reply.id]);
    const other = { ...key("a"), body: { ...body, to: { commentId: "17900000000000002" } } };
    expect(await refusal(await api(`POST ${path}`, other))).toMatchObject({ status: 409, code: "key_reused" });
    expect(await refusal(await api(`POST ${path}`, key("b")))).toMatchObject({ status: 409, code: "already_replied" });
    const stranger = { ...key("c"), body: { ...body, to: { recipientId: PERSON } } };
    expect(await refusal(await api(`POST ${path}`, stranger))).toMatchObject({ status: 409, code: "outside_window" });

    expect(await answer(`GET ${path}/${reply.id}`)).toMatchObject({ id: reply.id });
    expect(await refusal(await api(`POST ${path}/${reply.id}/resolve`, { body: { as: "sent" } }))).toMatchObject({
      status: 409,
      code: "not_uncertain",
    });
    expect(await answer(`POST ${path}/${reply.id}/cancel`)).toMatchObject({ state: "cancelled" });
    expect(await refusal(await api(`POST ${path}/${reply.id}/cancel`))).toMatchObject({
      status: 409,
      code: "too_late",
    });
    expect(await refusal(await api(`POST ${path}/${reply.id}/send-now`))).toMatchObject({
      status: 409,
      code: "too_late",
    });
    expect((await api(`GET ${path}/nothing`)).status).toBe(404);

    const cancelled = v.parse(pageOf(strict(replyItem)), await answer(`GET ${path}?state=cancelled`));
    expect(cancelled.items.map((item) => item.id)).toEqual([reply.id]);
    expect(await answer(`GET ${path}?state=pending`)).toEqual({ items: [], nextCursor: null });
  });

  it("store settings, part by part", async () => {
    const id = newAccount();
    const path = `/api/accounts/${id}/settings`;
    await connect(id);
    expect(await answer(`GET ${path}`)).toEqual(DEFAULT_SETTINGS);
    await answer(`PUT ${path}`, { body: { deferSeconds: 33, pacing: { messagesPerSecond: 20 } } });
    await answer(`PUT ${path}`, { body: { sending: "paused" } });
    expect(await answer(`GET ${path}`)).toEqual({
      ...DEFAULT_SETTINGS,
      deferSeconds: 33,
      sending: "paused",
      pacing: { ...DEFAULT_SETTINGS.pacing, messagesPerSecond: 20 },
    });
  });

  it("store every one of several concurrent changes", async () => {
    const id = newAccount();
    const path = `/api/accounts/${id}/settings`;
    await connect(id);
    const lost: number[] = [];
    for (let round = 1; round <= 20; round++) {
      const changes = [{ deferSeconds: round }, { pacing: { messagesPerSecond: round } }, { retentionDays: round + 8 }];
      await Promise.all(changes.map((body) => answer(`PUT ${path}`, { body })));
      const { deferSeconds, pacing, retentionDays } = await answer<Settings>(`GET ${path}`);
      if (deferSeconds !== round || pacing.messagesPerSecond !== round || retentionDays !== round + 8) lost.push(round);
    }
    expect(lost).toEqual([]);
  });

  it("call Meta's subscriptions with the token that only they have", async () => {
    const id = newAccount();
    await connect(id);
    const asked: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const request = new Request(input, init);
      asked.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("Authorization") ?? ""}`);
      if (request.method === "DELETE") {
        return Response.json({ error: { message: "no", type: "OAuthException", code: 10 } }, { status: 403 });
      }
      return Response.json(
        request.method === "GET" ? { data: [{ subscribed_fields: ["comments"] }] } : { success: true },
      );
    });
    const path = `/api/accounts/${id}/subscriptions`;
    const listed = await answer<Page<{ fields: string[] }>>(`GET ${path}`);
    expect(listed.items.map(({ fields }) => fields)).toEqual([["comments"]]);
    expect(await answer(`POST ${path}`, { body: { fields: ["comments", "messages"] } })).toEqual({
      fields: ["comments", "messages"],
    });
    expect(await refusal(await api(`DELETE ${path}`))).toMatchObject({ status: 502, code: "refused_by_meta" });
    expect(asked).toEqual(
      ["GET", "POST", "DELETE"].map((method) => `${method} /v26.0/${id}/subscribed_apps Bearer ${CANARY_TOKEN}`),
    );
  });

  it("store an unreadable delivery, and parse it again", async () => {
    const id = newAccount();
    const body = JSON.stringify({
      id,
      time: 1_795_000_000,
      changes: [{ field: "comments", value: { id: "c-9", text: "hello" } }],
    });
    const raw = JSON.stringify({ reason: "too_deep", place: "entry", encoding: "utf8", body });
    const kept = event(id, "sha/256+==", { kind: "quarantine", field: "", raw });
    await env.DIRECTORY.getByName("directory").quarantine([kept]);
    const page = v.parse(pageOf(strict(quarantineItem)), await answer<Page<QuarantineItem>>("GET /api/quarantine"));
    expect(page.items.map((item) => [item.id, item.reason])).toEqual([[kept.id, "too_deep"]]);
    const path = `/api/quarantine/${encodeURIComponent(kept.id)}`;
    expect(await answer(`GET ${path}`)).toMatchObject({ id: kept.id, body, replayedAt: null });
    expect(await answer(`POST ${path}/replay`)).toEqual({ events: 1, stillUnreadable: 0 });
    expect(await answer(`GET ${path}`)).toMatchObject({ replayedAt: expect.any(Number) as number });
    expect((await answer<Page<EventItem>>(`GET /api/accounts/${id}/events`)).items).toHaveLength(1);
    expect((await api("POST /api/quarantine/nothing/replay")).status).toBe(404);
  });

  it("store a dead letter, and deliver it again", async () => {
    const id = newAccount();
    await env.DIRECTORY.getByName("directory").storeDeadLetters([
      { event: comment(id, "c-1", "hello"), attempts: 101 },
    ]);
    const page = v.parse(pageOf(strict(deadLetter)), await answer<Page<DeadLetter>>("GET /api/dead-letters"));
    const found = page.items.find((item) => item.accountId === id);
    expect(found).toMatchObject({ kind: "comment", attempts: 101, replayedAt: null });
    const path = `/api/dead-letters/${encodeURIComponent(found?.id ?? "")}/replay`;
    expect(await answer(`POST ${path}`)).toEqual({ result: "new" });
    expect(await answer(`POST ${path}`)).toEqual({ result: "duplicate" });
    expect((await answer<Page<EventItem>>(`GET /api/accounts/${id}/events`)).items).toHaveLength(1);
  });
});
