/** Fake Durable Objects. A call to a method that the test does not set fails. */
import { createApp } from "../../../src/engine/api/app.ts";
import type { AccountRpc, DirectoryRpc } from "../../../src/engine/object-rpc.ts";
import type { Profile } from "../../../src/api/account.ts";
import type { EventItem } from "../../../src/api/event.ts";
import type { ReplyItem } from "../../../src/api/reply.ts";
import type { AccountState } from "../../../src/api/account.ts";
import type { AccountItem } from "../../../src/api/account.ts";
import type { EngineEnv } from "../../../src/engine/env.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";

export const ADMIN_TOKEN = "admin-token-of-the-tests";
export const ACCOUNT_ID = "17841400000000001";
/** An access token that no response and no log line may contain. */
export const CANARY_TOKEN = "IGAAcanaryTokenThatMustNeverBeSeen";

export const VARS = {
  GRAPH_API_VERSION: "v26.0",
  INSTAGRAM_GRAPH_URL: "https://graph.instagram.com",
  FACEBOOK_GRAPH_URL: "https://graph.facebook.com",
  REPLY_DEFER_SECONDS: "10",
  ADMIN_TOKEN,
  TOKEN_ENCRYPTION_KEY: "A".repeat(43),
  META_APP_SECRETS: "instagram:not_a_real_secret",
  META_APP_ID: "1184729305561827",
  INSTAGRAM_APP_ID: "1184729305561828",
};

export interface Fakes {
  account?: Partial<AccountRpc>;
  directory?: Partial<DirectoryRpc>;
  vars?: Partial<EngineEnv>;
}

export interface FakeEnv extends EngineEnv {
  /** Names of the requested objects, in order. */
  asked: string[];
}

export function fakeEnv({ account = {}, directory = {}, vars = {} }: Fakes = {}): FakeEnv {
  const asked: string[] = [];
  const knowing = {
    account: (id: string) => Promise.resolve(accountItem({ id })),
    sharing: () => Promise.resolve([]),
    trySignIn: () => Promise.resolve({ allowed: true, retryAfterSeconds: 0 }),
    ...directory,
  };
  return {
    ...VARS,
    ...vars,
    asked,
    ACCOUNTS: namespace("account", account, asked) as EngineEnv["ACCOUNTS"],
    DIRECTORY: namespace("directory", knowing, asked) as EngineEnv["DIRECTORY"],
    // No endpoint uses it; using it fails at once.
    KV: undefined as unknown as KVNamespace,
  };
}

function namespace(kind: string, methods: object, asked: string[]): unknown {
  return {
    getByName(name: string) {
      asked.push(`${kind} ${name}`);
      return new Proxy(methods, {
        get: (target, method) =>
          Reflect.get(target, method) ??
          (() => Promise.reject(new Error(`unexpected call of ${kind}.${String(method)}`))),
      });
    },
  };
}

export interface CallInit {
  body?: unknown;
  headers?: Record<string, string>;
  /** null: none. */
  bearer?: string | null;
}

/** One request to the API, as the receiver forwards it. */
export async function call(env: EngineEnv, route: string, init: CallInit = {}): Promise<Response> {
  const [method = "GET", path = "/"] = route.split(" ");
  const { bearer = ADMIN_TOKEN } = init;
  const headers = new Headers(init.headers);
  if (bearer !== null) headers.set("Authorization", `Bearer ${bearer}`);
  const request: RequestInit = { method, headers };
  if (init.body !== undefined) {
    if (!headers.has("Content-Type")) headers.set("Content-Type", "application/json");
    request.body = typeof init.body === "string" ? init.body : JSON.stringify(init.body);
  }
  return await createApp().request(`https://replyline.example${path}`, request, env);
}

export interface ErrorBody {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

/** Status and error of a refused request. */
export async function refusal(response: Response): Promise<{ status: number } & ErrorBody["error"]> {
  const { error } = await response.json<ErrorBody>();
  return { status: response.status, ...error };
}

/** The fields in the error of a refused request. */
export async function badFields(response: Response): Promise<string[]> {
  const { status, code, fields = [] } = await refusal(response);
  if (status !== 400 || code !== "invalid") throw new Error(`not refused as invalid: ${status} ${code}`);
  return fields.map(({ field }) => field);
}

export function accountItem(item: Partial<AccountItem> = {}): AccountItem {
  return {
    id: ACCOUNT_ID,
    connected: true,
    platform: "instagram",
    login: "instagram",
    username: "ana.studio",
    tokenExpiresAt: null,
    firstSeenAt: 1_795_000_000_000,
    lastEventAt: null,
    lastReplyAt: null,
    openReplies: 0,
    hold: null,
    sending: "on",
    ...item,
  };
}

export function profile(given: Partial<Profile> = {}): Profile {
  return {
    id: ACCOUNT_ID,
    platform: "instagram",
    login: "instagram",
    username: "ana.studio",
    sendAs: null,
    tokenExpiresAt: null,
    connectedAt: 1_795_000_000_000,
    ...given,
  };
}

export function accountState(state: Partial<AccountState> = {}): AccountState {
  return {
    profile: profile(),
    settings: DEFAULT_SETTINGS,
    hold: null,
    stop: null,
    lanes: [{ lane: "private", used: 3, limit: 750, windowMs: 3_645_000, waiting: 1, openAt: 0 }],
    events: 12,
    replies: { pending: 1, sending: 0, sent: 3, refused: 0, uncertain: 0, cancelled: 0, expired: 0 },
    lastEventAt: 1_795_000_100_000,
    lastReplyAt: 1_795_000_110_000,
    token: null,
    found: { events: 0, total: 0, since: 1_794_960_000_000 },
    reconcile: { callsToday: 0, readAt: null, refused: { comments: null, messages: null } },
    subscription: null,
    automaticReplies: null,
    publicReplyLimit: null,
    ...state,
  };
}

export function eventItem(event: Partial<EventItem> = {}): EventItem {
  return {
    id: `instagram:${ACCOUNT_ID}:comment:17900000000000001`,
    kind: "comment",
    field: "comments",
    accountId: ACCOUNT_ID,
    object: "instagram",
    occurredAt: 1_795_000_000_000,
    receivedAt: 1_795_000_000_500,
    deliveryId: "d-1",
    found: false,
    proof: { secret: "instagram", form: "raw" },
    test: false,
    duplicates: 1,
    decisions: [
      { automationId: "guide", fired: true, replyIds: ["r-1"] },
      { automationId: "price", fired: false, reason: "no_keyword" },
    ],
    blocked: null,
    replyIds: ["r-1"],
    personId: "1045872930164827",
    username: "nadia.bakes",
    text: "GUIDE please",
    raw: '{"id":"17900000000000001","text":"guide"}',
    ...event,
  };
}

export function replyItem(reply: Partial<ReplyItem> = {}): ReplyItem {
  return {
    id: "r-1",
    eventId: null,
    automationId: null,
    kind: "private_reply",
    lane: "private",
    to: { commentId: "17900000000000001" },
    about: "17900000000000001",
    personId: null,
    message: { text: "Here it is" },
    reads: [],
    state: "pending",
    reason: null,
    createdAt: 1_795_000_000_000,
    dueAt: 1_795_000_010_000,
    expiresAt: 1_795_600_000_000,
    attempts: 0,
    failures: 0,
    attemptAt: null,
    ambiguous: false,
    sentAt: null,
    messageId: null,
    afterId: null,
    estimatedAt: 1_795_000_010_000,
    username: "nadia.bakes",
    eventText: "GUIDE please",
    ...reply,
  };
}
