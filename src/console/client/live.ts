/** The live feed's connection: it comes back by itself, and says when it is away. */
import { accountId, signInAgain } from "./api.ts";

export interface LiveHandlers<Message> {
  /** A message of the object's. */
  message(message: Message): void;
  /** The connection stands (again): read what was missed. */
  connected(): void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 20_000;
/** Proxies cut a silent connection after a minute or more; the object answers a ping without waking. */
const PING_MS = 25_000;
const PONG_MS = 8_000;
/** The session that opened the connection is over. */
const SESSION_OVER = 4401;

export type LiveState = "connecting" | "live" | "disconnected";

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
    addEventListener("offline", () => this.#socket?.close());
    for (const sign of document.querySelectorAll<HTMLElement>("[data-live]")) {
      sign.addEventListener("click", () => this.#now());
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
    socket.addEventListener("open", () => {
      this.#failures = 0;
      show("live", "Live");
      this.#keepAlive(socket);
      this.#handlers.connected();
    });
    socket.addEventListener("message", ({ data }) => {
      if (data === "pong") clearTimeout(this.#pongDue);
      else if (typeof data === "string") this.#handlers.message(JSON.parse(data) as Message);
    });
    socket.addEventListener("close", ({ code }) => this.#lost(socket, code));
  }

  #lost(socket: WebSocket, code: number): void {
    if (this.#socket !== socket) return;
    clearInterval(this.#ping);
    clearTimeout(this.#pongDue);
    if (code === SESSION_OVER) {
      signInAgain("unasked");
      return;
    }
    this.#failures++;
    // Up to half as long again, so that all the tabs of an office do not come back in the same moment.
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS) * (1 + Math.random() / 2);
    show("disconnected", "Disconnected, trying again");
    this.#retry = setTimeout(() => this.#connect(), delayMs);
  }

  #now(): void {
    if (this.#socket?.readyState === WebSocket.OPEN || this.#socket?.readyState === WebSocket.CONNECTING) return;
    this.#connect();
  }

  #keepAlive(socket: WebSocket): void {
    clearInterval(this.#ping);
    this.#ping = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send("ping");
      clearTimeout(this.#pongDue);
      // Half-open: the network is gone and nobody said so.
      this.#pongDue = setTimeout(() => {
        socket.close();
        this.#lost(socket, 0);
      }, PONG_MS);
    }, PING_MS);
  }
}

function show(state: LiveState, words: string): void {
  for (const sign of document.querySelectorAll<HTMLElement>("[data-live]")) {
    sign.dataset["live"] = state;
    const text = sign.querySelector("span");
    if (text !== null && text.textContent !== words) text.textContent = words;
  }
}
