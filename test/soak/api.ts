/** A client for Replyline's API. */
import { ADMIN_TOKEN } from "./stack.ts";
import { type Line, pause } from "./line.ts";

export interface EventItem {
  id: string;
  kind: string;
  receivedAt: number;
  duplicates: number;
}

export interface ReplyItem {
  id: string;
  eventId: string | null;
  kind: "private_reply" | "public_reply" | "message";
  to: { commentId?: string; recipientId?: string };
  state: "pending" | "sending" | "sent" | "refused" | "uncertain" | "cancelled" | "expired";
  reason: string | null;
  attempts: number;
  dueAt: number;
  sentAt: number | null;
  messageId: string | null;
  /** null: nothing is scheduled. */
  estimatedAt: number | null;
  /** The reply that must be sent before this one. */
  afterId: string | null;
}

/** Longer than the stack takes to start. */
const PATIENCE_MS = 120_000;

export class Api {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>("GET", path);
  }

  put(path: string, body: unknown): Promise<unknown> {
    return this.#call("PUT", path, body);
  }

  /** Every item of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `limit=200${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { items: T[]; nextCursor: string | null } = await this.get(
        `${path}${path.includes("?") ? "&" : "?"}${query}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        const { status, text } = await this.#line.request(path, {
          method,
          headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        if (status < 300) return (text === "" ? null : JSON.parse(text)) as T;
        // Do not retry a 4xx.
        if (status < 500 || Date.now() > deadline)
          throw new Refused(`${method} ${path}: ${status} ${text.slice(0, 300)}`);
      } catch (error) {
        if (error instanceof Refused || Date.now() > deadline) throw error;
      }
      await pause(250);
    }
  }
}

class Refused extends Error {
  override name = "Refused";
}

/** Runs `work` for every item, a few at a time. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const lane = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: 4 }, lane));
}
