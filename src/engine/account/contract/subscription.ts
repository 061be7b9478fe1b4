/** What Meta sends of an account, and what was asked of Meta. */
import type { GraphProblem } from "../../../meta/graph/response.ts";

/** `repaired`: something was gone, and is there again. `missing`: it is gone. `refused`: Meta does not let us. */
export interface SubscriptionState {
  wanted: string[];
  missing: string[];
  state: "ok" | "repaired" | "missing" | "refused";
  code: string | null;
  checkedAt: number | null;
}

/** One app that Meta sends the account's events to, as Graph `subscribed_apps` lists it. */
export interface SubscribedApp {
  /** Null where Meta names no app: Instagram Login lists only our own. */
  appId: string | null;
  name: string | null;
  fields: string[];
}

export type SubscribedAppsRequest =
  | { method: "GET" }
  /** Replaces the fields subscribed so far. */
  | {
      method: "POST";
      fields: string[];
      /** …or adds to them. */
      add?: boolean;
      /** Where Meta does not take them now they are remembered all the same, and asked for again. */
      keepTrying?: boolean;
    }
  /** Meta stops sending the account's events to our app. */
  | { method: "DELETE" };

/** `throttled`: later it may. `account`: not with this token or account as they are. `refused`: not what was asked for. */
export type RefusalKind = Exclude<GraphProblem["reason"], "unavailable">;

export type SubscribedAppsError =
  | { reason: "not_connected" }
  /** Meta's answer is an error: what kind of one, its `code` or `code/subcode`, and words for it. */
  | { reason: "refused"; problem: RefusalKind; code: string; message: string }
  /** No answer, or none that can be read. Asking again does no harm. */
  | { reason: "unreachable"; message: string };
