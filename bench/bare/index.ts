/**
 * A minimal receiver: verifies the signature, sends the body to the queue, answers 200. It shares no code with
 * Replyline's receiver. So that the engine does the same work for both, the message is a comment in the engine's
 * format, built without reading the body.
 */
interface Env {
  EVENTS: Queue;
  META_APP_SECRETS: string;
}

let key: Promise<CryptoKey> | null = null;

export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response("ok");
    const body = await request.arrayBuffer();
    key ??= crypto.subtle.importKey(
      "raw",
      new TextEncoder().encode(env.META_APP_SECRETS),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["verify"],
    );
    const hex = request.headers.get("x-hub-signature-256")?.slice("sha256=".length) ?? "";
    const signature = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    if (!(await crypto.subtle.verify("HMAC", await key, signature, body))) return new Response(null, { status: 401 });
    const now = Date.now();
    await env.EVENTS.send({
      v: 1,
      id: `bare:${crypto.randomUUID()}`,
      accountId: request.headers.get("x-bench-account") ?? "1",
      object: "instagram",
      kind: "comment",
      field: "comments",
      occurredAt: now,
      receivedAt: now,
      deliveryId: "bare",
      test: false,
      raw: new TextDecoder().decode(body),
      proof: { secret: "bare", form: "raw" },
    });
    return new Response("ok");
  },
} satisfies ExportedHandler<Env>;
