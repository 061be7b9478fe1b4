import { describe, expect, it } from "vitest";
import { examineDeployment } from "../../../src/engine/doctor/deployment.ts";
import type { DeploymentFacts } from "../../../src/engine/doctor/facts.ts";
import type { Finding } from "../../../src/api/doctor.ts";
import { deployment, health, HOUR, ill, NOW } from "./samples.ts";

const FORBIDDEN = { kind: "answer", status: 403, body: "" } as const;

describe("a healthy deployment", () => {
  it("has nothing to fix", () => {
    expect(ill(examineDeployment(deployment()))).toEqual([]);
  });
});

describe("a problem of a deployment is reported with its fix", () => {
  it.each<[string, Partial<DeploymentFacts>, string, Finding["level"], RegExp]>([
    ["it is unreachable", { healthz: { kind: "unreachable" } }, "callback_reachable", "fail", /Set PUBLIC_URL/],
    [
      "the receiver lacks a secret",
      { healthz: { kind: "answer", status: 503, body: '{"problems":[{"variable":"META_VERIFY_TOKEN"}]}' } },
      "callback_reachable",
      "fail",
      /npx wrangler secret put META_VERIFY_TOKEN/,
    ],
    [
      "a login page is in front of it",
      { healthz: { kind: "answer", status: 302, body: "" } },
      "callback_reachable",
      "fail",
      /redirects, challenges/,
    ],
    [
      "the verify token differs",
      { handshake: { kind: "answer", status: 403, body: "" } },
      "callback_handshake",
      "fail",
      /same META_VERIFY_TOKEN/,
    ],
    [
      "the challenge comes back in quotes",
      { handshake: { kind: "answer", status: 200, body: '"4242"' } },
      "callback_handshake",
      "fail",
      /META_VERIFY_TOKEN/,
    ],
    [
      "another service answers the handshake",
      { handshake: { kind: "answer", status: 200, body: "<html>" }, challenge: null },
      "callback_handshake",
      "fail",
      /META_VERIFY_TOKEN/,
    ],
    [
      "the receiver has another secret than the engine",
      {
        deliveries: [
          { secret: "instagram", answer: { kind: "answer", status: 401, body: "" } },
          { secret: "meta", answer: { kind: "answer", status: 200, body: "" } },
        ],
      },
      "callback_signature",
      "fail",
      /both Workers the same META_APP_SECRETS/,
    ],
    [
      "Meta has another callback",
      { callbacks: { ok: true, value: [{ object: "page", callbackUrl: "https://old.example/webhooks", fields: [] }] } },
      "app_callback",
      "warn",
      /Enter https:\/\/r\.example\/webhooks/,
    ],
    [
      "Meta has another callback for one of several objects",
      {
        callbacks: {
          ok: true,
          value: [
            { object: "instagram", callbackUrl: "https://r.example/webhooks", fields: [] },
            { object: "page", callbackUrl: "https://old.example/webhooks", fields: [] },
            { object: "user", callbackUrl: null, fields: [] },
          ],
        },
      },
      "app_callback",
      "warn",
      /Enter https:\/\/r\.example\/webhooks/,
    ],
    [
      "app id and secret do not match",
      { callbacks: { ok: false, error: { reason: "account", code: "190", problem: "token" } } },
      "app_callback",
      "warn",
      /label meta:/,
    ],
    ["nothing is connected", health({ connected: 0 }), "accounts", "fail", /Open \/connect/],
    ["an account is held", health({ held: { token: 2 } }), "held", "fail", /Connect these accounts again/],
    ["tokens die", health({ expiring: 1 }), "expiring", "warn", /Connect these accounts again/],
    [
      "an account is connected under the wrong id",
      health({ silent: 1, strangers: [{ id: "17841", lastEventAt: NOW }] }),
      "strangers",
      "warn",
      /user_id in GET \/me/,
    ],
    [
      "the queue is not processed",
      health({ queues: { "replyline-events": { backlog: 12, oldestAt: NOW - HOUR, at: NOW } } }),
      "queue",
      "warn",
      /ingest_failed/,
    ],
    ["events died", health({ deadLetters: 3 }), "dead_letters", "warn", /Replay them/],
    ["deliveries could not be read", health({ quarantined: 1 }), "quarantine", "warn", /Replay them/],
    ["no event ever arrived", health({ lastEventAt: null }), "last_event", "warn", /delivery_refused/],
    ["sending is stopped", { stopped: true }, "incident", "warn", /Resume sending/],
    [
      "an address is wrong",
      { problems: ["PUBLIC_URL must be an address without a path."] },
      "addresses",
      "fail",
      /deploy/,
    ],
  ])("%s", (_, more, id, level, fix) => {
    const found = ill(examineDeployment(deployment(more)));
    expect(found.map((finding) => [finding.id, finding.level])).toEqual([[id, level]]);
    expect(found[0]?.fix).toMatch(fix);
  });

  it("except a callback that requires Meta's client certificate, which is right", () => {
    const away = { handshake: FORBIDDEN, deliveries: [{ secret: "meta", answer: FORBIDDEN }] };
    const found = examineDeployment(deployment(away));
    expect(ill(found)).toEqual([]);
    expect(found.find(({ id }) => id === "callback_handshake")).toMatchObject({ level: "info" });
    // If no event arrived yet, the certificate may also block Meta.
    const silent = ill(examineDeployment(deployment({ ...away, ...health({ lastEventAt: null }) })));
    expect(silent.map(({ id }) => id)).toEqual(["callback_handshake", "last_event"]);
    expect(silent[0]?.fix).toContain("REQUIRE_MTLS");
  });

  it("once: an unreachable callback is not also reported as a wrong secret", () => {
    const deliveries = [{ secret: "instagram", answer: { kind: "unreachable" } as const }];
    const found = examineDeployment(deployment({ deliveries }));
    expect(found.map(({ id }) => id)).not.toContain("callback_signature");
  });

  it("in singular and plural", () => {
    const titles = (more: Partial<DeploymentFacts["health"]>): string[] =>
      examineDeployment(deployment(health(more))).map(({ title }) => title);
    expect(titles({ expiring: 1, silent: 1, deadLetters: 1 })).toEqual(
      expect.arrayContaining([
        "1 token has expired, or will within seven days.",
        "1 connected account has never received an event.",
        "1 event could not be delivered to an account (dead letters).",
      ]),
    );
    expect(titles({ silent: 2 })).toContain("2 connected accounts have never received an event.");
  });

  it("and an unknown verify token is checked with a wrong one, which must be refused", () => {
    const handshake = { kind: "answer", status: 403, body: "" } as const;
    expect(ill(examineDeployment(deployment({ challenge: null, handshake })))).toEqual([]);
  });
});
