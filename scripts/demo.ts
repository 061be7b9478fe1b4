/**
 * `npm run demo`: both Workers and Meta in a box in one `wrangler dev`, and a story told with them. Exit status 0 only
 * when all of it came out right. `-- --keep` leaves everything running.
 */
import { parseArgs } from "node:util";
import type { ApiEvent, ApiReply } from "../src/simulator/cli/api-clients.ts";
import { endAll, endOnSignals } from "../src/simulator/cli/stack/shutdown.ts";
import { namedPort } from "../src/simulator/cli/stack/free-port.ts";
import { startStack } from "../src/simulator/cli/stack/local-stack.ts";
import type { Stack } from "../src/simulator/cli/stack/local-stack.ts";
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
import { tell } from "./demo/demo-scenario.ts";
import type { Told } from "./demo/demo-scenario.ts";
import { checks, DEFER_MS, duplicatesOf, LATENESS_MS, timings } from "./demo/demo-report.ts";
import type { Findings } from "./demo/demo-report.ts";

const USAGE = "npm run demo [-- --keep] [--port 8787]";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: "boolean", default: false }, port: { type: "string" } } });
  const port = values.port === undefined ? 0 : await namedPort(values.port);
  endOnSignals();
  say(bold("Replyline: Meta notifies, Replyline answers, once."));
  say(dim("Two Workers and a simulated Meta, all on this machine. Nothing leaves it.\n"));

  const stage = await setUp(port);
  await connect(stage);
  say(bold("\nWhat Meta sends"));
  const told = await tell(
    stage.meta,
    { now: Date.now(), random: seededRandom(Date.now()) },
    ({ title, result, passed }) => say(`  ${passed ? green("✓") : red("✗")} ${padEnd(title, 44)} ${dim(result)}`),
  );
  say();
  await untilAnswered(stage, told);
  const verdict = await closing(stage, told);

  if (values.keep) {
    say(bold("\nStill running") + dim("  ctrl-c ends it"));
    say(`  Console        ${stage.url}/console   ${dim(`signs in with ${stage.adminToken}`)}`);
    say(`  API            ${stage.url}/api/accounts`);
    say(`  Callback URL   ${stage.url}/webhooks`);
    say(`  Meta in a box  ${stage.url}/__meta    ${dim(`npm run meta -- comment --text "guide" --meta ${stage.url}`)}`);
    await stage.ended;
  }
  return verdict ? 0 : 1;
}

async function setUp(wantedPort: number): Promise<Stack> {
  const startedAt = Date.now();
  const stack = await startStack(wantedPort);
  if (stack.createdVars) say(`  Wrote ${bold(".dev.vars")} with fresh secrets.`);
  say(`  ${green("✓")} ${padEnd(`Both Workers answer at ${stack.url}`, 44)} ${dim(duration(Date.now() - startedAt))}`);
  return stack;
}

/** The handshake, and two accounts with an automation each. */
async function connect({ meta, replyline, url }: Stack): Promise<void> {
  const { challenge, durationMs } = await meta.setCallback(`${url}/webhooks`);
  say(
    `  ${green("✓")} ${padEnd("Handshake", 44)} ${dim(`challenge ${challenge} came back in ${duration(durationMs)}`)}`,
  );
  const studio = await meta.putAccount(STUDIO.id, { username: STUDIO.username });
  await replyline.connect(STUDIO.id, {
    platform: "instagram",
    login: "instagram",
    accessToken: studio.accessToken,
    username: STUDIO.username,
  });
  await replyline.subscribe(STUDIO.id, ["comments", "messages"]);
  await replyline.putAutomations(STUDIO.id, [GUIDE]);
  const bakery = await meta.putAccount(BAKERY.id, { platform: "page", name: BAKERY.name, username: BAKERY.username });
  await replyline.connect(BAKERY.id, {
    platform: "page",
    login: "facebook",
    accessToken: bakery.accessToken,
    username: BAKERY.username,
  });
  await replyline.subscribe(BAKERY.id, ["feed", "messages", "message_echoes"]);
  await replyline.putAutomations(BAKERY.id, [OPENING_HOURS]);
  say(`  ${green("✓")} ${padEnd(`Instagram account @${STUDIO.username}`, 44)} ${dim("answers comments with “guide”")}`);
  say(`  ${green("✓")} ${padEnd(`Page ${BAKERY.name}`, 44)} ${dim("answers messages with “open”")}`);
}

const ACCOUNTS = [STUDIO.id, BAKERY.id];
const POLL_MS = 300;
const COUNT_MS = 100;
/** After the last reply was due; then the demo has failed, and the checks say where. */
const PATIENCE_MS = 8000;

interface Books {
  events: ApiEvent[];
  replies: ApiReply[];
}

async function readBooks({ replyline }: Stack): Promise<Books> {
  const events: ApiEvent[] = [];
  const replies: ApiReply[] = [];
  for (const id of ACCOUNTS) {
    events.push(...(await replyline.events(id)));
    replies.push(...(await replyline.replies(id)));
  }
  return { events, replies };
}

/** Replies, and the notifications that follow from them: an echo of each message, an own comment of each public reply. */
function expected(told: Told): { replies: number; events: number } {
  const replies = told.asking.length * 2 + told.writing.length;
  return { replies, events: told.distinctEvents + replies };
}

async function untilAnswered(stage: Stack, told: Told): Promise<void> {
  const line = liveLine();
  const wanted = expected(told);
  const deadline = Date.now() + DEFER_MS + PATIENCE_MS;
  let replies: ApiReply[] = [];
  while (Date.now() < deadline) {
    replies = (await Promise.all(ACCOUNTS.map((id) => stage.replyline.replies(id)))).flat();
    const pending = replies.filter(({ state }) => state === "pending");
    const open = replies.filter(({ state }) => state === "pending" || state === "sending");
    if (open.length === 0 && replies.length >= wanted.replies && (await eventCount(stage)) >= wanted.events) break;
    // Nobody asks while the replies leave: the answers would share the machine with them.
    if (pending.length >= wanted.replies) await countDown(line, pending);
    else await sleep(POLL_MS);
  }
  const sent = replies.filter(({ state }) => state === "sent").length;
  line.done(
    `  ${sent === wanted.replies ? green("✓") : red("✗")} ${padEnd(`Deferred for ${DEFER_MS / 1000} s, then sent`, 44)} ${dim(`${sent} of ${wanted.replies}`)}`,
  );
}

/** The seconds until the first reply, and until the last one has had its time. */
async function countDown(line: ReturnType<typeof liveLine>, pending: readonly ApiReply[]): Promise<void> {
  const due = pending.map(({ dueAt }) => dueAt);
  const until = Math.max(...due) + LATENESS_MS;
  while (Date.now() < until) {
    const left = Math.max(0, Math.min(...due) - Date.now());
    const what = left > 0 ? `the first leaves in ${(left / 1000).toFixed(1)} s` : "they are leaving";
    line.show(`  ${count(pending.length, "reply", "replies")} deferred, ${what}`);
    await sleep(COUNT_MS);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

async function eventCount({ replyline }: Stack): Promise<number> {
  const accounts = await Promise.all(ACCOUNTS.map((id) => replyline.account(id)));
  return accounts.reduce((sum, { state }) => sum + state.events, 0);
}

async function closing(stage: Stack, told: Told): Promise<boolean> {
  const { meta, replyline } = stage;
  const { events, replies } = await readBooks(stage);
  const findings: Findings = {
    comments: told.asking,
    people: told.writing,
    events,
    replies,
    sent: await meta.sent(),
    calls: await meta.calls(),
    expectedEvents: expected(told).events,
    quarantined: (await replyline.quarantine()).length,
    duplicatesAnswered: told.duplicatesAnswered,
  };
  say(bold("\nWhat Replyline made of it"));
  say(indent(eventTable(findings)));
  say(bold("\nWhat the Graph API saw"));
  say(indent(timingTable(findings)));
  const all = [...told.checks.filter(({ passed }) => !passed), ...checks(findings)];
  say(bold("\nVerdict"));
  for (const { passed, what, detail } of all) {
    say(`  ${passed ? green("✓") : red("✗")} ${what}${passed ? "" : `: ${detail}`}`);
  }
  const failed = all.filter(({ passed }) => !passed);
  say(failed.length === 0 ? green("\nAll of it came out right.") : red(`\n${count(failed.length, "check")} failed.`));
  return failed.length === 0;
}

const indent = (text: string): string => text.replaceAll(/^/gm, "  ");

interface Tally {
  received: number;
  duplicates: number;
  answered: number;
  reasons: Map<string, number>;
}

/** One row a kind of event: how many, how many answered, and why the rest were not. */
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
    const reason = event.blocked ?? event.decisions[0]?.reason ?? "nothing to answer";
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
  rows.push(["unreadable", figure(findings.quarantined), "", "0", "kept as it came, for a person"]);
  rows.push([
    "all",
    figure(findings.events.length + findings.quarantined),
    figure(duplicatesOf(findings)),
    figure(findings.events.filter(({ decisions }) => decisions.some(({ fired }) => fired)).length),
    "",
  ]);
  return table(
    [
      { title: "event" },
      { title: "received", align: "right" },
      { title: "duplicates", align: "right" },
      { title: "answered", align: "right" },
      { title: "not answered, because" },
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
    [
      { title: "reply" },
      { title: "to" },
      { title: "after the event", align: "right" },
      { title: "late by", align: "right" },
    ],
    rows,
  );
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(red((error as Error).message));
  complain(dim(USAGE));
  process.exitCode = 1;
} finally {
  await endAll();
}
