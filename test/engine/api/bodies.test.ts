import { describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/engine/api/app.ts";
import { MAX_BODY_BYTES } from "../../../src/engine/api/checks.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import { ACCOUNT_ID, ADMIN_TOKEN, badFields, call, fakeEnv, refusal } from "./fakes.ts";

const PATH = `/api/accounts/${ACCOUNT_ID}/settings`;

function settingsEnv() {
  const changeSettings = vi.fn(async () => DEFAULT_SETTINGS);
  return { env: fakeEnv({ account: { settings: async () => DEFAULT_SETTINGS, changeSettings } }), changeSettings };
}

async function send(body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
  const request = new Request(`https://replyline.example${PATH}`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json", ...headers },
    body,
  });
  return await createApp().request(request, undefined, settingsEnv().env);
}

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      const size = Math.min(left, 65_536);
      if (size === 0) controller.close();
      else controller.enqueue(new Uint8Array(size).fill(0x20));
      left -= size;
    },
  });
}

describe("a body", () => {
  it.each(["", "{", '{"deferSeconds":5', "{'deferSeconds':5}", "deferSeconds=5", "\u{feff}x", "undefined"])(
    "that is not JSON (%s) is refused",
    async (body) => {
      expect(await refusal(await send(body))).toMatchObject({ status: 400, code: "malformed_json" });
    },
  );

  it("that is not UTF-8 is refused", async () => {
    const response = await send(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]));
    expect(response.status).toBe(400);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", "json"])(
    "of type %s is refused: other sites may send it without a preflight request",
    async (type) => {
      const response = await send('{"deferSeconds":5}', { "Content-Type": type });
      expect(await refusal(response)).toMatchObject({ status: 415, code: "unsupported_media_type" });
    },
  );

  it("without a type is refused", async () => {
    const { env } = settingsEnv();
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    const body = new TextEncoder().encode('{"deferSeconds":5}');
    const response = await createApp().request(
      `https://replyline.example${PATH}`,
      { method: "PUT", headers, body },
      env,
    );
    expect(response.status).toBe(415);
  });

  it.each(["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"])(
    "of type %s is read",
    async (type) => {
      expect((await send('{"deferSeconds":5}', { "Content-Type": type })).status).toBe(200);
    },
  );

  it("larger than 1 MiB is refused, whether its Content-Length is right, missing or wrong", async () => {
    const tooLarge = { status: 413, code: "too_large" };
    const padded = `{"deferSeconds":5${" ".repeat(MAX_BODY_BYTES)}}`;
    expect(await refusal(await send(padded))).toMatchObject(tooLarge);
    expect(await refusal(await send(streamOf(MAX_BODY_BYTES + 1)))).toMatchObject(tooLarge);
    expect(await refusal(await send(streamOf(MAX_BODY_BYTES + 1), { "Content-Length": "5" }))).toMatchObject(tooLarge);
    expect(await refusal(await send("{}", { "Content-Length": String(MAX_BODY_BYTES + 1) }))).toMatchObject(tooLarge);
  });

  it("of exactly 1 MiB is read", async () => {
    const json = '{"deferSeconds":5}';
    expect((await send(json + " ".repeat(MAX_BODY_BYTES - json.length))).status).toBe(200);
  });

  it("nested a hundred thousand levels deep is refused without a crash", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect((await send(deep)).status).toBe(400);
    const { env } = settingsEnv();
    const message = `{"to":{"recipientId":"1"},"message":{"attachment":{"type":"template","payload":${deep}}}}`;
    const response = await call(env, `POST /api/accounts/${ACCOUNT_ID}/replies`, {
      body: message,
      headers: { "Idempotency-Key": "k" },
    });
    expect(await badFields(response)).toEqual(["message.attachment.payload"]);
  });

  it("with a key of the object prototype is refused and changes nothing", async () => {
    for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const response = await send(`{"${key}":{"polluted":true},"pacing":{"${key}":{"polluted":true}}}`);
      expect(await badFields(response)).toEqual([`pacing.${key}`, key]);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("is not read if the route does not use it", async () => {
    const cancelReply = vi.fn(async () => ({ ok: false, error: { reason: "not_found" } }) as const);
    const env = fakeEnv({ account: { cancelReply } });
    const response = await call(env, `POST /api/accounts/${ACCOUNT_ID}/replies/r-1/cancel`, { body: "{{{" });
    expect(response.status).toBe(404);
    expect(cancelReply).toHaveBeenCalledOnce();
  });
});
