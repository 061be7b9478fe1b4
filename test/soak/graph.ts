/**
 * Simulates Meta in a separate process that is never killed. It accepts replies, enforces one private reply per
 * comment, fails in ambiguous ways, and sends echoes. It writes every call to a file on disk before it responds.
 */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Random } from "../fuzz/random.ts";
import type { Echo, GraphRecord, GraphSettings, SendKind } from "./graph-log.ts";
import { eventIdOf, numberOf, personIdOf, tokenOf } from "./ids.ts";

const { port, logPath, seed } = JSON.parse(process.argv[2] ?? "{}") as GraphSettings;

const random = new Random(seed, 1);
const file = openSync(logPath, "a");
const replied = new Set<string>();
let calm = false;
let messages = 0;

function record(entry: GraphRecord): void {
  writeSync(file, `${JSON.stringify(entry)}\n`);
  fsyncSync(file);
}

/**
 * The result of a call. `after`: the reply is sent, but the caller does not get the response. `before`: the reply is
 * not sent, and the caller does not know that either.
 */
const FAULTS = {
  private_reply: {
    none: 950,
    reset_after: 15,
    hang_after: 4,
    error_after: 12,
    error_before: 10,
    reset_before: 6,
    throttled: 3,
  },
  message: {
    none: 955,
    reset_after: 15,
    hang_after: 4,
    error_after: 12,
    error_before: 8,
    reset_before: 6,
    throttled: 0,
  },
  // Meta has returned 400 for public replies that it had created.
  public_reply: {
    none: 960,
    reset_after: 12,
    hang_after: 3,
    error_after: 10,
    error_before: 10,
    reset_before: 5,
    throttled: 0,
  },
} as const;

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

interface Call {
  account: string;
  kind: SendKind;
  /** The comment, or the person. */
  to: string;
  text: string;
}

async function send(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedAt = Date.now();
  const fault = calm ? "none" : random.weighted(FAULTS[call.kind]);
  const latencyMs = calm ? 20 : random.int(20, 180);
  await pause(latencyMs);
  const entry = { type: "send", ...call, arrivedAt, at: Date.now() } as const;
  const answer = (status: number, body: object): void => {
    // The caller may have been killed. Meta would not notice that either.
    if (!response.destroyed)
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const error = (code: number, subcode?: number): object => ({
    error: { message: "(soak)", code, error_subcode: subcode },
  });

  if (fault === "throttled") {
    record({ ...entry, outcome: "throttled", effect: false, messageId: null });
    return answer(400, error(613));
  }
  if (fault === "error_before" || fault === "reset_before") {
    record({ ...entry, outcome: fault, effect: false, messageId: null });
    return fault === "reset_before" ? void request.socket.destroy() : answer(500, error(2));
  }
  if (call.kind === "private_reply" && replied.has(call.to)) {
    record({ ...entry, outcome: "refused", effect: false, messageId: null });
    // Two responses that Meta has returned in this case.
    return random.chance(0.5) ? answer(400, error(10900)) : answer(400, error(100, 2534025));
  }
  const messageId = `m_soak${String(++messages).padStart(9, "0")}`;
  if (call.kind === "private_reply") replied.add(call.to);
  record({ ...entry, outcome: fault === "none" ? "sent" : fault, effect: true, messageId });
  if (call.kind !== "public_reply" && random.chance(0.85)) void echo(call, messageId);
  await pause(latencyMs);
  switch (fault) {
    case "none":
      return answer(
        200,
        call.kind === "public_reply" ? { id: messageId } : { recipient_id: "1", message_id: messageId },
      );
    case "reset_after":
      return void request.socket.destroy();
    case "error_after":
      return call.kind === "public_reply" ? answer(400, error(20, 1772107)) : answer(500, error(1));
    case "hang_after":
      // Until the caller times out.
      return;
  }
}

/** Meta sends an echo for every message of the account. */
async function echo({ account, to, kind, text }: Call, messageId: string): Promise<void> {
  const person = kind === "private_reply" ? personIdOf(numberOf(to)) : to;
  await pause(random.int(50, 2_000));
  const item = {
    sender: { id: account },
    recipient: { id: person },
    timestamp: Date.now(),
    message: { mid: messageId, text, is_echo: true },
  };
  const body = { object: "instagram", entry: [{ id: account, time: Date.now(), messaging: [item] }] };
  process.send?.({ id: eventIdOf(account, "echo", messageId), text: JSON.stringify(body) } satisfies Echo);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? "";
  const text = await readText(request);
  if (url === "/soak/calm") {
    calm = true;
    response.end();
    return;
  }
  const [, node = "", edge] = /^\/v[\d.]+\/(\d+)\/(messages|replies)$/.exec(url) ?? [];
  const account = request.headers.authorization?.slice("Bearer ".length).slice(tokenOf("").length) ?? "";
  if (edge === "messages" && account === node) {
    const body = JSON.parse(text) as { recipient: { comment_id?: string; id?: string }; message: { text: string } };
    const { comment_id: commentId, id } = body.recipient;
    const kind = commentId === undefined ? "message" : "private_reply";
    return send({ account, kind, to: commentId ?? id ?? "", text: body.message.text }, request, response);
  }
  if (edge === "replies" && account !== "") {
    const message = new URLSearchParams(text).get("message") ?? "";
    return send({ account, kind: "public_reply", to: node, text: message }, request, response);
  }
  // The owner of the token with its two ids, requested after an account is connected.
  if (request.method === "GET" && /^\/v[\d.]+\/me\?/.test(url) && account !== "") {
    const who = { id: `9${account}`, user_id: account, username: "bakery" };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(who));
    return;
  }
  record({ type: "unexpected", method: request.method ?? "", path: url, at: Date.now() });
  response.writeHead(404).end();
}

const server = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
});
server.listen(port, "127.0.0.1", () => process.send?.("ready"));
// Exits with the soak in any case.
process.on("disconnect", () => {
  closeSync(file);
  process.exit(0);
});
