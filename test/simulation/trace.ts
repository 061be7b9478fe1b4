/** One line per event, in order. The hash shows whether two runs were the same; the lines show what happened. */
import { createHash } from "node:crypto";
import { START_MS } from "./scheduler.ts";

/** Which lines to keep: lines of an account with one of these ids, and lines about its object. */
export interface Watch {
  accountId: string;
  ids: readonly string[];
}

/** Lines about the object itself, kept for every watched id. */
const OBJECT_LINES = new Set(["object", "alarm", "deploy", "nudge"]);

const HASH_CHARS = 1 << 15;
const KEPT = 400;
/** Maximum number of lines about the object before a line with a watched id. */
const KEPT_BEFORE = 3;

export class Trace {
  readonly #hash = createHash("sha256");
  readonly #watch: Watch | null;
  readonly #print: ((line: string) => void) | null;
  #pending = "";
  #lines = 0;
  #kept: string[] = [];
  #before: string[] = [];

  /** @param print null: lines are hashed, not shown */
  constructor(watch: Watch | null = null, print: ((line: string) => void) | null = null) {
    this.#watch = watch;
    this.#print = print;
  }

  /**
   * @param what the kind of event
   * @param accountId `""`: no account
   */
  line(now: number, what: string, accountId: string, detail: string): void {
    this.#lines++;
    this.#pending += `${now - START_MS} ${what} ${accountId} ${detail}\n`;
    if (this.#pending.length > HASH_CHARS) this.#flush();
    const watch = this.#watch;
    if (this.#print === null && watch === null) return;
    const line = `${clock(now - START_MS)}  ${what.padEnd(9)} ${accountId} ${detail}`;
    if (watch === null) this.#print?.(line);
    else if (watch.ids.some((id) => detail.includes(id))) this.#keep(line);
    else if (accountId === watch.accountId && OBJECT_LINES.has(what)) {
      this.#before.push(line);
      if (this.#before.length > KEPT_BEFORE) this.#before.shift();
    }
  }

  #keep(line: string): void {
    this.#kept.push(...this.#before, line);
    this.#before = [];
    if (this.#kept.length > 2 * KEPT) this.#kept = this.#kept.slice(-KEPT);
  }

  /** The last watched lines. */
  get kept(): readonly string[] {
    return this.#kept.slice(-KEPT);
  }

  get lines(): number {
    return this.#lines;
  }

  /** The hash of all lines so far. No lines can be added afterwards. */
  digest(): string {
    this.#flush();
    return this.#hash.digest("hex").slice(0, 16);
  }

  #flush(): void {
    this.#hash.update(this.#pending);
    this.#pending = "";
  }
}

/** `1d 02:03:04.005` */
export function clock(ms: number): string {
  const pad = (value: number, width = 2): string => String(value).padStart(width, "0");
  const days = Math.floor(ms / 86_400_000);
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3_600_000) % 24,
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1_000) % 60,
  ];
  return `${days}d ${pad(hours)}:${pad(minutes)}:${pad(seconds)}.${pad(ms % 1_000, 3)}`;
}
