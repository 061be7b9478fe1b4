/**
 * The live feed of one account: each watcher gets every change over a WebSocket. The sockets hibernate: between two
 * changes the object may leave memory, and a watched account that nothing happens to costs nothing
 * (https://developers.cloudflare.com/durable-objects/best-practices/websockets/). Nothing is kept for those who are
 * away: the client catches up by `seq` when it comes back.
 */
import type { LiveMessage } from "../../api/feed.ts";
import type { Shown } from "../account/account.ts";
import type { Change } from "../account/ports.ts";

export interface LiveFeedPorts {
  /** The rows as they are now. */
  read(eventIds: readonly string[], replyIds: readonly string[]): Shown;
  now(): number;
  /** Runs it after so many ms. */
  later(delayMs: number, run: () => void): void;
}

/** Changes within this time travel together: a burst is one message, and still looks immediate. */
const GATHER_MS = 60;
/** Rows in one message; a burst larger than this is read from the list. */
const ROWS = 200;
/** Watchers of one account; a person has a few tabs. */
const WATCHERS = 32;
/** The browser's side: its session is over, sign in again. 4000–4999 are for applications (RFC 6455, 7.4.2). */
const SESSION_OVER = 4401;
const TOO_MANY = 4429;

/** Kept with a socket through hibernation. */
interface Watcher {
  /** When the session that opened it ends; null: no end of its own. */
  until: number | null;
}

export class LiveFeed {
  readonly #ctx: DurableObjectState;
  readonly #ports: LiveFeedPorts;
  readonly #events = new Set<string>();
  readonly #replies = new Set<string>();
  #gathering = false;

  constructor(ctx: DurableObjectState, ports: LiveFeedPorts) {
    this.#ctx = ctx;
    this.#ports = ports;
  }

  /** Answers a WebSocket upgrade. The caller has checked who may watch. */
  watch(until: number | null): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    if (this.#ctx.getWebSockets().length >= WATCHERS) {
      server.accept();
      server.close(TOO_MANY, "Too many watchers for this account.");
      return new Response(null, { status: 101, webSocket: client });
    }
    this.#ctx.acceptWebSocket(server);
    // Answered without waking the object.
    this.#ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    server.serializeAttachment({ until } satisfies Watcher);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Called inside the transaction that makes the change; sent after it, from the tables: a change that is rolled back is never sent. */
  changed(change: Change): void {
    if (this.#ctx.getWebSockets().length === 0) return;
    if ("eventId" in change) this.#events.add(change.eventId);
    else this.#replies.add(change.replyId);
    if (this.#gathering) return;
    this.#gathering = true;
    this.#ports.later(GATHER_MS, () => this.#broadcast());
  }

  #broadcast(): void {
    this.#gathering = false;
    const eventIds = [...this.#events];
    const replyIds = [...this.#replies];
    this.#events.clear();
    this.#replies.clear();
    const text = JSON.stringify(this.#message(eventIds, replyIds));
    for (const socket of this.#ctx.getWebSockets()) this.#send(socket, text);
  }

  #message(eventIds: readonly string[], replyIds: readonly string[]): LiveMessage {
    const truncated = eventIds.length > ROWS || replyIds.length > ROWS;
    try {
      return { type: "changes", ...this.#ports.read(eventIds.slice(-ROWS), replyIds.slice(-ROWS)), truncated };
    } catch {
      // The lists report what cannot be read; an error here must not end the object.
      return { type: "changes", events: [], replies: [], truncated: true };
    }
  }

  #send(socket: WebSocket, text: string): void {
    const { until } = socket.deserializeAttachment() as Watcher;
    try {
      if (until !== null && until <= this.#ports.now()) socket.close(SESSION_OVER, "The session has ended.");
      else socket.send(text);
    } catch {
      // It is closing; its watcher comes back and catches up.
    }
  }
}
