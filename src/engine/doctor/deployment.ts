/** The deployment as a whole: its callback, its accounts, whether it is up to date with its work. Pure. */
import { DAY_MS, MINUTE_MS } from "../../core/time.ts";
import { ago, fail, good, note, warn } from "./finding.ts";
import { examineCallback } from "./callback.ts";
import type { DeploymentFacts } from "./facts.ts";
import type { Finding } from "../../api/doctor.ts";
import { dashboard, LINKS } from "./links.ts";

/** The oldest message of a healthy queue is seconds old. */
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
  const findings = [good("secrets", "All secrets of the engine are set.")];
  if (problems.length > 0) {
    const fix = "Correct it in wrangler.engine.toml and deploy again.";
    findings.push(fail("addresses", problems.join(" "), fix, LINKS.secrets));
  }
  if (stopped) {
    findings.push(
      warn(
        "incident",
        "Sending is paused for all accounts.",
        "Resume sending in the console when you are ready.",
        null,
      ),
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
    const fix = "Connect these accounts again. Waiting replies are then sent with the new token.";
    findings.push(
      fail("held", `Sending is on hold for ${heldCount} of them (${kinds.join(", ")}).`, fix, LINKS.businessLogin),
    );
  }
  if (expiring > 0) {
    const fix = "Connect these accounts again. Automatic renewal has failed for weeks.";
    const title = `${expiring === 1 ? "1 token has" : `${expiring} tokens have`} expired, or will within seven days.`;
    findings.push(warn("expiring", title, fix, LINKS.businessLogin));
  }
  if (silent > 0) {
    const fix = "See the findings of each account. To check one account, run: npm run doctor -- --account ID";
    const title = `${silent === 1 ? "1 connected account has" : `${silent} connected accounts have`} never received an event.`;
    findings.push(note("silent", title, fix, LINKS.instagramWebhooks));
  }
  return findings;
}

function strangers({ health }: DeploymentFacts): Finding[] {
  const { strangers: unknown, silent } = health;
  if (unknown.length === 0) return [];
  const ids = unknown.map(({ id }) => id).join(", ");
  const title = `Events arrive for accounts that are not connected: ${ids}.`;
  // An account under the wrong id looks like this from both sides.
  return silent > 0
    ? [
        warn(
          "strangers",
          title,
          "Connect the account under the id of its events (user_id in GET /me?fields=user_id). The connected id without events is probably the app-scoped id.",
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
      findings.push(warn("queue", title, "Search the engine's log for ingest_failed.", LINKS.queueMetrics));
    }
  }
  if (findings.length === 0) {
    const title =
      queues.length === 0 ? "The queue length is not known yet." : "The queues are processed without delay.";
    findings.push(queues.length === 0 ? note("queue", title) : good("queue", title));
  }
  const { deadLetters, quarantined } = health;
  findings.push(
    deadLetters === 0
      ? good("dead_letters", "There are no dead letters.")
      : warn(
          "dead_letters",
          `${deadLetters === 1 ? "1 event" : `${deadLetters} events`} could not be delivered to an account (dead letters).`,
          "Replay them in the console, under Failed events. They are also retried every hour.",
          LINKS.queues,
        ),
    quarantined === 0
      ? good("quarantine", "All deliveries could be parsed.")
      : warn(
          "quarantine",
          `${quarantined === 1 ? "1 signed delivery" : `${quarantined} signed deliveries`} could not be parsed (quarantine).`,
          "See them in the console, under Failed events. Replay them after an update of Replyline.",
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
      "No event has arrived yet.",
      "Press Test next to a webhook field in the App Dashboard. If no event appears, search the receiver's log for delivery_refused: the app secret is then wrong.",
      dashboard(metaAppId, "webhooks"),
    );
  }
  const events = `The last event arrived ${ago(now - lastEventAt)} ago`;
  const replies =
    lastReplyAt === null ? "No reply has been sent yet" : `The last reply was sent ${ago(now - lastReplyAt)} ago`;
  return now - lastEventAt > DAY_MS
    ? note(
        "last_event",
        `${events}. ${replies}.`,
        "Press Test next to a webhook field in the App Dashboard to check whether Meta still delivers events.",
        dashboard(metaAppId, "webhooks"),
      )
    : good("last_event", `${events}. ${replies}.`);
}
