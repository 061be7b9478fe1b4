/** Requests to the receiver under test: those that Meta makes, and those that Meta never makes. */
import { createHmac } from "node:crypto";
import { RESPONSE_DEADLINE_MS } from "../../delivery/retry-schedule.ts";
import { USER_AGENT } from "../../delivery/delivery-attempt.ts";

export interface ProbeResponse {
  /** null: no response. */
  status: number | null;
  problem: "timeout" | "unreachable" | null;
  headers: Headers;
  body: string;
  durationMs: number;
}

export interface Post {
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  headers?: Readonly<Record<string, string | null>>;
}

/** Longer than Meta waits, to tell late responses from missing ones. */
const PATIENCE_MS = 3 * RESPONSE_DEADLINE_MS;

const bytesOf = (body: string | Uint8Array): Buffer =>
  typeof body === "string" ? Buffer.from(body, "utf8") : Buffer.from(body);

const hmac = (hash: "sha1" | "sha256", secret: string, body: string | Uint8Array): string =>
  `${hash}=${createHmac(hash, secret).update(bytesOf(body)).digest("hex")}`;

export class Probe {
  readonly url: string;
  readonly secret: string;
  readonly verifyToken: string;
  /** Values that a response must never contain. */
  readonly #secrets: readonly string[];

  constructor(url: string, secret: string, verifyToken: string) {
    this.url = url;
    this.secret = secret;
    this.verifyToken = verifyToken;
    this.#secrets = [secret, verifyToken];
  }

  sha256 = (body: string | Uint8Array, secret = this.secret): string => hmac("sha256", secret, body);
  sha1 = (body: string | Uint8Array, secret = this.secret): string => hmac("sha1", secret, body);

  /** A verification request. `pairs` can omit, repeat or reorder parameters. */
  handshake(pairs: readonly (readonly [name: string, value: string])[], method = "GET"): Promise<ProbeResponse> {
    const url = new URL(this.url);
    for (const [name, value] of pairs) url.searchParams.append(name, value);
    return this.#send(url.href, { method, headers: { "user-agent": USER_AGENT } });
  }

  /** Signs `body` and posts it. */
  deliver(body: string | Uint8Array<ArrayBuffer>, headers: Post["headers"] = {}): Promise<ProbeResponse> {
    return this.post({ body, headers: { "x-hub-signature-256": this.sha256(body), ...headers } });
  }

  /** Posts a body. A header that is null is not sent. */
  post({ body, headers = {} }: Post): Promise<ProbeResponse> {
    const all = { "content-type": "application/json", "user-agent": USER_AGENT, ...headers };
    const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const stream = body instanceof ReadableStream;
    return this.#send(this.url, {
      method: "POST",
      headers: Object.fromEntries(kept),
      body: typeof body === "string" ? bytesOf(body) : body,
      // Node requires this option for a stream as the body.
      ...(stream ? ({ duplex: "half" } as object) : {}),
    });
  }

  request(method: string): Promise<ProbeResponse> {
    return this.#send(this.url, { method });
  }

  /** What a response reveals; null if nothing. */
  leak({ body }: ProbeResponse): string | null {
    return this.#secrets.some((secret) => body.includes(secret)) ? "the secret or verify token" : null;
  }

  async #send(url: string, init: RequestInit): Promise<ProbeResponse> {
    const startedAt = performance.now();
    const elapsed = (): number => performance.now() - startedAt;
    try {
      const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
      const body = await response.text();
      return { status: response.status, problem: null, headers: response.headers, body, durationMs: elapsed() };
    } catch (error) {
      const timeout = error instanceof Error && error.name === "TimeoutError";
      return {
        status: null,
        problem: timeout ? "timeout" : "unreachable",
        headers: new Headers(),
        body: "",
        durationMs: elapsed(),
      };
    }
  }
}
