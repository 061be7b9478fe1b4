import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sign } from "../../src/meta/signature.ts";
import { recorded } from "./bindings.ts";
import { logLines } from "./log-lines.ts";
import { bytesOf, commentsBody, OTHER_SECRET, signedRequest, WEBHOOKS } from "./requests.ts";

beforeEach(() => void logLines());

describe("a delivery", () => {
  it("goes through the real queue and KV, and is recognized afterwards", async () => {
    const body = commentsBody(3);
    const deliver = async (): Promise<unknown> => (await exports.default.fetch(await signedRequest(body))).json();
    expect(await deliver()).toEqual({ received: 3, duplicates: 0 });
    await vi.waitFor(async () => {
      expect((await env.KV.list({ prefix: "seen:instagram:17841460928374651:comment:" })).keys).toHaveLength(3);
    });
    expect(await deliver()).toEqual({ received: 3, duplicates: 3 });
  });

  it("may be signed with any of the secrets, and the event records which", async () => {
    const receiver = recorded();
    await receiver.fetch(await signedRequest(commentsBody(1), { secret: OTHER_SECRET }));
    expect(receiver.queue.events[0]?.proof).toEqual({ secret: "meta", form: "raw" });
  });

  it("in UTF-8 may be signed in its escaped form", async () => {
    const receiver = recorded();
    const escaped = commentsBody(1);
    const decoded = escaped.replace("\\ud83d\\ude4f", "🙏");
    const signature = await sign(bytesOf(escaped), "test_app_secret_not_real");
    const headers = { "x-hub-signature-256": signature };
    const response = await receiver.fetch(new Request(WEBHOOKS, { method: "POST", body: decoded, headers }));
    expect(response.status).toBe(200);
    expect(receiver.queue.events[0]?.proof).toEqual({ secret: "instagram", form: "escaped" });
    expect(receiver.queue.events[0]?.raw).toContain("🙏");
  });

  it("that is signed but unreadable is stored and gets a 200", async () => {
    const receiver = recorded();
    const response = await receiver.fetch(await signedRequest("not JSON at all"));
    expect(await response.json()).toEqual({ received: 1, duplicates: 0 });
    const [event] = receiver.queue.events;
    expect(event).toMatchObject({ kind: "quarantine", accountId: "" });
    expect(JSON.parse(event?.raw ?? "")).toMatchObject({ body: "not JSON at all" });
  });

  it("that is signed but not text is stored byte for byte", async () => {
    const receiver = recorded();
    await receiver.fetch(await signedRequest(Uint8Array.of(0x7b, 0xff, 0x7d)));
    expect(JSON.parse(receiver.queue.events[0]?.raw ?? "")).toMatchObject({ encoding: "base64", body: "e/99" });
  });

  it("that was only partly understood is logged without its content", async () => {
    const lines = logLines();
    const entries = '{"id":"1"},{"id":"1","messaging":[7,{"canary":{}}]}';
    await recorded().fetch(await signedRequest(`{"object":"page","entry":[${entries}]}`));
    const deliveryId = expect.stringMatching(/^[0-9a-f]{64}$/);
    const counts = { received: 2, quarantined: 1, unknown: 1, entriesWithoutEvents: 1 };
    const proof = { signedWith: "instagram", form: "raw" };
    expect(lines()).toEqual([{ event: "delivery_noteworthy", deliveryId, ...counts, ...proof }]);
  });

  it("that is successful is not logged", async () => {
    const lines = logLines();
    await recorded().fetch(await signedRequest(commentsBody(1)));
    expect(lines()).toEqual([]);
  });

  it("without events gets a 200 and uses neither queue nor KV", async () => {
    const receiver = recorded();
    const response = await receiver.fetch(await signedRequest('{"object":"page","entry":[]}'));
    expect(await response.json()).toEqual({ received: 0, duplicates: 0 });
    expect([receiver.queue.batches, receiver.kv.reads, receiver.kv.writes]).toEqual([[], [], []]);
  });

  it("gets its time from the receiver's clock, after the body was read", async () => {
    const receiver = recorded();
    const { readable, writable } = new IdentityTransformStream();
    const body = bytesOf(commentsBody(1));
    const headers = { "x-hub-signature-256": await sign(body, "test_app_secret_not_real") };
    const answer = receiver.fetch(new Request(WEBHOOKS, { method: "POST", body: readable, headers }));
    const writer = writable.getWriter();
    await writer.write(body.slice(0, 10));
    await scheduler.wait(20);
    const lastBytesAt = Date.now();
    await writer.write(body.slice(10));
    await writer.close();
    expect((await answer).status).toBe(200);
    expect(receiver.queue.events[0]?.receivedAt).toBeGreaterThanOrEqual(lastBytesAt);
  });
});

describe("a delivery is refused without a response body and without effects", () => {
  const body = commentsBody(1);
  const unsigned = (headers: Record<string, string>): Request =>
    new Request(WEBHOOKS, { method: "POST", body, headers });

  it.each<[string, () => Request | Promise<Request>, number]>([
    ["without a signature", () => unsigned({}), 401],
    ["with a SHA-1 signature only", () => unsigned({ "x-hub-signature": `sha1=${"0".repeat(40)}` }), 401],
    ["with a malformed signature", () => unsigned({ "x-hub-signature-256": "sha256=abc" }), 401],
    ["with another's signature", () => signedRequest(body, { secret: "not ours" }), 401],
    ["with an empty body and another's signature", () => signedRequest("", { secret: "not ours" }), 401],
    ["when it is encoded", () => signedRequest(body, { headers: { "content-encoding": "gzip" } }), 415],
    ["when it is encoded twice", () => signedRequest(body, { headers: { "content-encoding": "identity, br" } }), 415],
  ])("%s", async (_, request, status) => {
    const receiver = recorded();
    const response = await receiver.fetch(await request());
    expect([response.status, await response.text()]).toEqual([status, ""]);
    expect([receiver.queue.batches, receiver.kv.reads, receiver.kv.writes]).toEqual([[], [], []]);
  });

  it("but not for the encoding identity", async () => {
    const response = await recorded().fetch(await signedRequest(body, { headers: { "content-encoding": "identity" } }));
    expect(response.status).toBe(200);
  });

  it("and the log has the likely cause, but no part of the body", async () => {
    const lines = logLines();
    await recorded().fetch(await signedRequest('{"object": "instagram", "entry": "canary"}', { secret: "not ours" }));
    expect(lines()).toEqual([{ event: "delivery_refused", cause: "re_encoded", bytes: 42 }]);
  });
});

describe("a body's size", () => {
  const limit = (bytes: number): ReturnType<typeof recorded> => recorded({ MAX_BODY_BYTES: String(bytes) });
  const size = commentsBody(1).length;

  it("may be as large as allowed", async () => {
    expect((await limit(size).fetch(await signedRequest(commentsBody(1)))).status).toBe(200);
  });

  it("may not be larger according to Content-Length", async () => {
    const receiver = limit(size - 1);
    expect((await receiver.fetch(await signedRequest(commentsBody(1)))).status).toBe(413);
    expect(receiver.queue.batches).toEqual([]);
  });

  it("is counted as it arrives without Content-Length", async () => {
    const receiver = limit(100_000);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 10_000;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    const headers = { "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
    const request = new Request(WEBHOOKS, { method: "POST", body: endless, headers });
    expect(request.headers.has("content-length")).toBe(false);
    expect((await receiver.fetch(request)).status).toBe(413);
    expect(pulled).toBeLessThan(200_000);
  });

  it("is counted even if Content-Length is smaller", async () => {
    const request = await signedRequest(commentsBody(1), { headers: { "content-length": "1" } });
    expect((await limit(size - 1).fetch(request)).status).toBe(413);
  });

  it("is four mebibytes at most by default", async () => {
    const receiver = recorded({ MAX_BODY_BYTES: undefined });
    const padded = (bytes: number): string => `{"object":"page","entry":[]${" ".repeat(bytes - 28)}}`;
    expect((await receiver.fetch(await signedRequest(padded(4_194_305)))).status).toBe(413);
    expect((await receiver.fetch(await signedRequest(padded(4_194_304)))).status).toBe(200);
  });

  it("that is interrupted gets a 503, so that Meta sends it again", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("connection lost"));
      },
    });
    const headers = { "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
    const receiver = recorded();
    const response = await receiver.fetch(new Request(WEBHOOKS, { method: "POST", body: broken, headers }));
    expect([response.status, receiver.queue.batches]).toEqual([503, []]);
  });
});
