/** The live feed over the real object, through the engine's own fetch handler. */
import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { MetaEvent } from "../../../src/core/event.ts";
import { openSession } from "../../../src/engine/auth/session.ts";
import { readConfig } from "../../../src/engine/config.ts";
import type { LiveMessage } from "../../../src/api/feed.ts";

const ORIGIN = "https://replyline.example";

const newAccount = (): string => `1784150${crypto.randomUUID().replaceAll(/\D/g, "").padEnd(10, "7").slice(0, 10)}`;

function commentEvent(accountId: string, key: string, text: string): MetaEvent {
  const now = Date.now();
  const value = { id: key, text, from: { id: "1045872930164827", username: "mara.k" }, media: { id: "1805" } };
  return {
    v: 1,
    id: `instagram:${accountId}:comment:${key}`,
    accountId,
    object: "instagram",
    kind: "comment",
    field: "comments",
    occurredAt: now,
    receivedAt: now,
    deliveryId: "delivery",
    test: false,
    raw: JSON.stringify({ field: "comments", value }),
    proof: { secret: "instagram", form: "raw" },
  };
}

class Watcher {
  readonly messages: LiveMessage[] = [];
  readonly socket: WebSocket;
  closedWith: number | null = null;
  #wake: () => void = () => undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.accept();
    socket.addEventListener("message", ({ data }) => {
      this.messages.push(JSON.parse(data as string) as LiveMessage);
      this.#wake();
    });
    socket.addEventListener("close", ({ code }) => {
      this.closedWith = code;
      this.#wake();
    });
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

async function watch(accountId: string): Promise<Watcher> {
  const config = readConfig(env);
  if (!config.ok) throw new Error("the settings of the tests are wrong");
  const cookie = (await openSession(new URL(ORIGIN), config.value)).split(";")[0] ?? "";
  const headers = { Upgrade: "websocket", Origin: ORIGIN, Cookie: cookie };
  const response = await exports.default.fetch(new Request(`${ORIGIN}/console/live/${accountId}`, { headers }));
  expect(response.status).toBe(101);
  if (response.webSocket === null) throw new Error("no WebSocket");
  return new Watcher(response.webSocket);
}

const objectOf = (id: string) => env.ACCOUNTS.getByName(id);

describe("the live feed", () => {
  it("tells every watcher of a new event as a row, and of its duplicates", async () => {
    const id = newAccount();
    await objectOf(id).ingest(id, [commentEvent(id, "1", "before")]);
    const [one, two] = [await watch(id), await watch(id)];
    await objectOf(id).ingest(id, [commentEvent(id, "2", "hello there"), commentEvent(id, "3", "and again")]);
    await one.until(() => one.messages.length > 0);
    await two.until(() => two.messages.length > 0);
    expect(one.messages).toEqual(two.messages);
    expect(one.messages[0]).toMatchObject({ type: "changes", truncated: false, replies: [] });
    expect(one.messages[0]?.events.map(({ text, username, duplicates }) => [text, username, duplicates])).toEqual([
      ["and again", "mara.k", 0],
      ["hello there", "mara.k", 0],
    ]);

    await objectOf(id).ingest(id, [commentEvent(id, "2", "hello there")]);
    await one.until(() => one.messages.length > 1);
    expect(one.messages[1]?.events.map(({ text, duplicates }) => [text, duplicates])).toEqual([["hello there", 1]]);
    one.socket.close();
    two.socket.close();
  });

  it("tells of a reply when it is made and when it is cancelled", async () => {
    const id = newAccount();
    const account = objectOf(id);
    await account.link(id, { platform: "instagram", login: "instagram", accessToken: "token-not-real" });
    await account.putAutomations(
      id,
      [
        {
          id: "guide",
          name: "Send the guide",
          enabled: true,
          trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: [] },
          actions: { privateReply: { text: "Here it is" } },
          deferSeconds: 86_400,
        },
      ],
      null,
    );
    const watcher = await watch(id);
    await account.ingest(id, [commentEvent(id, "1", "the guide please")]);
    await watcher.until(() => watcher.messages.some(({ replies }) => replies.length > 0));
    const [reply] = watcher.messages.flatMap(({ replies }) => replies);
    expect(reply).toMatchObject({ state: "pending", automationId: "guide", message: { text: "Here it is" } });
    await account.cancelReply(id, reply?.id ?? "");
    await watcher.until(() =>
      watcher.messages.flatMap(({ replies }) => replies).some(({ state }) => state === "cancelled"),
    );
    watcher.socket.close();
  });

  it("says that more has happened than it tells when a burst is too large for one message", async () => {
    const id = newAccount();
    await objectOf(id).ingest(id, [commentEvent(id, "0", "first")]);
    const watcher = await watch(id);
    const burst = Array.from({ length: 250 }, (_, index) => commentEvent(id, String(index + 1), `remark ${index}`));
    await objectOf(id).ingest(id, burst);
    await watcher.until(() => watcher.messages.length > 0);
    expect(watcher.messages[0]?.truncated).toBe(true);
    expect(watcher.messages[0]?.events).toHaveLength(200);
    watcher.socket.close();
  });

  it("closes a watcher whose session is over, at the next change", async () => {
    const id = newAccount();
    await objectOf(id).ingest(id, [commentEvent(id, "1", "first")]);
    const response = await objectOf(id).fetch("https://account/live", {
      headers: { Upgrade: "websocket", "Replyline-Session-Until": String(Date.now() - 1) },
    });
    if (response.webSocket === null) throw new Error("no WebSocket");
    const watcher = new Watcher(response.webSocket);
    await objectOf(id).ingest(id, [commentEvent(id, "2", "second")]);
    await watcher.until(() => watcher.closedWith !== null);
    expect(watcher.closedWith).toBe(4401);
    expect(watcher.messages).toEqual([]);
  });

  it("answers a ping without a word from the object", async () => {
    const id = newAccount();
    await objectOf(id).ingest(id, [commentEvent(id, "1", "first")]);
    const response = await objectOf(id).fetch("https://account/live", { headers: { Upgrade: "websocket" } });
    const { webSocket } = response;
    if (webSocket === null) throw new Error("no WebSocket");
    webSocket.accept();
    const answer = new Promise<unknown>((resolve) =>
      webSocket.addEventListener("message", ({ data }) => resolve(data)),
    );
    webSocket.send("ping");
    expect(await answer).toBe("pong");
    webSocket.close();
  });
});
