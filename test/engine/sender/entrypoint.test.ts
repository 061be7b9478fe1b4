import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SendOrder } from "../../../src/engine/account/ports.ts";
import { Sender } from "../../../src/engine/sender/entrypoint.ts";
import {
  COMMENT_ID,
  FACEBOOK_LOGIN,
  graph,
  graphError,
  INSTAGRAM_ID,
  INSTAGRAM_LOGIN,
  order,
  PAGE,
  PAGE_ID,
  PERSON,
  TOKEN,
} from "./orders.ts";

const INSTAGRAM = "https://graph.instagram.com/v26.0";
const FACEBOOK = "https://graph.facebook.com/v26.0";

const accepted = (): Response => Response.json({ recipient_id: PERSON, message_id: "mid.1" });

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a send", () => {
  const message: Partial<SendOrder> = { kind: "message", to: { recipientId: PERSON } };
  const publicReply: Partial<SendOrder> = { kind: "public_reply", message: { text: "Sent! Check your DMs." } };

  it.each<[string, Partial<SendOrder>, { url: string; body: unknown }]>([
    [
      "a private reply, Instagram Login",
      { profile: INSTAGRAM_LOGIN },
      {
        url: `${INSTAGRAM}/${INSTAGRAM_ID}/messages`,
        body: { recipient: { comment_id: COMMENT_ID }, message: { text: "Here it is" } },
      },
    ],
    [
      "a message, Instagram Login",
      { ...message, profile: INSTAGRAM_LOGIN },
      {
        url: `${INSTAGRAM}/${INSTAGRAM_ID}/messages`,
        body: { recipient: { id: PERSON }, message: { text: "Here it is" } },
      },
    ],
    [
      "a private reply, Facebook Login: through the linked Page",
      { profile: FACEBOOK_LOGIN },
      {
        url: `${FACEBOOK}/${PAGE_ID}/messages`,
        body: { recipient: { comment_id: COMMENT_ID }, message: { text: "Here it is" } },
      },
    ],
    [
      "a private reply of a Page, with our id for its echo",
      { profile: PAGE },
      {
        url: `${FACEBOOK}/${PAGE_ID}/messages`,
        body: { recipient: { comment_id: COMMENT_ID }, message: { text: "Here it is", metadata: "r_1" } },
      },
    ],
    [
      "a message of a Page, marked as a response",
      { ...message, profile: PAGE },
      {
        url: `${FACEBOOK}/${PAGE_ID}/messages`,
        body: {
          recipient: { id: PERSON },
          messaging_type: "RESPONSE",
          message: { text: "Here it is", metadata: "r_1" },
        },
      },
    ],
  ])("of %s is sent to the right host and path", async (_, more, expected) => {
    const seen = graph(accepted);
    await exports.Sender.send(order(more));
    expect(seen).toHaveLength(1);
    expect({ ...seen[0], body: JSON.parse(seen[0]?.body ?? "") }).toMatchObject({ method: "POST", ...expected });
    expect(seen[0]?.headers["content-type"]).toBe("application/json");
  });

  it.each([
    ["on Instagram", INSTAGRAM_LOGIN, `${INSTAGRAM}/${COMMENT_ID}/replies`],
    ["on a Page", PAGE, `${FACEBOOK}/${COMMENT_ID}/comments`],
  ])("of a public reply %s is a form, and requests no fields", async (_, profile, url) => {
    const seen = graph(() => Response.json({ id: "17984512367720499" }));
    const answer = await exports.Sender.send(order({ ...publicReply, profile }));
    expect(seen).toMatchObject([
      { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded" } },
    ]);
    expect([...new URLSearchParams(seen[0]?.body)]).toEqual([["message", "Sent! Check your DMs."]]);
    expect(answer.outcome).toMatchObject({ kind: "accepted", messageId: "17984512367720499" });
  });

  it.each([
    ["Facebook Login", PAGE, true],
    ["Instagram Login", INSTAGRAM_LOGIN, false],
  ])("proves that it has the app secret: %s", async (_, profile, proven) => {
    const seen = graph(accepted);
    await exports.Sender.send(order({ profile }));
    expect(seen.map(({ proof }) => proof !== null)).toEqual([proven]);
  });

  it.each([
    ["on an Instagram account where the setting is on", INSTAGRAM_LOGIN, "on", "r_1"],
    ["not on an Instagram account by default", INSTAGRAM_LOGIN, "auto", undefined],
    ["not on a Page where the setting is off", PAGE, "off", undefined],
  ] as const)("has our id for its echo %s", async (_, to, echoMetadata, metadata) => {
    const seen = graph(accepted);
    await exports.Sender.send(order({ profile: to, echoMetadata }));
    const body = JSON.parse(seen[0]?.body ?? "") as { message: { metadata?: string } };
    expect(body.message.metadata).toBe(metadata);
  });

  it("has the token in its Authorization header and nowhere else", async () => {
    const seen = graph(() => Response.json({ message_id: "mid.1", id: "1" }));
    const orders = [order(), order(message), order(publicReply), order({ profile: PAGE })];
    for (const one of orders) await exports.Sender.send(one);
    expect(seen).toHaveLength(orders.length);
    for (const { url, headers, body } of seen) {
      const { authorization, ...others } = headers;
      expect(authorization).toBe(`Bearer ${TOKEN}`);
      expect([url, body, JSON.stringify(others)].join()).not.toContain(TOKEN);
    }
  });

  it("returns Meta's ids and the values of the usage headers", async () => {
    graph(() =>
      Response.json(
        { recipient_id: PERSON, message_id: "mid.1" },
        { headers: { "x-app-usage": JSON.stringify({ call_count: 81, total_time: 25, total_cputime: 25 }) } },
      ),
    );
    expect(await exports.Sender.send(order())).toEqual({
      outcome: { kind: "accepted", messageId: "mid.1", recipientId: PERSON },
      usage: { percent: 81, regainMs: null },
    });
  });

  it("returns the code of Meta's error, without Meta's message", async () => {
    graph(() => graphError(10, 2534022));
    const answer = await exports.Sender.send(order());
    expect(answer.outcome).toEqual({ kind: "refused", code: "10/2534022", reason: "outside_window" });
    expect(JSON.stringify(answer)).not.toContain("not for the log");
  });

  it.each<[string, () => Response | Promise<Response>, string]>([
    ["the connection breaks", () => Promise.reject(new Error(`lost with ${TOKEN}`)), "network"],
    ["another service responds", () => new Response("<html>", { status: 502 }), "http_502"],
    ["Meta reports success without an id", () => Response.json({}), "http_200"],
  ])("never throws: when %s, the outcome is ambiguous", async (_, respond, code) => {
    graph(respond);
    const answer = await exports.Sender.send(order());
    expect(answer).toMatchObject({ outcome: { kind: "ambiguous", code }, usage: null });
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
  });

  it("times out after ten seconds, and leaves the outcome ambiguous", async () => {
    let signal: AbortSignal | null | undefined;
    vi.spyOn(globalThis, "fetch").mockImplementation((_, init) => {
      signal = init?.signal;
      return new Promise<never>(() => undefined);
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const sending = new Sender(createExecutionContext(), env).send(order());
    await vi.advanceTimersByTimeAsync(9_999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(signal?.aborted).toBe(true);
    expect((await sending).outcome).toMatchObject({ kind: "ambiguous", code: "timeout" });
  });
});

it("sixty-four concurrent sends do not wait for each other", async () => {
  let begun = 0;
  const { promise: allBegun, resolve } = Promise.withResolvers<void>();
  // No request gets a response before all are made. A request that waits for another would time out.
  graph(async () => {
    begun += 1;
    if (begun === 64) resolve();
    await allBegun;
    return accepted();
  });
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => exports.Sender.send(order({ replyId: `r_${index}` }))),
  );
  expect(answers.map(({ outcome }) => outcome.kind)).toEqual(Array.from({ length: 64 }, () => "accepted"));
});

describe("the sender also", () => {
  it("lists recent media, the newest comments of one, conversations, and the app's subscriptions", async () => {
    const seen = graph(() => Response.json({ data: [] }));
    expect(await exports.Sender.recentMedia(INSTAGRAM_LOGIN, TOKEN, 10)).toEqual({ ok: true, value: [] });
    expect(await exports.Sender.mediaComments(INSTAGRAM_LOGIN, TOKEN, "18054321970886143", 50, null)).toEqual({
      ok: true,
      value: { comments: [], after: null },
    });
    expect(await exports.Sender.conversations(INSTAGRAM_LOGIN, TOKEN, 20, null)).toEqual({
      ok: true,
      value: { conversations: [], after: null },
    });
    expect(await exports.Sender.subscriptions(FACEBOOK_LOGIN, TOKEN, { method: "GET" })).toEqual({
      ok: true,
      value: [],
    });
    expect(seen.map(({ method, url }) => `${method} ${url.split("?")[0]}`)).toEqual([
      `GET ${INSTAGRAM}/${INSTAGRAM_ID}/media`,
      `GET ${INSTAGRAM}/18054321970886143/comments`,
      `GET ${INSTAGRAM}/${INSTAGRAM_ID}/conversations`,
      `GET ${FACEBOOK}/${PAGE_ID}/subscribed_apps`,
    ]);
    for (const { headers, url } of seen) {
      expect(headers["authorization"]).toBe(`Bearer ${TOKEN}`);
      expect(url).not.toContain(TOKEN);
    }
  });

  it("deletes a comment", async () => {
    const seen = graph(() => Response.json({ success: true }));
    expect(await exports.Sender.deleteComment(PAGE, TOKEN, COMMENT_ID)).toMatchObject({ ok: true });
    expect(seen.map(({ method, url }) => [method, url.split("?")[0]])).toEqual([
      ["DELETE", `${FACEBOOK}/${COMMENT_ID}`],
    ]);
  });

  it("subscribes and unsubscribes the app", async () => {
    const seen = graph(() => Response.json({ success: true }));
    const fields = ["comments", "messages"];
    expect(await exports.Sender.subscriptions(INSTAGRAM_LOGIN, TOKEN, { method: "POST", fields })).toMatchObject({
      ok: true,
    });
    expect(await exports.Sender.subscriptions(INSTAGRAM_LOGIN, TOKEN, { method: "DELETE" })).toMatchObject({
      ok: true,
    });
    expect(seen.map(({ method, body }) => [method, body])).toEqual([
      ["POST", "subscribed_fields=comments%2Cmessages"],
      ["DELETE", ""],
    ]);
  });
});
