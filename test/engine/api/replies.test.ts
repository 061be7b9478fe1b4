import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import type { Result } from "../../../src/core/result.ts";
import type { ReplyError } from "../../../src/engine/account/contract.ts";
import type { ReplyItem } from "../../../src/api/reply.ts";
import { replyItem as replySchema } from "../../../src/api/reply.ts";
import { ACCOUNT_ID, badFields, call, fakeEnv, refusal, replyItem } from "./fakes.ts";

const REPLIES = `/api/accounts/${ACCOUNT_ID}/replies`;
const KEY = { "Idempotency-Key": "order-4711" };
const BODY = { to: { commentId: "17900000000000001" }, message: { text: "Here it is" } };

type Outcome = Result<ReplyItem, ReplyError>;
const done = (reply: Partial<ReplyItem> = {}): Outcome => ({ ok: true, value: replyItem(reply) });
const refused = (error: ReplyError): Outcome => ({ ok: false, error });

describe("POST /api/accounts/:id/replies", () => {
  it("schedules a reply and returns its location", async () => {
    const createReply = vi.fn(async () => done({ id: "r/1" }));
    const env = fakeEnv({ account: { createReply } });
    const response = await call(env, `POST ${REPLIES}`, { body: BODY, headers: KEY });
    expect(response.status).toBe(201);
    expect(response.headers.get("Location")).toBe(`${REPLIES}/r%2F1`);
    const { reads, ...entries } = replySchema.entries;
    expect(v.parse(v.strictObject({ ...entries, reads }), await response.json())).toEqual(replyItem({ id: "r/1" }));
    expect(createReply).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, { ...BODY, idempotencyKey: "order-4711" });
  });

  it("calls the account directly: no reply waits for the Directory", async () => {
    const env = fakeEnv({ account: { createReply: async () => done() } });
    await call(env, `POST ${REPLIES}`, { body: BODY, headers: KEY });
    expect(env.asked).toEqual([`account ${ACCOUNT_ID}`]);
  });

  it("passes a message, its delay and its attachment unchanged", async () => {
    const createReply = vi.fn(async () => done());
    const payload = { template_type: "button", text: "Hi", buttons: [{ type: "postback", title: "Go", payload: "P" }] };
    const body = {
      to: { recipientId: "6000000000000001" },
      message: { attachment: { type: "template", payload } },
      deferSeconds: 0,
    };
    const response = await call(fakeEnv({ account: { createReply } }), `POST ${REPLIES}`, { body, headers: KEY });
    expect(response.status).toBe(201);
    expect(createReply).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, { ...body, idempotencyKey: "order-4711" });
  });

  it("requires an Idempotency-Key, and explains it", async () => {
    const { status, fields = [] } = await refusal(await call(fakeEnv(), `POST ${REPLIES}`, { body: BODY }));
    expect(status).toBe(400);
    expect(fields).toEqual([
      { field: "Idempotency-Key", message: expect.stringMatching(/^is required: .*UUID/) as string },
    ]);
  });

  it.each(["", "two words", "x".repeat(256), "tab\there"])("refuses the Idempotency-Key %.20s", async (key) => {
    const response = await call(fakeEnv(), `POST ${REPLIES}`, { body: BODY, headers: { "Idempotency-Key": key } });
    expect(await badFields(response)).toEqual(["Idempotency-Key"]);
  });

  it.each<[string, unknown, string[]]>([
    ["nothing", {}, ["to", "message"]],
    ["no target", { ...BODY, to: {} }, ["to"]],
    ["two targets", { ...BODY, to: { commentId: "1", recipientId: "2" } }, ["to"]],
    [
      "an id that is a number, and has lost digits",
      { ...BODY, to: { commentId: 17900000000000000 } },
      ["to.commentId"],
    ],
    ["an empty id", { ...BODY, to: { recipientId: "" } }, ["to.recipientId"]],
    ["another kind of target", { ...BODY, to: { userId: "1" } }, ["to.userId"]],
    ["a message that is a string", { ...BODY, message: "Here it is" }, ["message"]],
    ["an empty message", { ...BODY, message: {} }, ["message"]],
    ["an empty text", { ...BODY, message: { text: "" } }, ["message.text"]],
    ["a text and an attachment", { ...BODY, message: { text: "a", attachment: { type: "image" } } }, ["message"]],
    ["a text too long for any platform", { ...BODY, message: { text: "a".repeat(2001) } }, ["message.text"]],
    [
      "an attachment without a type",
      { ...BODY, message: { attachment: { payload: {} } } },
      ["message.attachment.type"],
    ],
    ["an image without a URL", { ...BODY, message: { attachment: { type: "image" } } }, ["message.attachment.payload"]],
    [
      "a quick reply that is a number, and one without text",
      { ...BODY, message: { text: "a", quick_replies: [1, { content_type: "text" }] } },
      ["message.quick_replies[0]", "message.quick_replies[1].title"],
    ],
    [
      "14 quick replies",
      { ...BODY, message: { text: "a", quick_replies: Array(14).fill("a") } },
      ["message.quick_replies"],
    ],
    ["a delay of more than a day", { ...BODY, deferSeconds: 86_401 }, ["deferSeconds"]],
    ["a delay that is a string", { ...BODY, deferSeconds: "10" }, ["deferSeconds"]],
    ["a key of Meta's API", { ...BODY, recipient: { id: "1" } }, ["recipient"]],
  ])("refuses %s", async (_what, body, fields) => {
    expect(await badFields(await call(fakeEnv(), `POST ${REPLIES}`, { body, headers: KEY }))).toEqual(fields);
  });
});

describe("an error of the account", () => {
  const cases: [ReplyError, number, string][] = [
    [{ reason: "not_found" }, 404, "Reply not found"],
    [{ reason: "not_connected" }, 409, "no token"],
    [{ reason: "already_replied", replyId: "r-7" }, 409, "r-7"],
    [{ reason: "key_reused", replyId: "r-8" }, 409, "r-8"],
    [{ reason: "outside_window" }, 409, "window"],
    [{ reason: "too_late", state: "sent" }, 409, "sent"],
    [{ reason: "not_uncertain", state: "pending" }, 409, "pending"],
  ];

  it.each(cases)("%j keeps its reason as code, with status %i", async (error, status, words) => {
    const answer = async () => refused(error);
    const env = fakeEnv({
      account: { createReply: answer, cancelReply: answer, sendReplyNow: answer, resolveReply: answer },
    });
    const responses = [
      await call(env, `POST ${REPLIES}`, { body: BODY, headers: KEY }),
      await call(env, `POST ${REPLIES}/r-1/cancel`),
      await call(env, `POST ${REPLIES}/r-1/send-now`),
      await call(env, `POST ${REPLIES}/r-1/resolve`, { body: { as: "sent" } }),
    ];
    for (const response of responses) {
      const { message, ...rest } = await refusal(response);
      expect(rest).toEqual({ status, code: error.reason });
      expect(message).toContain(words);
    }
  });
});

describe("a reply", () => {
  it("can be read, cancelled, sent now and settled by a person", async () => {
    const account = {
      reply: vi.fn(async () => replyItem()),
      cancelReply: vi.fn(async () => done({ state: "cancelled" })),
      sendReplyNow: vi.fn(async () => done({ dueAt: 1 })),
      resolveReply: vi.fn(async () => done({ state: "sent" })),
    };
    const env = fakeEnv({ account });
    const statuses = [
      await call(env, `GET ${REPLIES}/r%2F1`),
      await call(env, `POST ${REPLIES}/r%2F1/cancel`),
      await call(env, `POST ${REPLIES}/r%2F1/send-now`),
      await call(env, `POST ${REPLIES}/r%2F1/resolve`, { body: { as: "retry" } }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(account.reply).toHaveBeenCalledExactlyOnceWith("r/1");
    expect(account.cancelReply).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, "r/1");
    expect(account.sendReplyNow).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, "r/1");
    expect(account.resolveReply).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, "r/1", "retry");
  });

  it("that does not exist returns 404", async () => {
    const env = fakeEnv({ account: { reply: async () => null } });
    expect(await refusal(await call(env, `GET ${REPLIES}/r-1`))).toMatchObject({ status: 404, code: "not_found" });
  });

  it("can be settled as sent, refused or retry only", async () => {
    const paths = [{}, { as: "pending" }, { as: "sent", note: "saw it" }];
    const fields = await Promise.all(
      paths.map(async (body) => await badFields(await call(fakeEnv(), `POST ${REPLIES}/r-1/resolve`, { body }))),
    );
    expect(fields).toEqual([["as"], ["as"], ["note"]]);
  });
});

describe("the list of replies", () => {
  it("can be filtered by state and event", async () => {
    const replies = vi.fn(async () => ({ items: [replyItem()], nextCursor: null }));
    const eventId = "instagram:1:message:a+/b==";
    const path = `${REPLIES}?state=uncertain&eventId=${encodeURIComponent(eventId)}`;
    expect((await call(fakeEnv({ account: { replies } }), `GET ${path}`)).status).toBe(200);
    expect(replies).toHaveBeenCalledExactlyOnceWith({ limit: 50, state: "uncertain", eventId });
    expect(await badFields(await call(fakeEnv(), `GET ${REPLIES}?state=open`))).toEqual(["state"]);
  });
});
