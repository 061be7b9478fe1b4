/** The deployment as a whole: reachable, registered, up to date with its work. Pure. */
import type { DeploymentFacts } from "./facts.ts";
import { fail, type Finding, good, note, warn } from "./finding.ts";
import { dashboard, LINKS } from "./links.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A queue that is worked off has its oldest message out within seconds. */
const BACKLOG_AGE_MS = 5 * MINUTE_MS;
const BACKLOG_COUNT = 1_000;

export function examineDeployment(facts: DeploymentFacts): Finding[] {
  return [
    ...secrets(facts),
    reachable(facts),
    handshake(facts),
    callback(facts),
    ...accounts(facts),
    ...strangers(facts),
    ...backlog(facts),
    lastEvent(facts),
  ];
}

function secrets({ problems, stopped }: DeploymentFacts): Finding[] {
  const findings = [good("secrets", "Every secret that the engine needs is set.")];
  if (problems.length > 0) {
    const fix = "Correct it in wrangler.engine.toml and deploy again.";
    findings.push(fail("addresses", problems.join(" "), fix, LINKS.secrets));
  }
  if (stopped) {
    findings.push(
      warn("incident", "All sending is stopped by hand.", "Lift the stop in the console when you are ready.", null),
    );
  }
  return findings;
}

function reachable({ healthz, origin }: DeploymentFacts): Finding {
  const id = "callback_reachable";
  if (healthz.kind === "unreachable") {
    return fail(
      id,
      `${origin} cannot be reached from here.`,
      "Set PUBLIC_URL to the address that Meta calls, with a valid certificate and nothing in front that asks for a login.",
      LINKS.domains,
    );
  }
  if (healthz.status === 200) return good(id, `${origin} is reachable, and the receiver is set up.`);
  if (healthz.status === 503) {
    const missing = /META_[A-Z_]+|[A-Z]+_[A-Z_]+/.exec(healthz.body)?.[0] ?? "a secret";
    return fail(
      id,
      `The receiver says that ${missing} is missing.`,
      `Run: npx wrangler secret put ${missing}`,
      LINKS.secrets,
    );
  }
  return fail(
    id,
    `${origin}/healthz answers ${healthz.status}: something else stands in front of the receiver.`,
    "Take away what redirects, challenges or caches requests to this address, or set PUBLIC_URL to the right one.",
    LINKS.domains,
  );
}

function handshake({ handshake: answer, challenge, origin }: DeploymentFacts): Finding {
  const id = "callback_handshake";
  const url = `${origin}/webhooks`;
  const fix = "Use the same META_VERIFY_TOKEN for both Workers and in the App Dashboard.";
  if (answer.kind === "unreachable") {
    return fail(id, `${url} does not answer.`, "Mend the reachability above first.", LINKS.verification);
  }
  if (challenge === null) {
    // Without the token all that can be seen is that a wrong one is turned away as it should be.
    return answer.status === 403
      ? good(
          id,
          `${url} answers Meta's handshake; give the engine META_VERIFY_TOKEN too, to have the token itself checked.`,
        )
      : fail(id, `${url} answers ${answer.status} to a handshake, which is not the receiver.`, fix, LINKS.verification);
  }
  if (answer.status === 200 && answer.body === challenge) return good(id, `${url} passes Meta's handshake.`);
  return answer.status === 403
    ? fail(id, `${url} refuses the verify token that the engine knows.`, fix, LINKS.verification)
    : fail(id, `${url} does not give the challenge back (${answer.status}).`, fix, LINKS.verification);
}

function callback({ callbacks, origin, metaAppId }: DeploymentFacts): Finding {
  const id = "app_callback";
  const url = `${origin}/webhooks`;
  if (!callbacks.ok) {
    if (callbacks.error.reason === "unavailable") return note(id, "Meta could not be asked for the app's callback.");
    return warn(
      id,
      `Meta does not accept META_APP_ID with any app secret (${callbacks.error.code}).`,
      "Put the app secret of App settings, Basic into META_APP_SECRETS, labelled meta:, for both Workers.",
      dashboard(metaAppId, "settings/basic"),
    );
  }
  const own = callbacks.value.filter(({ callbackUrl }) => callbackUrl === url);
  if (own.length > 0) {
    return good(id, `Meta sends ${own.map(({ object }) => object).join(", ")} events to ${url}.`);
  }
  const other = callbacks.value.find(({ callbackUrl }) => callbackUrl !== null)?.callbackUrl ?? null;
  return warn(
    id,
    other === null
      ? "Meta knows no callback for this app."
      : `Meta sends events to ${other}, which is not this address.`,
    `Enter ${url} as callback in the App Dashboard, or register it with POST /api/app/subscriptions.`,
    dashboard(metaAppId, "webhooks"),
  );
}

function accounts({ health }: DeploymentFacts): Finding[] {
  const { connected, held, expiring, silent } = health;
  if (connected === 0) {
    return [fail("accounts", "No account is connected.", "Open /connect and log in at Meta.", LINKS.businessLogin)];
  }
  const findings = [good("accounts", `${connected} ${connected === 1 ? "account is" : "accounts are"} connected.`)];
  const heldCount = Object.values(held).reduce((sum, count) => sum + count, 0);
  if (heldCount > 0) {
    const kinds = Object.entries(held).map(([problem, count]) => `${count} × ${problem}`);
    const fix = "Connect these accounts again; what waits goes on with the new token.";
    findings.push(
      fail("held", `Nothing is sent for ${heldCount} of them (${kinds.join(", ")}).`, fix, LINKS.businessLogin),
    );
  }
  if (expiring > 0) {
    const fix = "Connect them again before that; renewing must have failed for weeks.";
    findings.push(warn("expiring", `${expiring} tokens die within seven days.`, fix, LINKS.businessLogin));
  }
  if (silent > 0) {
    const fix = "Ask for one of them with ?account=, to see what is missing.";
    findings.push(
      note("silent", `${silent} connected accounts have never had an event.`, fix, LINKS.instagramWebhooks),
    );
  }
  return findings;
}

function strangers({ health }: DeploymentFacts): Finding[] {
  const { strangers: unknown, silent } = health;
  if (unknown.length === 0) return [];
  const ids = unknown.map(({ id }) => id).join(", ");
  const title = `Events arrive for ids that are not connected: ${ids}.`;
  // An account under the wrong id looks like this from both sides.
  return silent > 0
    ? [
        warn(
          "strangers",
          title,
          "Connect under the id of the events (user_id of GET /me?fields=user_id): the connected id that stays silent is probably the app-scoped one.",
          LINKS.instagramWebhooks,
        ),
      ]
    : [note("strangers", title, "Connect them, or unsubscribe the app from them at Meta.", LINKS.instagramWebhooks)];
}

function backlog({ health }: DeploymentFacts): Finding[] {
  const findings: Finding[] = [];
  const queues = Object.entries(health.queues);
  for (const [name, { backlog: count, oldestAt, at }] of queues) {
    const ageMs = oldestAt === null ? 0 : at - oldestAt;
    if (count >= BACKLOG_COUNT || ageMs >= BACKLOG_AGE_MS) {
      const title = `${count} messages wait in ${name}, the oldest for ${Math.round(ageMs / MINUTE_MS)} minutes.`;
      findings.push(warn("queue", title, "Look for ingest_failed in the engine's log.", LINKS.queueMetrics));
    }
  }
  if (findings.length === 0) {
    const told = queues.length === 0 ? "No queue has told its length yet." : "The queues are worked off.";
    findings.push(queues.length === 0 ? note("queue", told) : good("queue", told));
  }
  const { deadLetters, quarantined } = health;
  findings.push(
    deadLetters === 0
      ? good("dead_letters", "No event has failed for good.")
      : warn(
          "dead_letters",
          `${deadLetters} events failed all their retries.`,
          "Replay them in the console; they are also tried once a day.",
          LINKS.queues,
        ),
    quarantined === 0
      ? good("quarantine", "Every delivery could be read.")
      : warn(
          "quarantine",
          `${quarantined} signed deliveries could not be read.`,
          "Look at them in the console, and replay them after an update.",
          null,
        ),
  );
  return findings;
}

function lastEvent({ health, now, metaAppId }: DeploymentFacts): Finding {
  const { lastEventAt, lastReplyAt } = health;
  if (lastEventAt === null) {
    return warn(
      "last_event",
      "No event has ever arrived.",
      "Press Test beside a field in the App Dashboard; if nothing appears here, look for delivery_refused in the receiver's log: the secret is then the other one.",
      dashboard(metaAppId, "webhooks"),
    );
  }
  const events = `The last event came ${ago(now - lastEventAt)} ago`;
  const replies =
    lastReplyAt === null ? "no reply was ever sent" : `the last reply was sent ${ago(now - lastReplyAt)} ago`;
  return now - lastEventAt > DAY_MS
    ? note(
        "last_event",
        `${events}, ${replies}.`,
        "Press Test in the App Dashboard to see whether Meta still delivers.",
        dashboard(metaAppId, "webhooks"),
      )
    : good("last_event", `${events}, ${replies}.`);
}

export function ago(ms: number): string {
  const units: [string, number][] = [
    ["day", DAY_MS],
    ["hour", 3_600_000],
    ["minute", MINUTE_MS],
  ];
  for (const [unit, size] of units) {
    const count = Math.floor(ms / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "less than a minute";
}
