/**
 * `npm run demo`: starts both Workers and the Meta simulator in one `wrangler dev`, runs a short scenario, and checks the
 * result from both sides. The exit status is 0 only if every check passes.
 */
import { Command } from "commander";
import type { ApiEvent, ApiReply } from "../src/simulator/cli/api-clients.ts";
import { connectInstagram, connectPage } from "../src/simulator/cli/stack/connect-accounts.ts";
import { endAll, endOnSignals } from "../src/simulator/cli/stack/shutdown.ts";
import { namedPort } from "../src/simulator/cli/stack/free-port.ts";
import { startSimulatedStack, type SimulatedStack as Stack } from "../src/simulator/cli/stack/local-stack.ts";
import {
  bold,
  complain,
  count,
  dim,
  duration,
  green,
  liveLine,
  padEnd,
  red,
  say,
  table,
} from "../src/simulator/cli/terminal.ts";
import { seededRandom } from "../src/simulator/notifications/meta-ids.ts";
import { BAKERY, GUIDE, OPENING_HOURS, STUDIO } from "./demo/demo-fixtures.ts";
import { runDemoScenario, type DemoResult } from "./demo/demo-scenario.ts";
import { checks, DEFER_MS, duplicatesOf, LATENESS_MS, timings, type Findings } from "./demo/demo-report.ts";

const command = new Command("npm run demo --")
  .description("Show the whole pipeline: events from a simulated Meta, and Replyline's replies.")
  .option("--keep", "leave everything running until Ctrl-C")
  .option("--port <number>", "the port to listen on (default: any free port)");

async function main(): Promise<number> {
  const options = command.parse().opts<{ keep?: boolean; port?: string }>();
  const port = options.port === undefined ? 0 : await namedPort(options.port);
  endOnSignals();
  say(bold("Replyline: one reply for each event, never two."));
  say(dim("Two Workers and a simulated Meta. Everything runs on this machine.\n"));

  const stack = await setUp(port);
  await connect(stack);
  say(bold("\nWhat Meta sends"));
  const demo = await runDemoScenario(
    stack.meta,
    { now: Date.now(), random: seededRandom(Date.now()) },
    ({ title, result, passed }) => say(`  ${passed ? green("✓") : red("✗")} ${padEnd(title, 44)} ${dim(result)}`),
  );
  say();
  await untilAnswered(stack, demo);
  const passed = await printReport(stack, demo);

  if (options.keep === true) {
    say(bold("\nStill running") + dim("  Press Ctrl-C to stop."));
    say(`  Console         ${stack.url}/console   ${dim(`sign in with ${stack.adminToken}`)}`);
    say(`  API             ${stack.url}/api/accounts`);
    say(`  Callback URL    ${stack.url}/webhooks`);
    say(
      `  Meta simulator  ${stack.url}/__meta    ${dim(`npm run meta -- comment --text "guide" --meta ${stack.url}`)}`,
    );
    await stack.exited;
  }
  return passed ? 0 : 1;
}

async function setUp(wantedPort: number): Promise<Stack> {
  const startedAt = Date.now();
  const stack = await startSimulatedStack(wantedPort);
  if (stack.createdVars) say(`  Created ${bold(".dev.vars")} with new secrets.`);
  say(`  ${green("✓")} ${padEnd(`Both Workers are up at ${stack.url}`, 44)} ${dim(duration(Date.now() - startedAt))}`);
  return stack;
}

/** Makes the handshake, and connects two accounts with an automation each. */
async function connect(stack: Stack): Promise<void> {
  const { challenge, durationMs } = await stack.meta.setCallback(`${stack.url}/webhooks`);
  say(
    `  ${green("✓")} ${padEnd("Handshake", 44)} ${dim(`challenge ${challenge} returned in ${duration(durationMs)}`)}`,
  );
  await connectInstagram(stack, STUDIO, { fields: ["comments", "messages"], automations: [GUIDE] });
  await connectPage(stack, BAKERY, {
    fields: ["feed", "messages", "message_echoes"],
    automations: [OPENING_HOURS],
  });
  say(
    `  ${green("✓")} ${padEnd(`Instagram account @${STUDIO.username}`, 44)} ${dim("replies to comments with “guide”")}`,
  );
  say(`  ${green("✓")} ${padEnd(`Page ${BAKERY.name}`, 44)} ${dim("replies to messages with “open”")}`);
}

const ACCOUNTS = [STUDIO.id, BAKERY.id];
const POLL_MS = 300;
const COUNT_MS = 100;
/** The demo waits this long after the last reply is due. Then the checks show what is missing. */
const PATIENCE_MS = 8000;

interface Ledger {
  events: ApiEvent[];
  replies: ApiReply[];
}

async function readLedger({ replyline }: Stack): Promise<Ledger> {
  const events: ApiEvent[] = [];
  const replies: ApiReply[] = [];
  for (const id of ACCOUNTS) {
    events.push(...(await replyline.events(id)));
    replies.push(...(await replyline.replies(id)));
  }
  return { events, replies };
}

/** The replies, and all events with those that the replies cause: an echo of each message, an own comment of each public reply. */
function expected(demo: DemoResult): { replies: number; events: number } {
  const replies = demo.asking.length * 2 + demo.writing.length;
  return { replies, events: demo.distinctEvents + replies };
}

async function untilAnswered(stack: Stack, demo: DemoResult): Promise<void> {
  const line = liveLine();
  const wanted = expected(demo);
  const deadline = Date.now() + DEFER_MS + PATIENCE_MS;
  let replies: ApiReply[] = [];
  while (Date.now() < deadline) {
    replies = (await Promise.all(ACCOUNTS.map((id) => stack.replyline.replies(id)))).flat();
    const pending = replies.filter(({ state }) => state === "pending");
    const open = replies.filter(({ state }) => state === "pending" || state === "sending");
    if (open.length === 0 && replies.length >= wanted.replies && (await eventCount(stack)) >= wanted.events) break;
    // No polling while the replies are sent: it would compete with them for this machine.
    if (pending.length >= wanted.replies) await countDown(line, pending);
    else await sleep(POLL_MS);
  }
  const sent = replies.filter(({ state }) => state === "sent").length;
  line.done(
    `  ${sent === wanted.replies ? green("✓") : red("✗")} ${padEnd(`Delayed for ${DEFER_MS / 1000} s, then sent`, 44)} ${dim(`${sent} of ${wanted.replies}`)}`,
  );
}

/** Shows the seconds until the first reply, then waits until the last reply is late. */
async function countDown(line: ReturnType<typeof liveLine>, pending: readonly ApiReply[]): Promise<void> {
  const due = pending.map(({ dueAt }) => dueAt);
  const until = Math.max(...due) + LATENESS_MS;
  while (Date.now() < until) {
    const left = Math.max(0, Math.min(...due) - Date.now());
    const what = left > 0 ? `the first is sent in ${(left / 1000).toFixed(1)} s` : "sending";
    line.show(`  ${count(pending.length, "reply", "replies")} delayed, ${what}`);
    await sleep(COUNT_MS);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

async function eventCount({ replyline }: Stack): Promise<number> {
  const accounts = await Promise.all(ACCOUNTS.map((id) => replyline.account(id)));
  return accounts.reduce((sum, { state }) => sum + state.events, 0);
}

async function printReport(stack: Stack, demo: DemoResult): Promise<boolean> {
  const { meta, replyline } = stack;
  const { events, replies } = await readLedger(stack);
  const findings: Findings = {
    comments: demo.asking,
    people: demo.writing,
    events,
    replies,
    sent: await meta.sent(),
    calls: await meta.calls(),
    expectedEvents: expected(demo).events,
    quarantined: (await replyline.quarantine()).length,
    duplicatesAnswered: demo.duplicatesAnswered,
  };
  say(bold("\nWhat Replyline did"));
  say(indent(eventTable(findings)));
  say(bold("\nWhat the Graph API saw"));
  say(indent(timingTable(findings)));
  const all = [...demo.checks.filter(({ passed }) => !passed), ...checks(findings)];
  say(bold("\nChecks"));
  for (const { passed, what, detail } of all) {
    say(`  ${passed ? green("✓") : red("✗")} ${what}${passed ? "" : `: ${detail}`}`);
  }
  const failed = all.filter(({ passed }) => !passed);
  say(failed.length === 0 ? green("\nAll checks passed.") : red(`\n${count(failed.length, "check")} failed.`));
  return failed.length === 0;
}

const indent = (text: string): string => text.replaceAll(/^/gm, "  ");

interface Tally {
  received: number;
  duplicates: number;
  answered: number;
  reasons: Map<string, number>;
}

/** One row for each kind of event: how many were received, how many got a reply, and why the others did not. */
function eventTable(findings: Findings): string {
  const kinds = new Map<string, Tally>();
  for (const event of findings.events) {
    const tally = kinds.get(event.kind) ?? { received: 0, duplicates: 0, answered: 0, reasons: new Map() };
    kinds.set(event.kind, tally);
    tally.received += 1;
    tally.duplicates += event.duplicates;
    if (event.decisions.some(({ fired }) => fired)) {
      tally.answered += 1;
      continue;
    }
    const [decision] = event.decisions;
    const missed = decision === undefined || decision.fired ? null : decision.reason;
    const reason = event.blocked ?? missed ?? "nothing to answer";
    tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
  }
  const figure = (value: number): string => value.toLocaleString("en");
  const rows = [...kinds].map(([kind, { received, duplicates, answered, reasons }]) => [
    kind,
    figure(received),
    figure(duplicates),
    figure(answered),
    [...reasons].map(([reason, times]) => `${figure(times)} ${reason}`).join(", "),
  ]);
  rows.push(["unreadable", figure(findings.quarantined), "", "0", "quarantined"]);
  rows.push([
    "all",
    figure(findings.events.length + findings.quarantined),
    figure(duplicatesOf(findings)),
    figure(findings.events.filter(({ decisions }) => decisions.some(({ fired }) => fired)).length),
    "",
  ]);
  return table(
    [
      "event",
      { title: "received", align: "right" },
      { title: "duplicates", align: "right" },
      { title: "replied", align: "right" },
      "why the others got no reply",
    ],
    rows,
  );
}

function timingTable(findings: Findings): string {
  const rows = timings(findings).map(({ kind, target, receivedAt, arrivedAt, latenessMs }) => [
    kind.replace("_", " "),
    target,
    `${((arrivedAt - receivedAt) / 1000).toFixed(3)} s`,
    `${latenessMs} ms`,
  ]);
  return table(
    ["reply", "to", { title: "after the event", align: "right" }, { title: "late by", align: "right" }],
    rows,
  );
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(red((error as Error).message));
  complain(dim("Options: npm run demo -- --help"));
  process.exitCode = 1;
} finally {
  await endAll();
}
