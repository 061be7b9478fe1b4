/** What the doctor has found out; the findings are read from this, and from nothing else. */
import type { Automation } from "../../core/automation/automation.ts";
import type { EventKind, Proof } from "../../core/event.ts";
import type { Result } from "../../core/result.ts";
import type { GraphProblem } from "../../meta/graph/response.ts";
import type { AccountState } from "../../api/account.ts";
import type { SubscribedApp } from "../../api/subscription.ts";
import type { SubscribedAppsError } from "../account/contract.ts";
import type { AccountItem } from "../../api/account.ts";
import type { Health } from "../directory/contract.ts";

/** Our own public address, asked from outside. */
export type Probe = { kind: "answer"; status: number; body: string } | { kind: "unreachable" };

export interface AppCallback {
  object: string;
  callbackUrl: string | null;
  fields: string[];
}

export interface DeploymentFacts {
  now: number;
  origin: string;
  metaAppId: string;
  /** Addresses that are set wrongly, in words. */
  problems: string[];
  healthz: Probe;
  handshake: Probe;
  /** What the handshake was asked to send back; null: we do not know the token, so it had to be refused. */
  challenge: string | null;
  /** Empty deliveries to our own callback, one signed with each app secret of the engine. */
  deliveries: { secret: string; answer: Probe }[];
  callbacks: Result<AppCallback[], GraphProblem>;
  health: Health;
  stopped: boolean;
}

export interface AccountFacts {
  now: number;
  metaAppId: string;
  item: AccountItem;
  state: AccountState;
  automations: Automation[];
  /** Kinds of the newest events. */
  recentKinds: EventKind[];
  /** Of the newest event. */
  proof: Proof | null;
  apps: Result<{ apps: SubscribedApp[] }, SubscribedAppsError>;
  /** Fields that Meta says the whole app has for `instagram`; null: not known. */
  appFields: string[] | null;
  /** Meta's codes of the newest refused replies. */
  refusals: string[];
}
