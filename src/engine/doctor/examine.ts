/** Looks at everything, and writes the report. */
import type { Fetch } from "../../meta/graph/http.ts";
import { parseAppSecrets, sign } from "../../meta/signature.ts";
import type { EngineConfig } from "../config.ts";
import { type ConnectConfig, publicOrigin, readConnectConfig } from "../connect/config.ts";
import { oauthOf } from "../connect/oauth.ts";
import type { AccountItem } from "../../api/account.ts";
import type { EngineEnv } from "../env.ts";
import type { Objects } from "../objects.ts";
import { examineAccount } from "./account.ts";
import { examineDeployment } from "./deployment.ts";
import type { AccountFacts, DeploymentFacts, Probe } from "./facts.ts";
import type { AccountReport, Report } from "../../api/doctor.ts";

export interface DoctorPorts {
  objects: Objects;
  config: EngineConfig;
  env: EngineEnv;
  /** The request's address. */
  url: string;
  fetch: Fetch;
  now(): number;
}

/** Looked at closely without being asked for: each takes three calls to Meta. */
const ACCOUNTS = 5;
const REFUSALS = 20;
/** Meta itself gives a callback five seconds. */
const PROBE_MS = 5_000;
const MAX_PROBE_CHARS = 2_000;

/** @param accountId look at this one only; null: at the most troubled ones */
export async function examine(ports: DoctorPorts, accountId: string | null): Promise<Report> {
  const { objects, config, env, url } = ports;
  const now = ports.now();
  const connect = readConnectConfig(env);
  const origin = connect.ok ? publicOrigin(connect.value, url) : new URL(url).origin;
  const verifyToken = connect.ok ? connect.value.verifyToken : null;
  const challenge = String(Math.floor(now % 1_000_000_000));
  const [healthz, handshake, deliveries, callbacks, killSwitch] = await Promise.all([
    probe(ports.fetch, `${origin}/healthz`),
    probe(ports.fetch, handshakeUrl(origin, verifyToken, challenge)),
    emptyDeliveries(ports.fetch, `${origin}/webhooks`, config.metaAppSecrets),
    oauthOf(env).appSubscriptions(),
    objects.directory((directory) => directory.killSwitch()),
  ]);
  const appFields = callbacks.ok
    ? (callbacks.value.find(({ object }) => object === "instagram")?.fields ?? null)
    : null;
  const items = await chosen(objects, accountId);
  const accounts = await Promise.all(items.map((item) => report(ports, item, appFields)));
  // Last: examining an account updates the Directory's figures, which may be a minute old.
  const health = await objects.directory((directory) => directory.health());
  const facts: DeploymentFacts = {
    now,
    origin,
    metaAppId: config.metaAppId,
    problems: connect.ok ? [] : connect.error.map(({ message }) => message),
    healthz,
    handshake,
    challenge: verifyToken === null ? null : challenge,
    deliveries,
    callbacks,
    health,
    stopped: killSwitch.stop !== null,
  };
  const findings = examineDeployment(facts);
  const all = [...findings, ...accounts.flatMap((account) => account.findings)];
  return {
    checkedAt: now,
    healthy: all.every(({ level }) => level === "ok" || level === "info"),
    findings,
    accounts,
    notExamined: Math.max(0, health.connected - accounts.length),
  };
}

/** The one that was asked for; otherwise those in trouble first. */
async function chosen(objects: Objects, accountId: string | null): Promise<AccountItem[]> {
  if (accountId !== null) {
    const item = await objects.directory((directory) => directory.account(accountId));
    return item === null ? [] : [item];
  }
  return objects.directory((directory) => directory.troubled(ACCOUNTS));
}

/** Enough to see that all messages come on standby. */
const RECENT_EVENTS = 30;

async function report(ports: DoctorPorts, item: AccountItem, appFields: string[] | null): Promise<AccountReport> {
  const { objects, config } = ports;
  const { id } = item;
  const [seen, automations, events, refused] = await Promise.all([
    objects.account(id, (account) => account.examine(id)),
    objects.account(id, (account) => account.automations()),
    objects.account(id, (account) => account.events(id, { limit: RECENT_EVENTS })),
    objects.account(id, (account) => account.replies({ state: "refused", limit: REFUSALS })),
  ]);
  const facts: AccountFacts = {
    now: ports.now(),
    metaAppId: config.metaAppId,
    item,
    state: seen.state,
    automations: automations.items,
    recentKinds: events.items.map(({ kind }) => kind),
    proof: events.items[0]?.proof ?? null,
    apps: seen.apps,
    // Meta's list names the fields that are on; an empty one may only mean that Meta does not list them.
    appFields: appFields === null || appFields.length === 0 ? null : appFields,
    refusals: refused.items.flatMap(({ reason }) => reason ?? []),
  };
  return { id, name: item.username, findings: examineAccount(facts) };
}

function handshakeUrl(origin: string, verifyToken: ConnectConfig["verifyToken"], challenge: string): string {
  const query = new URLSearchParams({
    "hub.mode": "subscribe",
    "hub.challenge": challenge,
    // Without the token: one that is certainly wrong, which the receiver has to refuse.
    "hub.verify_token": verifyToken ?? "the-doctor-does-not-know-it",
  });
  return `${origin}/webhooks?${query.toString()}`;
}

/** A delivery without an entry: the receiver verifies it, and finds nothing in it to keep. */
async function emptyDeliveries(fetch: Fetch, url: string, appSecrets: string): Promise<DeploymentFacts["deliveries"]> {
  const body = new Uint8Array(new TextEncoder().encode('{"object":"instagram","entry":[]}'));
  return await Promise.all(
    parseAppSecrets(appSecrets).map(async ({ label, secret }) => {
      const headers = { "Content-Type": "application/json", "X-Hub-Signature-256": await sign(body, secret) };
      return { secret: label, answer: await probe(fetch, url, { method: "POST", headers, body }) };
    }),
  );
}

async function probe(fetch: Fetch, url: string, init: RequestInit = {}): Promise<Probe> {
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(PROBE_MS) });
    return { kind: "answer", status: response.status, body: (await response.text()).slice(0, MAX_PROBE_CHARS) };
  } catch {
    return { kind: "unreachable" };
  }
}
