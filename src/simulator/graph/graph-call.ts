/** One call to the Graph API, the state it meets, and what comes of it. */
import type { Random } from "../notifications/meta-ids.ts";
import { errorBody } from "./graph-error.ts";
import type { GraphError } from "./graph-error.ts";
import type { SlidingWindows } from "./rate-limits.ts";
import type { GraphState } from "./graph-state.ts";

export interface GraphCall {
  method: string;
  /** Segments without host and version. */
  path: readonly string[];
  /** Query and body together; the body wins. */
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

/** Where Meta's own behaviour is not documented, it can be chosen. */
export interface Rules {
  /** What a second private reply to one comment is answered with. Reports name 100/2534025, 10900, 1 and 2. */
  secondPrivateReply: { code: number; subcode: number | null };
  /** Accept private replies to comments that the simulator has never seen. */
  acceptUnknownComments: boolean;
  /** The app has the HUMAN_AGENT feature. */
  humanAgent: boolean;
}

export const DEFAULT_RULES: Rules = {
  secondPrivateReply: { code: 100, subcode: 2534025 },
  acceptUnknownComments: false,
  humanAgent: false,
};

export interface GraphContext {
  state: GraphState;
  windows: SlidingWindows;
  now: number;
  random: Random;
  app: AppIdentity;
  rules: Rules;
}

/** What a call was for; faults are aimed at these names, and the call log shows them. */
export const OPERATIONS = [
  "private_reply",
  "message",
  "sender_action",
  "public_reply",
  "comment",
  "comments",
  "media",
  "account",
  "person",
  "subscribed_apps",
  "subscriptions",
  "token",
  "thread_control",
  "unknown",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What Meta does besides answering: an echo of a message, or the notification of one's own comment. */
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
  /** JSON, or a page (`text/html`). */
  body: unknown;
  effects: Effect[];
}

/** A call that has found its operation but has not been carried out: faults may come in between. */
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

/** A JSON object, also where a form field carries it as text. */
export function objectOf(value: unknown): JsonObject | null {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(value) as JsonObject;
  } catch {
    return null;
  }
}

/** Text of a parameter; numbers count, as forms and JSON write ids either way. */
export function textParam(call: GraphCall, name: string): string | null {
  const value = call.params[name];
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" ? String(value) : null;
}
