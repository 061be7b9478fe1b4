/** A call to the Graph API, its context and its response. */
import type { Random } from "../notifications/meta-ids.ts";
import { errorBody, type GraphError } from "./graph-error.ts";
import type { SlidingWindows } from "./rate-limits.ts";
import type { GraphState } from "./graph-state.ts";

export interface GraphCall {
  method: string;
  /** Segments without host and version. */
  path: readonly string[];
  /** Query and body together. The body wins. */
  params: Readonly<Record<string, unknown>>;
  /** Bearer token or `access_token`. */
  token: string | null;
}

/** The developer's app, as the App Dashboard shows it. */
export interface AppIdentity {
  appId: string;
  instagramAppId: string;
  /** App secret values; `client_secret` and app tokens are checked against them. */
  secrets: readonly string[];
}

/** Settings for behavior that Meta does not document. */
export interface Rules {
  /**
   * The error for a second private reply to a comment. null: what developers report for the platform. On Instagram, that
   * is 2534023, in turn with code -1 and HTTP 500 and with code 100 and HTTP 400; on a Page, 10900.
   */
  secondPrivateReply: ErrorCode | null;
  /** Accept private replies to comments that the simulator has never seen. */
  acceptUnknownComments: boolean;
  /** The app has the HUMAN_AGENT feature. */
  humanAgent: boolean;
  /** The app setting "Require App Secret": a call without `appsecret_proof` is refused. */
  requireAppSecret: boolean;
  /** A message with one of these texts in a link is refused with 508/2534122. */
  refusedLinks: readonly string[];
  /** For this long after a tap, messages to a person whom a private reply reached first are refused. 0 ms: never. */
  afterTap: { ms: number; error: ErrorCode };
  /** For this long after a public reply, a private reply to the same comment gets 2534023. 0: never. */
  publicReplyBlocksMs: number;
}

export interface ErrorCode {
  code: number;
  subcode: number | null;
}

export const DEFAULT_RULES: Rules = {
  secondPrivateReply: null,
  acceptUnknownComments: false,
  humanAgent: false,
  requireAppSecret: false,
  refusedLinks: [],
  afterTap: { ms: 0, error: { code: 10, subcode: 2534022 } },
  publicReplyBlocksMs: 0,
};

export interface GraphContext {
  state: GraphState;
  windows: SlidingWindows;
  now: number;
  random: Random;
  app: AppIdentity;
  rules: Rules;
}

/** The kinds of calls. Faults and the call log use these names. */
export const OPERATIONS = [
  "private_reply",
  "message",
  "sender_action",
  "public_reply",
  "comment",
  "comments",
  "media",
  "conversations",
  "account",
  "person",
  "subscribed_apps",
  "subscriptions",
  "token",
  "thread_control",
  "unknown",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What a call causes besides its response: the echo of a message, or a notification about the account's own comment. */
export type Effect =
  | {
      kind: "echo";
      accountId: string;
      personId: string;
      mid: string;
      text: string | null;
      metadata: string | null;
      content: Readonly<Record<string, unknown>>;
    }
  | { kind: "own_comment"; accountId: string; commentId: string };

export interface GraphResponse {
  status: number;
  headers: Record<string, string>;
  /** JSON, or an HTML page as text. */
  body: unknown;
  effects: Effect[];
}

/** A call with its operation, before it runs. A fault may replace it. */
export interface Routed {
  operation: Operation;
  accountId: string | null;
  commentId: string | null;
  run: () => GraphResponse;
}

export const success = (body: unknown, effects: Effect[] = []): GraphResponse => ({
  status: 200,
  headers: {},
  body,
  effects,
});

export function errorResponse(error: GraphError, random: Random): GraphResponse {
  const traceId = `A${Math.floor(random() * 36 ** 10).toString(36)}`;
  return { status: error.status, headers: {}, body: errorBody(error, traceId), effects: [] };
}

export type JsonObject = Record<string, unknown>;

/** A JSON object, or the JSON text of one in a form field. */
export function objectOf(value: unknown): JsonObject | null {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(value) as JsonObject;
  } catch {
    return null;
  }
}

/** A parameter as text. Numbers count, because JSON may write ids as numbers. */
export function textParam(call: GraphCall, name: string): string | null {
  const value = call.params[name];
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" ? String(value) : null;
}
