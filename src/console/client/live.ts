/** The live feed's connection: reconnects automatically and shows its state. */
import { accountId, signInAgain, signInIfOver } from "./api.ts";
import { type Retry, retryAfter, SESSION_OVER } from "./live-retry.ts";

export interface LiveHandlers<Message> {
  /** A message of the object's. */
  message(message: Message): void;
  /** The connection stands (again), or there is no place for one: read what was missed. */
  connected(): void;
}

/** Proxies cut a silent connection after a minute or more; the object answers a ping without waking. */
const PING_MS = 25_000;
const PONG_MS = 8_000;
export type LiveState = "connecting" | "live" | Retry["state"];

export class Live<Message> {
  readonly #handlers: LiveHandlers<Message>;
  #socket: WebSocket | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #pongDue: ReturnType<typeof setTimeout> | undefined;

  constructor(handlers: LiveHandlers<Message>) {
    this.#handlers = handlers;
  }

  start(): void {
    addEventListener("online", () => this.#now());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#now();
    });
    addEventListener("offline", () => this.#socket?.close());
    for (const indicator of document.querySelectorAll<HTMLElement>("[data-live]")) {
      indicator.addEventListener("click", () => this.#now());
    }
    this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    const address = new URL(`/console/live/${encodeURIComponent(accountId())}`, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    if (this.#failures === 0) show("connecting", "Connecting");
    let stands = false;
    // Not yet live: a window too many is let in and shown out again. What is answered by a pong stands.
    socket.addEventListener("open", () => this.#keepAlive(socket));
    socket.addEventListener("message", ({ data }) => {
      if (data === "pong") clearTimeout(this.#pongDue);
      else if (typeof data === "string") this.#handlers.message(JSON.parse(data) as Message);
      if (stands) return;
      stands = true;
      this.#failures = 0;
      show("live", "Live");
      this.#handlers.connected();
    });
    socket.addEventListener("close", ({ code }) => this.#lost(socket, code, stands));
  }

  /** @param stood the connection was more than an attempt */
  #lost(socket: WebSocket, code: number, stood: boolean): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    clearInterval(this.#ping);
    clearTimeout(this.#pongDue);
    if (code === SESSION_OVER) {
      signInAgain("unasked");
      return;
    }
    const { delayMs, state, label, title } = retryAfter(code, ++this.#failures, Math.random());
    show(state, label, title);
    this.#retry = setTimeout(() => this.#connect(), delayMs);
    // Without a place the feed is polled. A connection refused for a missing session only shows as failed, so ask.
    if (state === "crowded") this.#handlers.connected();
    else if (!stood) void signInIfOver();
  }

  #now(): void {
    if (this.#socket !== null) return;
    this.#connect();
  }

  #keepAlive(socket: WebSocket): void {
    clearInterval(this.#ping);
    const ping = (): void => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send("ping");
      clearTimeout(this.#pongDue);
      // Half-open: the network is gone without a close.
      this.#pongDue = setTimeout(() => {
        socket.close();
        this.#lost(socket, 0, true);
      }, PONG_MS);
    };
    ping();
    this.#ping = setInterval(ping, PING_MS);
  }
}

function show(state: LiveState, label: string, title = ""): void {
  for (const indicator of document.querySelectorAll<HTMLElement>("[data-live]")) {
    indicator.dataset["live"] = state;
    indicator.title = title;
    const text = indicator.querySelector("span");
    if (text !== null && text.textContent !== label) text.textContent = label;
  }
}
