/**
 * The HTTP client for the Workers: it sends all requests of the soak, with a fixed concurrency.
 *
 * `wrangler dev` has a proxy in front of the Workers. It exits when that proxy reuses an idle connection at the moment
 * when the other side closes it, after 5 s. So the number of connections is fixed, and none stays idle.
 */
const CONNECTIONS = 8;
const WARM_EVERY_MS = 1_500;
/** Meta waits 5 s. Longer here, because a slow response depends on the machine. */
const TIMEOUT_MS = 60_000;

export interface Answer {
  status: number;
  text: string;
}

export class Line {
  readonly #url: string;
  #free = CONNECTIONS;
  readonly #waiting: (() => void)[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  /** Rejects if no server is listening or the connection breaks. */
  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    await this.#enter();
    try {
      const response = await fetch(`${this.#url}${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { status: response.status, text: await response.text() };
    } finally {
      this.#leave();
    }
  }

  /** From now on until the returned function is called. */
  keepWarm(): () => void {
    const timer = setInterval(() => {
      for (let n = 0; n < CONNECTIONS; n++) void this.request("/healthz").catch(() => null);
    }, WARM_EVERY_MS);
    return () => clearInterval(timer);
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Passes the slot to the next waiting request, or frees it. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

export const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));
