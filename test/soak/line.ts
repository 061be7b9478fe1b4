/**
 * The way to the Workers: every request of the soak goes through it, a fixed number at a time.
 *
 * `wrangler dev` has a proxy in front of the Workers, and ends when that proxy takes up an idle connection in the moment in
 * which the other side closes it, which is after 5 s. So there are only so many connections, and none is left idle.
 */
const CONNECTIONS = 8;
const WARM_EVERY_MS = 1_500;
/** Meta waits 5 s; here a slow answer says something about the machine. */
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

  /** Rejects when nobody is listening, or the connection breaks. */
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

  /** The place goes to whoever waits, or is free. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

export const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));
