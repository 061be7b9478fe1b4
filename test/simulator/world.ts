/** A simulator in plain Node: the test sets the clock, the randomness comes from a seed, and there is no real network. */
import { vi } from "vitest";
import type { Fetch } from "../../src/simulator/delivery/delivery-attempt.ts";
import type { Account } from "../../src/simulator/graph/graph-state.ts";
import { handleRequest } from "../../src/simulator/http/request-router.ts";
import { seededRandom } from "../../src/simulator/notifications/meta-ids.ts";
import { Simulator } from "../../src/simulator/simulator.ts";

export const STUDIO = "17841460928374651";
export const PAGE = "104857392817465";
export const REEL = "18054321970886143";
export const SECRETS = "instagram:test_app_secret_not_real,meta:other_secret_not_real";
export const CALLBACK = "https://receiver.test/webhooks";

export interface Posted {
  url: string;
  body: string;
  headers: Headers;
}

export interface World {
  simulator: Simulator;
  /** Moves the clock forward, and makes every attempt that is due on the way. */
  advance: (ms: number) => Promise<void>;
  now: () => number;
  /** The requests to the receiver. */
  posts: Posted[];
  /** Sets how the receiver responds from now on. */
  receiver: (answer: (posted: Posted) => Response | Promise<Response>) => void;
  /** The records that the simulator persisted. */
  persisted: Map<string, string>;
  graph: (
    method: string,
    path: string,
    options?: GraphOptions,
  ) => Promise<{ status: number; body: Body; headers: Headers }>;
  control: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;
  token: (accountId: string) => Promise<string>;
}

interface GraphOptions {
  token?: string | null;
  body?: unknown;
  form?: Record<string, string>;
}

/** The part of a response body that tests read. */
export interface Body {
  error?: { code: number; error_subcode?: number; message: string; is_transient?: boolean };
  [key: string]: unknown;
}

const START = Date.UTC(2026, 10, 20, 9);

/** @param restored the records that an earlier world persisted */
export function world(restored?: Map<string, string>): World {
  const clock: { now: number; wakeAt: number | null } = { now: START, wakeAt: null };
  const posts: Posted[] = [];
  let answer: (posted: Posted) => Response | Promise<Response> = () => Response.json({ received: 1, duplicates: 0 });
  const persisted = new Map(restored);
  const fetch: Fetch = async (url, init) => {
    const body = init.body === undefined || init.body === null ? "" : new TextDecoder().decode(init.body as Uint8Array);
    const posted = { url, body, headers: new Headers(init.headers) };
    if (init.method === "POST") posts.push(posted);
    return answer(posted);
  };
  const simulator = new Simulator(
    {
      now: () => clock.now,
      random: seededRandom(11),
      fetch,
      sleep: async (ms) => {
        clock.now += ms;
      },
      wakeAt: (at) => {
        clock.wakeAt = at;
      },
      persist: (collection, id, value) => {
        const key = `${collection} ${id}`;
        if (value === null) persisted.delete(key);
        else persisted.set(key, JSON.stringify(value));
      },
    },
    { appId: "1184729305561827", instagramAppId: "1184729305561828", appSecrets: SECRETS, verifyToken: "verify-me" },
  );
  for (const [key, value] of restored ?? []) {
    const [collection = "", ...id] = key.split(" ");
    simulator.restore(collection, id.join(" "), JSON.parse(value) as object);
  }
  simulator.resume();

  const request = async (method: string, path: string, init: RequestInit): Promise<Response> =>
    handleRequest(simulator, new Request(`https://meta.test${path}`, { method, ...init }));

  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await request(method, `/__meta${path}`, body === undefined ? {} : { body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };

  return {
    simulator,
    posts,
    persisted,
    now: () => clock.now,
    receiver: (next) => {
      answer = next;
    },
    async advance(ms) {
      const until = clock.now + ms;
      for (let next = clock.wakeAt; next !== null && next <= until; next = clock.wakeAt) {
        clock.now = Math.max(clock.now, next);
        await simulator.wake();
      }
      clock.now = until;
    },
    async graph(method, path, { token = null, body, form } = {}) {
      const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      if (form !== undefined) headers["content-type"] = "application/x-www-form-urlencoded";
      const content =
        form === undefined
          ? body === undefined
            ? undefined
            : JSON.stringify(body)
          : new URLSearchParams(form).toString();
      const response = await request(method, path, { headers, ...(content === undefined ? {} : { body: content }) });
      const text = await response.text();
      let parsed: Body;
      try {
        parsed = JSON.parse(text) as Body;
      } catch {
        parsed = { text };
      }
      return { status: response.status, body: parsed, headers: response.headers };
    },
    control,
    async token(accountId) {
      return (await control<{ accessToken: string }>("POST", "/tokens", { accountId })).accessToken;
    },
  };
}

export type PeopledWorld = World & { studioToken: string; pageToken: string };

/** A world with an Instagram account, a Page, a callback URL and a comment. */
export async function peopledWorld(): Promise<PeopledWorld> {
  const made = world();
  const studio = await made.control<Account & { accessToken: string }>("PUT", `/accounts/${STUDIO}`, {
    username: "northlight.studio",
  });
  const page = await made.control<Account & { accessToken: string }>("PUT", `/accounts/${PAGE}`, {
    platform: "page",
    username: "harbour",
  });
  made.simulator.set({ callback: { url: CALLBACK, verifyToken: "verify-me" } });
  return { ...made, studioToken: studio.accessToken, pageToken: page.accessToken };
}

/**
 * The same world, for a client or a command line: every request that it makes ends at the simulator in this process.
 * `afterEach` must undo it with `vi.unstubAllGlobals()`.
 */
export async function reachableWorld(): Promise<PeopledWorld> {
  const made = await peopledWorld();
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => handleRequest(made.simulator, new Request(url, init)));
  return made;
}

export const COMMENTER = { id: "1045872930164827", username: "nadia.bakes" };

/** Delivers a notification about a new comment. */
export function writeComment(
  made: World,
  id: string,
  options: { from?: { id: string; username: string }; media?: string; live?: boolean } = {},
): void {
  const { from = COMMENTER, media = REEL, live = false } = options;
  const value = { id, from, text: "guide please", media: { id: media, media_product_type: live ? "LIVE" : "REELS" } };
  const body = {
    object: "instagram",
    entry: [{ id: STUDIO, time: 1, changes: [{ field: live ? "live_comments" : "comments", value }] }],
  };
  made.simulator.deliver(JSON.stringify(body), { once: true });
}

/** Delivers a notification about a new message. */
export function writeMessage(
  made: World,
  personId: string,
  platform: "instagram" | "page" = "instagram",
  content: Record<string, unknown> = { message: { mid: `m_${personId}`, text: "hello" } },
): void {
  const accountId = platform === "page" ? PAGE : STUDIO;
  const item = { sender: { id: personId }, recipient: { id: accountId }, timestamp: 1, ...content };
  made.simulator.deliver(JSON.stringify({ object: platform, entry: [{ id: accountId, time: 1, messaging: [item] }] }), {
    once: true,
  });
}
