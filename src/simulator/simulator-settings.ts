/** What can be set while the simulator runs. Kept with the state. */
import type { RetryPolicy } from "./delivery/retry-schedule.ts";
import type { Fault } from "./graph/injected-fault.ts";
import type { OwnCommentForm } from "./notifications/own-comment.ts";
import { DEFAULT_RULES, type Rules } from "./graph/graph-call.ts";

export interface EchoPolicy {
  /** `sent`: each echo after `delayMs`. `lost`: none. */
  mode: "sent" | "lost";
  delayMs: number;
  /** With `sent`: the share of echoes that are lost, from 0 to 1. */
  lostShare: number;
}

export interface Settings {
  /** Where notifications go; null until a callback URL passes the handshake. */
  callback: { url: string; verifyToken: string } | null;
  regime: RetryPolicy;
  /** The retry schedule runs this many times faster than at Meta. */
  speed: number;
  echoes: EchoPolicy;
  rules: Rules;
  /** How Meta names the author of own comments. `in-turn`: each public reply in the next form. */
  ownComments: OwnCommentForm | "in-turn";
  /** How many own comments were announced; it says whose turn it is. */
  ownCommentsMade: number;
  /** Meta's instant reply or away message; null: off. `delayMs` null: from 1 to 5 s. */
  automaticReply: { text: string; delayMs: number | null } | null;
  faults: Fault[];
  /** How many faults were ever added. It gives each fault a unique id. */
  faultsMade: number;
  /** The end of an outage: until then, the Graph API returns error 2, and no notification is sent. */
  outageUntil: number | null;
  /** How far the Graph API's clock is ahead, so that tokens expire and windows close without waiting. */
  clockOffsetMs: number;
  /** The time of the last reset, when calls and deliveries are numbered from 1 again. null: never. */
  emptiedAt: number | null;
}

/** In practice, echoes arrive within about a second. */
const ECHO_DELAY_MS = 400;

export const initialSettings = (): Settings => ({
  callback: null,
  regime: "graph",
  speed: 1,
  echoes: { mode: "sent", delayMs: ECHO_DELAY_MS, lostShare: 0 },
  rules: { ...DEFAULT_RULES },
  ownComments: "usual",
  ownCommentsMade: 0,
  automaticReply: null,
  faults: [],
  faultsMade: 0,
  outageUntil: null,
  clockOffsetMs: 0,
  emptiedAt: null,
});
