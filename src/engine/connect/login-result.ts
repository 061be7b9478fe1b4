/** The possible results of a login, as the pages show them. */
import type { Login, Platform } from "../../meta/graph/request.ts";
import type { PermissionState } from "../../meta/oauth/permissions.ts";

export interface ConnectedAccount {
  id: string;
  platform: Platform;
  login: Login;
  name: string | null;
  /** Null: Meta did not say what was granted. */
  permissions: PermissionState[] | null;
  subscription: { ok: true; fields: string[] } | NotSubscribed;
}

/** `again`: when Replyline retries the subscription automatically. */
export interface NotSubscribed {
  ok: false;
  code: string;
  again: "soon" | "daily" | "never";
}

export type ConnectFailure =
  /** `state` is missing, used, too old, or another browser's. */
  | { reason: "state" }
  /** The person said no. */
  | { reason: "denied" }
  /** Meta's login page failed before the person granted anything. */
  | { reason: "login_failed"; code: string }
  | { reason: "code_refused"; code: string }
  | { reason: "app_refused"; code: string }
  | { reason: "refused"; code: string }
  | { reason: "meta_unavailable"; code: string }
  /** The Facebook account manages no Page, or none was shared with the app. */
  | { reason: "no_pages" }
  /** Instagram names no professional account behind the token. */
  | { reason: "no_account" }
  | { reason: "nothing_chosen" }
  | { reason: "invite_gone" }
  | { reason: "no_such_page" }
  /** Over http, the cookie or the code could be intercepted. */
  | { reason: "insecure" }
  | { reason: "unavailable" };

export const FAILURE_STATUS = {
  state: 400,
  denied: 200,
  login_failed: 502,
  code_refused: 400,
  app_refused: 502,
  refused: 502,
  meta_unavailable: 502,
  no_pages: 200,
  no_account: 200,
  nothing_chosen: 400,
  invite_gone: 410,
  no_such_page: 404,
  insecure: 400,
  unavailable: 503,
} as const satisfies Record<ConnectFailure["reason"], number>;
