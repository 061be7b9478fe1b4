/** A receiver for the battery to try: one that keeps the whole contract, and ways to break it one at a time. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { escapeWire } from "../../../../src/simulator/notifications/wire-format.ts";

export const SECRET = "test_app_secret_not_real";
export const VERIFY_TOKEN = "verify-token-not-real";

/** Each is a mistake that a project of this kind has made (see the battery's reasons). */
export type Defect =
  | "challenge in quotes"
  | "challenge as html"
  | "token not checked"
  | "hangs without mode"
  | "mode not checked"
  | "numbers only"
  | "hashes decoded text"
  | "no escaped form"
  | "signature not checked"
  | "sha1 accepted"
  | "refuses sha1 beside sha256"
  | "leaks the signature"
  | "leaks a stack trace"
  | "throws on odd headers"
  | "400 on bad json"
  | "500 on unknown shapes"
  | "expects an author"
  | "413 on batches"
  | "trusts content-length"
  | "slow";

export interface RunningReceiver {
  url: string;
  close: () => Promise<void>;
}

export async function startReceiver(defect: Defect | null = null): Promise<RunningReceiver> {
  const server = createServer((request, response) => void answer(request, response, defect));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/webhooks`, close: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(request: IncomingMessage, response: ServerResponse, defect: Defect | null): Promise<void> {
  const end = (status: number, body = "", type = "text/plain"): void => {
    response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff" }).end(body);
  };
  try {
    if (request.method === "GET") handshake(request, end, defect);
    else if (request.method === "POST") await notification(request, end, defect);
    else end(405);
  } catch (error) {
    end(500, defect === "leaks a stack trace" ? (error as Error).stack : "");
  }
}

type End = (status: number, body?: string, type?: string) => void;

function handshake(request: IncomingMessage, end: End, defect: Defect | null): void {
  const query = new URL(request.url ?? "/", "http://x").searchParams;
  const mode = query.get("hub.mode");
  const challenges = query.getAll("hub.challenge");
  const [challenge = ""] = challenges;
  const token = query.get("hub.verify_token");
  if (defect === "hangs without mode" && mode === null) return;
  if (mode !== "subscribe" && !(defect === "mode not checked" && mode !== null)) return end(400);
  if (token === null || challenges.length !== 1) return end(400);
  if (token !== VERIFY_TOKEN && defect !== "token not checked") return end(403);
  if (defect === "challenge as html") return end(200, challenge, "text/html");
  if (!/^[\w-]{1,128}$/.test(challenge)) return end(400);
  if (defect === "numbers only" && !/^\d+$/.test(challenge)) return end(400);
  end(200, defect === "challenge in quotes" ? JSON.stringify(challenge) : challenge);
}

async function notification(request: IncomingMessage, end: End, defect: Defect | null): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  let body = Buffer.concat(chunks);
  if (defect === "trusts content-length" && request.headers["content-length"] === undefined) body = Buffer.alloc(0);
  if (defect === "413 on batches" && body.length > 100_000) return end(413);
  const expected = mac("sha256", body);
  const problem = signatureProblem(request, body, defect);
  if (problem !== null) {
    if (defect === "leaks a stack trace") throw new Error("bad signature");
    return end(401, defect === "leaks the signature" ? `expected ${expected}` : "");
  }
  if (defect === "slow") await new Promise((resolve) => setTimeout(resolve, 5100).unref());
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    return end(defect === "400 on bad json" ? 400 : 200);
  }
  if (defect === "500 on unknown shapes") {
    // What a receiver does that knows one shape only.
    const { entry } = parsed as { entry: { changes: { value: { id: string } }[] }[] };
    for (const { changes } of entry) for (const { value } of changes) if (value.id.length === 0) return end(200);
  }
  if (defect === "expects an author") {
    const { entry } = parsed as { entry: { changes?: { value: { from: { id: string } } }[] }[] };
    for (const { changes = [] } of entry) for (const { value } of changes) if (value.from.id === "0") return end(200);
  }
  end(200, JSON.stringify({ received: 1, duplicates: 0 }), "application/json");
}

const mac = (hash: "sha1" | "sha256", body: Uint8Array | string): string =>
  `${hash}=${createHmac(hash, SECRET).update(body).digest("hex")}`;

function signatureProblem(request: IncomingMessage, body: Buffer, defect: Defect | null): string | null {
  if (defect === "signature not checked") return null;
  const sha256 = request.headers["x-hub-signature-256"];
  const sha1 = request.headers["x-hub-signature"];
  if (defect === "sha1 accepted" && sha1 === mac("sha1", body)) return null;
  if (defect === "refuses sha1 beside sha256" && sha1 !== undefined) return "sha1";
  if (typeof sha256 !== "string") return "missing";
  if (defect === "throws on odd headers") timingSafeEqual(Buffer.from(sha256), Buffer.from(mac("sha256", body)));
  const text = body.toString("utf8");
  if (sha256 === mac("sha256", defect === "hashes decoded text" ? text : body)) return null;
  return defect !== "no escaped form" && sha256 === mac("sha256", escapeWire(text)) ? null : "wrong";
}
