/** `npm run meta -- play <scenario>`: runs a scenario against a receiver, and prints a report. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { option, UsageError, type OptionValues } from "../../notifications/kinds/notification-kind.ts";
import { seededRandom } from "../../notifications/meta-ids.ts";
import { readScenario, tooShort, type Scenario } from "../../scenario/scenario-file.ts";
import { ReplylineClient, type SimulatorClient } from "../api-clients.ts";
import type { CliCommand } from "../cli-command.ts";
import { printReport, progressLine } from "../scenario-run/print-report.ts";
import { runScenario } from "../scenario-run/run-scenario.ts";
import { RunState } from "../scenario-run/run-state.ts";
import { needSimulator, noCallback } from "../send/find-sender.ts";
import { ROOT } from "../stack/dev-vars.ts";
import { namedPort } from "../stack/free-port.ts";
import { startSimulatedStack } from "../stack/local-stack.ts";
import { atEnd } from "../stack/shutdown.ts";
import { bold, dim, liveLine, padEnd, say, yellow } from "../terminal.ts";

const META_EXAMPLE =
  "play migration --meta http://127.0.0.1:8787 --replyline http://127.0.0.1:8787 --admin-token <ADMIN_TOKEN>";

const FOLDER = join(ROOT, "scenarios");

export const SCENARIO_COMMAND: CliCommand = {
  name: "play",
  argument: "[scenario]",
  summary: "run a scenario against Replyline or your receiver, and print a report",
  examples: ["play viral-reel", "play two-bots --meta http://127.0.0.1:8799", "play ./my-scenario.json --speed 10"],
  options: {
    speed: option("run the timeline this many times faster; reply delays keep their length"),
    settle: option("the longest time in seconds to wait for replies after the last event"),
    seed: option("a whole number; the same seed gives the same ids"),
    port: option("the port of the stack that the command starts (default: any free port)", ["meta"]),
    meta: option("use this running simulator and its callback URL instead of starting a stack"),
    replyline: option("with --meta: the address of Replyline, if the receiver is Replyline"),
    "admin-token": option("with --replyline: its ADMIN_TOKEN"),
  },
  run,
};

async function run(values: OptionValues, name: string): Promise<number> {
  if (name === "") return list();
  const scenario = load(name);
  const speed = values.positive("speed") ?? scenario.speed;
  const settleMs = (values.positive("settle") ?? scenario.settle / 1000) * 1000;
  const short = tooShort(settleMs, scenario.expect);
  if (short !== null) throw new UsageError(`--settle: ${short}`);
  const random = seededRandom(values.whole("seed") ?? Date.now() % 2 ** 31);
  const running = await runningSimulator(values);
  const named = values.text("port");
  const port = named === undefined ? 0 : await namedPort(named);
  say(bold(scenario.title));
  say(wrap(scenario.story));
  if (speed !== 1) say(dim(`Runs ${speed} times faster than written. Reply delays keep their length.`));
  say();

  const { meta, replyline } = running ?? (await ownStack(port));
  await removeOldFaults(meta);
  // Also after Ctrl-C: the faults of this run must not affect the next one.
  atEnd(async () => {
    await meta.endMisbehavior();
    if (!scenario.timeline.some((action) => action.do === "behave")) return;
    await meta.control("PUT", "/settings", { ownComments: "usual", automaticReply: null });
  });
  await prepare(scenario, meta, replyline);
  const runState = new RunState({ scenario, meta, replyline, random, speed });
  const line = liveLine();
  const result = await runScenario(runState, settleMs, (progress) => line.show(progressLine(progress)));
  line.done();
  printReport(result, runState.updatesSent);
  return result.report.passed && result.notTaken === 0 ? 0 : 1;
}

const scenarioNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length));

function list(): number {
  say(bold("Scenarios"));
  for (const name of scenarioNames()) say(`  ${padEnd(name, 20)}${load(name).title}`);
  say(dim("\nRun one with: npm run meta -- play <scenario>. To write your own, see docs/simulator.md."));
  return 0;
}

function load(name: string): Scenario {
  const path = name.endsWith(".json") ? name : join(FOLDER, `${name}.json`);
  if (!existsSync(path)) {
    throw new UsageError(`unknown scenario "${name}"; the scenarios are ${scenarioNames().join(", ")}`);
  }
  const scenario = readScenario(readFileSync(path, "utf8"));
  if (!scenario.ok) throw new UsageError(`${path}: ${scenario.error}`);
  return scenario.value;
}

/** Removes the faults and the outage of an earlier run. */
async function removeOldFaults(meta: SimulatorClient): Promise<void> {
  const { faults, outageUntil } = (await meta.status()).settings;
  const left = faults.some(({ times }) => times !== 0) || (outageUntil !== null && outageUntil > Date.now());
  await meta.endMisbehavior();
  if (left) say(yellow("  Removed the faults and the outage that were still set."));
}

interface Sides {
  meta: SimulatorClient;
  /** null: the receiver is not Replyline. */
  replyline: ReplylineClient | null;
}

async function ownStack(port: number): Promise<Sides> {
  const stack = await startSimulatedStack(port);
  await stack.meta.setCallback(`${stack.url}/webhooks`);
  return { meta: stack.meta, replyline: stack.replyline };
}

/** The simulator that --meta names, and the receiver; null if the run starts its own stack. */
async function runningSimulator(values: OptionValues): Promise<Sides | null> {
  if (values.text("meta") === undefined) {
    const alone = ["replyline", "admin-token"].find((name) => values.has(name));
    if (alone === undefined) return null;
    throw new UsageError(`use --${alone} with --meta; without it, the command starts its own stack`, META_EXAMPLE);
  }
  const meta = await needSimulator(values);
  if ((await meta.status()).callback === null) throw noCallback(meta);
  const url = values.text("replyline");
  const token = values.text("admin-token");
  if ((url === undefined) !== (token === undefined))
    throw new UsageError("use --replyline and --admin-token together", META_EXAMPLE);
  return { meta, replyline: url === undefined ? null : new ReplylineClient(url, token ?? "") };
}

/** Creates the accounts, and connects them if the receiver is Replyline. */
async function prepare(scenario: Scenario, meta: SimulatorClient, replyline: ReplylineClient | null): Promise<void> {
  for (const { name, id, platform, automations, settings } of scenario.accounts) {
    const { accessToken } = await meta.putAccount(id, { platform, username: name });
    if (replyline === null) {
      say(`  ${name} (${id}): your receiver must reply to “${scenario.keyword}” and send with this access token:`);
      say(`  ${accessToken}`);
      continue;
    }
    const login = platform === "page" ? "facebook" : "instagram";
    await replyline.connect(id, { platform, login, accessToken, username: name });
    await replyline.putAutomations(id, automations);
    if (settings !== undefined) await replyline.putSettings(id, settings);
  }
  if (replyline === null && process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    await terminal.question("  Press Enter when your receiver is ready. ");
    terminal.close();
  }
}

const COLUMNS = 100;

/** Breaks text into lines of at most COLUMNS characters. */
function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
