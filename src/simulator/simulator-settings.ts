/** What can be set while the simulator runs. Kept with the state. */
import type { RetryPolicy } from "./delivery/retry-schedule.ts";
import type { Fault } from "./graph/injected-fault.ts";
import type { Rules } from "./graph/graph-call.ts";
import { DEFAULT_RULES } from "./graph/graph-call.ts";

export interface EchoPolicy {
  /** `sent`: each echo after `delayMs`. `lost`: none. */
  mode: "sent" | "lost";
  delayMs: number;
  /** Of all echoes, this share is lost in spite of `sent` (0 to 1). */
  lostShare: number;
}

export interface Settings {
  /** Where notifications go; null until a callback has passed the handshake. */
  callback: { url: string; verifyToken: string } | null;
  regime: RetryPolicy;
  /** Retries run so many times faster than at Meta. */
  speed: number;
  echoes: EchoPolicy;
  rules: Rules;
  faults: Fault[];
  /** How many were ever ordered: each has an id of its own, also after others are gone. */
  faultsMade: number;
  /** Until then Meta is down: the Graph API answers 2, and no notification leaves. */
  outageUntil: number | null;
  /** The Graph API's clock is ahead by so much: tokens expire and windows close without waiting. */
  clockOffsetMs: number;
  /** When all was last forgotten; numbers of calls and deliveries begin anew then. null: never. */
  emptiedAt: number | null;
}

/** Echoes were seen to arrive within about a second. */
const ECHO_DELAY_MS = 400;

export const initialSettings = (): Settings => ({
  callback: null,
  regime: "graph",
  speed: 1,
  echoes: { mode: "sent", delayMs: ECHO_DELAY_MS, lostShare: 0 },
  rules: { ...DEFAULT_RULES },
  faults: [],
  faultsMade: 0,
  outageUntil: null,
  clockOffsetMs: 0,
  emptiedAt: null,
});
