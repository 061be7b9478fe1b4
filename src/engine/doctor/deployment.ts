/** The deployment as a whole: its callback, its accounts, whether it is up to date with its work. Pure. */
import { DAY_MS, MINUTE_MS } from "../../core/time.ts";
import { ago, fail, good, note, warn } from "./finding.ts";
import { examineCallback } from "./callback.ts";
import type { DeploymentFacts } from "./facts.ts";
import type { Finding } from "../../api/doctor.ts";
import { dashboard, LINKS } from "./links.ts";

/** A queue that is worked off has its oldest message out within seconds. */
const BACKLOG_AGE_MS = 5 * MINUTE_MS;
const BACKLOG_COUNT = 1_000;

export function examineDeployment(facts: DeploymentFacts): Finding[] {
  return [
    ...secrets(facts),
    ...examineCallback(facts),
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
    const fix = "Connect again; renewing must have failed for weeks.";
    const title = `${expiring === 1 ? "1 token is" : `${expiring} tokens are`} dead, or will be within seven days.`;
    findings.push(warn("expiring", title, fix, LINKS.businessLogin));
  }
  if (silent > 0) {
    const fix =
      "What is found of the account itself says what is missing; npm run doctor -- --account ID asks for one alone.";
    const title = `${silent === 1 ? "1 connected account has" : `${silent} connected accounts have`} never had an event.`;
    findings.push(note("silent", title, fix, LINKS.instagramWebhooks));
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
          `${deadLetters === 1 ? "1 event" : `${deadLetters} events`} failed all retries.`,
          "Replay them in the console; they are also tried every hour.",
          LINKS.queues,
        ),
    quarantined === 0
      ? good("quarantine", "Every delivery could be read.")
      : warn(
          "quarantine",
          `${quarantined === 1 ? "1 signed delivery" : `${quarantined} signed deliveries`} could not be read.`,
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
