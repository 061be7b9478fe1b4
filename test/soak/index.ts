/**
 * `npm run soak`: runs both Workers under `wrangler dev`, kills them repeatedly with -9 under load, and checks at the
 * end whether anything was lost or sent twice.
 *
 *   node test/soak/index.ts [--kills 30] [--events 8100] [--seed n] [--port 8870] [--keep] [--forgetful]
 *
 * Exit 0: no. Exit 1: yes; state and logs are kept. `--forgetful` gives the queue a bug that the soak must find.
 * README.md describes what this can and cannot show.
 */
import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bold, count as counted, duration, green, red, say } from "../../src/simulator/cli/terminal.ts";
import { Random } from "../fuzz/random.ts";
import { Api, forEach } from "./api.ts";
import { filesWith } from "./canaries.ts";
import { type Echo, type GraphSettings, readGraphLog } from "./graph-log.ts";
import { commentIdOf, MESSAGE_TEXT, PRIVATE_TEXT, PUBLIC_TEXT, TEXT_CANARY, TOKEN_CANARY, tokenOf } from "./ids.ts";
import { drain, readLedger } from "./ledger.ts";
import { pause } from "./line.ts";
import { makePlan, type PlannedEvent } from "./plan.ts";
import { printReport } from "./report.ts";
import { Senders } from "./senders.ts";
import { Stack } from "./stack.ts";
import { judge } from "./check.ts";
import type { QueueFigures } from "./workers/delivery.ts";

/** Short, so that work is in flight at every kill. */
const DEFER_SECONDS = 2;
const EVENTS_PER_KILL = 270;
/** The grace period of an attempt is 90 s, and retries still have to be sent after it. */
const DRAIN_MS = 240_000;
const MINUTE_MS = 60_000;
const LONGEST_LIFE_MS = 12_000;
/** The Graph process sends an echo within 2 s. */
const ECHO_MS = 2_500;
/** Steps in which the load between two kills is released. */
const PARTS = 10;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    events: { type: "string" },
    seed: { type: "string" },
    port: { type: "string", default: "8870" },
    keep: { type: "boolean", default: false },
    forgetful: { type: "boolean", default: false },
  },
});
const kills = wholeNumber(values.kills);
const eventCount = wholeNumber(values.events ?? String(Math.max(1, kills) * EVENTS_PER_KILL));
const seed = wholeNumber(values.seed ?? String(Date.now() % 2 ** 31));
const port = wholeNumber(values.port);

const folder = mkdtempSync(join(tmpdir(), "replyline-soak-"));
const graphUrl = `http://127.0.0.1:${port + 1}`;
const graphLog = join(folder, "graph.jsonl");
const { forgetful } = values;
const stack = new Stack({ folder, port, graphUrl, seed, deferSeconds: DEFER_SECONDS, forgetful });
let endGraph = (): void => undefined;

// Stops all child processes, for any kind of exit.
process.on("exit", () => {
  stack.killNow();
  endGraph();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    say(`ended by ${signal}`);
    process.exit(130);
  });
}

const startedAt = Date.now();
const elapsed = (): string => `${Math.round((Date.now() - startedAt) / 1_000)} s`.padStart(7);

process.exitCode = await soak();
process.exit();

async function soak(): Promise<number> {
  const plan = makePlan(seed, eventCount);
  const { accounts } = plan;
  say(
    `${bold("soak")}  ${counted(kills, "kill")}, ${counted(eventCount, "event")} on ${counted(accounts.length, "account")}, seed ${seed}`,
  );

  await stack.bundle();
  const senders = new Senders(stack.line, plan.bodies, seed);
  await startGraph({ port: port + 1, logPath: graphLog, seed }, (echo) => senders.echo(echo.id, echo.text));
  const starts = [await stack.start()];
  const stopWarming = stack.line.keepWarm();
  const api = new Api(stack.line);
  await forEach(accounts, (accountId) => connect(api, accountId));
  say(`${elapsed()}  ready, accounts connected`);

  const minutes = setInterval(() => void stack.line.request("/api/soak/minute").catch(() => null), MINUTE_MS);
  const random = new Random(seed, 4);
  for (let kill = 1; kill <= kills; kill++) {
    // A part of the load before each kill, spread over time, and a small rest after the last kill.
    const lifeMs = random.int(500, 3_000);
    const bornAt = Date.now();
    for (let part = 1; part <= PARTS; part++) {
      senders.allow((kill - 1 + part / PARTS) / (kills + 0.5));
      await pause(lifeMs / PARTS);
    }
    // On a slow machine the time between kills is longer, so that there is work to interrupt.
    while (senders.backlog > PARTS && Date.now() - bornAt < LONGEST_LIFE_MS) await pause(50);
    await stack.kill();
    starts.push(await stack.start());
    if (kill % 5 === 0 || kill === kills) {
      say(
        `${elapsed()}  kill ${kill}   ${counted(senders.acknowledged, "event")} acknowledged, ${counted(senders.resent, "delivery", "deliveries")} sent again`,
      );
    }
  }
  senders.allow(1);
  await fetch(`${graphUrl}/soak/calm`);
  while (senders.backlog > 0) await pause(50);
  say(`${elapsed()}  all ${counted(senders.acknowledged, "event")} acknowledged; waiting for open replies`);
  const stillOpen = await settle(api, accounts, senders);
  await senders.finish();
  clearInterval(minutes);
  stopWarming();

  const queue = await api.get<QueueFigures>("/api/soak/queue");
  const ledger = await readLedger(api, accounts);
  await stack.kill();

  const planned = new Map(
    plan.bodies.flatMap(({ events }) => events).map((event): [number, PlannedEvent] => [event.n, event]),
  );
  const { violations, figures } = judge({
    planned,
    delivered: senders.events,
    unreadable: senders.unreadable,
    graph: readGraphLog(graphLog),
    ledger,
    deferMs: DEFER_SECONDS * 1_000,
    answersInPublic,
  });
  violations["replies still scheduled"] = stillOpen === 0 ? [] : [String(stillOpen)];
  violations["200 responses with wrong counts"] = senders.wrongAnswers;
  violations["files with a token"] = [
    ...filesWith(stack.statePath, TOKEN_CANARY),
    ...filesIf(stack.logPath, TOKEN_CANARY),
  ];
  violations["log with texts of people"] = filesIf(stack.logPath, TEXT_CANARY);
  // Proves that the search works: it must find the comments in the state.
  const searchable =
    filesWith(stack.statePath, TEXT_CANARY).length > 0 && filesWith(stack.statePath, commentIdOf(0)).length > 0;
  violations["canary search does not work"] = searchable ? [] : ["no file of the state has the comments"];

  const { unexpectedExits } = stack;
  say(`\n${printReport({ figures, violations, queue, starts, unexpectedExits, resent: senders.resent })}\n`);
  const isSound = Object.values(violations).every((broken) => broken.length === 0);
  if (isSound && !values.keep) rmSync(folder, { recursive: true, force: true });
  else {
    writeFileSync(join(folder, "ledger.json"), JSON.stringify([...ledger.events.values(), ...ledger.replies.values()]));
    say(`state and logs: ${folder}`);
  }
  say(
    isSound
      ? green(`Nothing lost, nothing sent twice. ${duration(Date.now() - startedAt)}`)
      : red(
          `Violated. Repeat with --seed ${seed} --kills ${kills} --events ${eventCount}; times differ from run to run.`,
        ),
  );
  return isSound ? 0 : 1;
}

/** Starts the simulated Graph API in a separate process. */
async function startGraph(settings: GraphSettings, onEcho: (echo: Echo) => void): Promise<void> {
  const child = fork(join(import.meta.dirname, "graph.ts"), [JSON.stringify(settings)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  endGraph = () => void child.kill("SIGKILL");
  await new Promise<void>((resolve, reject) => {
    child.on("message", (message) => {
      if (message === "ready") resolve();
      else onEcho(message as Echo);
    });
    child.once("exit", (code) => reject(new Error(`the Graph process exited with ${code}`)));
  });
}

/** Every second account also replies publicly, where Meta has no rule against a second reply. */
function answersInPublic(accountId: string): boolean {
  return Number(accountId.slice(-1)) % 2 === 0;
}

async function connect(api: Api, accountId: string): Promise<void> {
  await api.put(`/api/accounts/${accountId}`, {
    platform: "instagram",
    login: "instagram",
    accessToken: tokenOf(accountId),
  });
  const trigger = { keywords: ["guide"], match: "word", mediaIds: [] };
  await api.put(`/api/accounts/${accountId}/automations`, {
    items: [
      {
        id: "guide",
        name: "Send the guide",
        enabled: true,
        trigger: { ...trigger, on: "comment" },
        actions: {
          privateReply: { text: PRIVATE_TEXT("{{comment.id}}") },
          ...(answersInPublic(accountId) ? { publicReply: { texts: [PUBLIC_TEXT] } } : {}),
        },
      },
      {
        id: "thanks",
        name: "Thank",
        enabled: true,
        trigger: { ...trigger, on: "message" },
        actions: { message: { text: MESSAGE_TEXT } },
      },
    ],
  });
}

/** Waits for the queue, for Meta's echoes, and for all scheduled replies. */
async function settle(api: Api, accounts: readonly string[], senders: Senders): Promise<number> {
  const deadline = Date.now() + DRAIN_MS;
  let toldAt = Date.now();
  const tell = (what: string): void => {
    if (Date.now() - toldAt < 20_000) return;
    toldAt = Date.now();
    say(`${elapsed()}  ${what}`);
  };
  const waiting = async (): Promise<number> => (await api.get<QueueFigures>("/api/soak/queue")).depth + senders.backlog;
  for (;;) {
    const before = await waiting();
    tell(`${counted(before, "event")} under way`);
    if (before === 0) {
      const open = await drain(api, accounts, deadline - Date.now(), (left) =>
        tell(`${counted(left, "reply", "replies")} open`),
      );
      // The last replies may have caused echoes.
      await pause(ECHO_MS);
      if ((await waiting()) === 0 || Date.now() > deadline) return open;
    } else if (Date.now() > deadline) return before;
    await pause(500);
  }
}

function filesIf(path: string, text: string): string[] {
  return readFileSync(path).includes(text) ? [path] : [];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${text} is not a whole number`);
}
