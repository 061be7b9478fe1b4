/** An account at a glance. */
import type { AccountProblem } from "../../../core/reply/outcome.ts";
import type { RateLimit, ReplyState } from "../../../core/reply/reply.ts";
import type { Result } from "../../../core/result.ts";
import type { Settings } from "../../../core/settings.ts";
import type { Profile, TokenState } from "./connection.ts";
import type { SubscriptionState, SubscribedApp, SubscribedAppsError } from "./subscription.ts";

/** Why nothing is sent at the moment, although sending is on. */
export interface Hold {
  problem: AccountProblem;
  code: string;
  reason: string;
  since: number;
  /** Null: until somebody acts. */
  until: number | null;
}

/** Somebody has stopped all sending, of every account: nothing leaves, everything is captured. */
export interface Stop {
  since: number;
  reason: string;
}

export interface RateLimitItem {
  lane: RateLimit;
  /** Calls counted in the lane's window, and how many it allows. */
  used: number;
  limit: number;
  windowMs: number;
  waiting: number;
  /** When the next reply of this lane may leave. */
  openAt: number;
}

export interface AccountState {
  profile: Profile | null;
  settings: Settings;
  hold: Hold | null;
  stop: Stop | null;
  lanes: RateLimitItem[];
  events: number;
  /** Replies by state. */
  replies: Record<ReplyState, number>;
  lastEventAt: number | null;
  lastReplyAt: number | null;
  /** Null: not connected. */
  token: TokenState | null;
  /** Null: no fields were ever asked for through Replyline. */
  subscription: SubscriptionState | null;
}

/** What Meta says about an account at this moment. */
export interface Examination {
  state: AccountState;
  apps: Result<{ apps: SubscribedApp[] }, SubscribedAppsError>;
}
