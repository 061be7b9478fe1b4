/** Facts of a healthy setup. Tests change one fact at a time. */
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import type { AccountFacts, DeploymentFacts } from "../../../src/engine/doctor/facts.ts";
import type { Finding } from "../../../src/api/doctor.ts";
import { scopesOf } from "../../../src/meta/oauth/permissions.ts";
import { accountItem, accountState, profile } from "../api/fakes.ts";

export const NOW = Date.UTC(2026, 10, 20, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A healthy deployment. */
export function deployment(more: Partial<DeploymentFacts> = {}): DeploymentFacts {
  return {
    now: NOW,
    origin: "https://r.example",
    metaAppId: "1001",
    problems: [],
    healthz: { kind: "answer", status: 200, body: '{"status":"ok"}' },
    handshake: { kind: "answer", status: 200, body: "4242" },
    challenge: "4242",
    deliveries: [
      { secret: "instagram", answer: { kind: "answer", status: 200, body: "" } },
      { secret: "meta", answer: { kind: "answer", status: 200, body: "" } },
    ],
    callbacks: { ok: true, value: [{ object: "instagram", callbackUrl: "https://r.example/webhooks", fields: [] }] },
    health: {
      accounts: 1,
      connected: 1,
      held: {},
      expiring: 0,
      silent: 0,
      strangers: [],
      lastEventAt: NOW - HOUR,
      lastReplyAt: NOW - HOUR,
      quarantined: 0,
      deadLetters: 0,
      queues: { "replyline-events": { backlog: 3, oldestAt: NOW - 2_000, at: NOW } },
    },
    stopped: false,
    ...more,
  };
}

export const health = (more: Partial<DeploymentFacts["health"]>): Partial<DeploymentFacts> => ({
  health: { ...deployment().health, ...more },
});

/** A healthy account. */
export function account(more: Partial<AccountFacts> = {}): AccountFacts {
  const state = accountState({
    profile: profile({ connectedAt: NOW - DAY }),
    settings: DEFAULT_SETTINGS,
    lastEventAt: NOW - HOUR,
    lastReplyAt: NOW - HOUR,
    token: {
      savedAt: NOW - DAY,
      expiresAt: NOW + 40 * DAY,
      dataAccessExpiresAt: null,
      checkedAt: NOW,
      scopes: scopesOf("instagram"),
      warning: null,
      belongsTo: null,
      failure: null,
      nextAt: NOW + DAY,
    },
  });
  return {
    now: NOW,
    metaAppId: "1001",
    item: accountItem(),
    state,
    automations: [
      {
        id: "guide",
        name: "Guide",
        enabled: true,
        trigger: { on: "comment", keywords: [], match: "any", mediaIds: [] },
        actions: {},
      },
    ],
    recentKinds: ["comment"],
    proof: { secret: "instagram", form: "raw" },
    apps: {
      ok: true,
      value: { apps: [{ appId: null, name: null, fields: ["comments", "messages", "message_echoes"] }] },
    },
    appFields: null,
    refusals: [],
    ...more,
  };
}

export const stateOf = (more: Partial<AccountFacts["state"]>): Partial<AccountFacts> => ({
  state: { ...account().state, ...more },
});

export const ill = (findings: Finding[]): Finding[] =>
  findings.filter(({ level }) => level === "warn" || level === "fail");
