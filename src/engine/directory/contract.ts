/** Parameters and results of the Directory: accounts in lists, failed events, logins, invites, erasures. */
import type { AccountItem } from "../../api/account.ts";
import type { Erasure } from "../../api/privacy.ts";
import type { Login } from "../../meta/graph/request.ts";

export interface AccountQuery {
  /** Part of the id or the username. */
  search?: string;
  connected?: boolean;
  cursor?: string;
  limit: number;
}

/** The summary that an account sends to the Directory. */
export interface AccountSummary extends Omit<AccountItem, "id" | "firstSeenAt"> {
  /** The Page through which it sends; not shown in lists. */
  sendAs: string | null;
}

/** A login in progress. `hash` and `browser` are hashes of values in the person's browser. */
export interface ConnectStep {
  hash: string;
  browser: string;
  /** `login`: at Meta. `choose`: the person chooses Pages. */
  step: "login" | "choose";
  login: Login;
  redirectUri: string;
  inviteId: string | null;
  /** The encrypted user token while the person chooses Pages. */
  sealed: string | null;
  expiresAt: number;
}

/** The remaining work of an erasure. */
export interface OpenErasure extends Erasure {
  /** The person to erase from every account; null: none. */
  subject: string | null;
  accounts: string[];
  /** Accounts with a larger id are still to be searched for the person; null: none. */
  cursor: string | null;
}

export interface QueueFigures {
  backlog: number;
  /** When the oldest waiting message was sent; null if the platform does not report it. */
  oldestAt: number | null;
  /** When this was recorded. */
  at: number;
}

/** Facts about all accounts, for the doctor. */
export interface Health {
  accounts: number;
  connected: number;
  /** Number of connected, held accounts by problem (`token`, `permission`, `blocked`). */
  held: Record<string, number>;
  /** Connected, with a token that expires within seven days. */
  expiring: number;
  /** Connected, without any event so far. */
  silent: number;
  /** Not connected, but with events: the most recent ones. */
  strangers: { id: string; lastEventAt: number }[];
  lastEventAt: number | null;
  lastReplyAt: number | null;
  quarantined: number;
  deadLetters: number;
  queues: Record<string, QueueFigures>;
}
