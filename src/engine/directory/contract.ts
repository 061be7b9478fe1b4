/** What the Directory object takes and gives: accounts as lists show them, failed events, logins, invites, erasures. */
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

/** What an account tells the Directory about itself. */
export interface AccountSummary extends Omit<AccountItem, "id" | "firstSeenAt"> {
  /** The Page through which it sends; in no list. */
  sendAs: string | null;
}

/** A login on its way. `hash` and `browser` are hashes of what the person's browser holds. */
export interface ConnectStep {
  hash: string;
  browser: string;
  /** `login`: at Meta. `choose`: the person chooses Pages. */
  step: "login" | "choose";
  login: Login;
  redirectUri: string;
  inviteId: string | null;
  /** The user token while Pages are chosen, encrypted. */
  sealed: string | null;
  expiresAt: number;
}

/** What is left to do of an erasure. */
export interface OpenErasure extends Erasure {
  /** The person who is looked for; null: nobody. */
  subject: string | null;
  accounts: string[];
  /** Accounts with a larger id have still to be asked about the person; null: none. */
  cursor: string | null;
}

export interface QueueFigures {
  backlog: number;
  /** When the oldest waiting message was sent; null where the platform does not say. */
  oldestAt: number | null;
  /** When this was told. */
  at: number;
}

/** What the doctor asks of all accounts at once. */
export interface Health {
  accounts: number;
  connected: number;
  /** Connected, and held, by problem (`token`, `permission`, `blocked`). */
  held: Record<string, number>;
  /** Connected, with a token that dies within seven days. */
  expiring: number;
  /** Connected, and never an event. */
  silent: number;
  /** Not connected, but events arrive: the newest few. */
  strangers: { id: string; lastEventAt: number }[];
  lastEventAt: number | null;
  lastReplyAt: number | null;
  quarantined: number;
  deadLetters: number;
  queues: Record<string, QueueFigures>;
}
