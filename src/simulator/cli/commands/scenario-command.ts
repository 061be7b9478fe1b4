/** `npm run meta -- play <scenario>`: a day in the life of a receiver, and a verdict. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { seededRandom } from "../../notifications/meta-ids.ts";
import { option, OptionError } from "../../notifications/kinds/notification-kind.ts";
import type { Given } from "../../notifications/kinds/notification-kind.ts";
import { readScenario, tooShort } from "../../scenario/scenario-file.ts";
import type { Scenario } from "../../scenario/scenario-file.ts";
import { ReplylineClient } from "../api-clients.ts";
import type { SimulatorClient } from "../api-clients.ts";
import { UsageError } from "../command-options.ts";
import type { Command } from "../command-options.ts";
import { ROOT } from "../stack/dev-vars.ts";
import { atEnd } from "../stack/shutdown.ts";
import { play } from "../scenario-run/run-scenario.ts";
import { progressLine, report } from "../scenario-run/print-report.ts";
import { Stage } from "../scenario-run/run-state.ts";
import { namedPort } from "../stack/free-port.ts";
import { needSimulator } from "../send/find-sender.ts";
import { startStack } from "../stack/local-stack.ts";
import { bold, dim, liveLine, padEnd, say, yellow } from "../terminal.ts";

const META_EXAMPLE =
  "play migration --meta http://127.0.0.1:8787 --replyline http://127.0.0.1:8787 --admin-token <ADMIN_TOKEN>";

const FOLDER = join(ROOT, "scenarios");

export const PLAY_COMMAND: Command = {
  name: "play",
  takes: "<scenario>",
  summary: "plays a scenario against Replyline, or against your receiver, and ends with a verdict",
  examples: ["play viral-reel", "play two-bots --meta http://127.0.0.1:8799", "play ./my-scenario.json --speed 10"],
  options: {
    speed: option("how many times faster than written; deferrals stay as they are"),
    settle: option("seconds that replies are waited for after the last event, at most"),
    seed: option("a number: the same seed gives the same ids"),
    port: option("where the stack listens (default: any free port)"),
    meta: option("a running simulator; your receiver is its callback and answers to it (default: a stack of its own)"),
    replyline: option("with --meta: Replyline's address, where the receiver is Replyline"),
    "admin-token": option("with --replyline: its ADMIN_TOKEN"),
  },
  run,
};

async function run(given: Given, positionals: readonly string[]): Promise<number> {
  const [name, ...rest] = positionals;
  if (name === undefined) return list();
  if (rest.length > 0) throw new UsageError(`play takes one scenario, not also "${rest.join(" ")}"`);
  const scenario = load(name);
  const speed = positive(given, "speed") ?? scenario.speed;
  const settleMs = (positive(given, "settle") ?? scenario.settle / 1000) * 1000;
  const short = tooShort(settleMs, scenario.expect);
  if (short !== null) throw new UsageError(`--settle: ${short}`);
  const random = seededRandom(given.whole("seed") ?? Date.now() % 2 ** 31);
  const running = await runningSimulator(given);
  const named = given.text("port");
  const port = named === undefined ? 0 : await namedPort(named);
  say(bold(scenario.title));
  say(wrap(scenario.story));
  if (speed !== 1) say(dim(`Played ${speed} times faster than written; deferrals stay as they are.`));
  say();

  const { meta, replyline } = running ?? (await ownStack(port));
  await behaveAgain(meta);
  // Also where ctrl-c ends the play: its faults must not meet who comes next.
  atEnd(async () => {
    await meta.endMisbehaviour();
  });
  await prepare(scenario, meta, replyline);
  const stage = new Stage({ scenario, meta, replyline, random, speed });
  const line = liveLine();
  const result = await play(stage, settleMs, (progress) => line.show(progressLine(progress)));
  line.done();
  report(result, stage.told);
  return result.verdict.passed && result.notTaken === 0 ? 0 : 1;
}

function list(): number {
  say(bold("Scenarios"));
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".json"))) {
    const name = file.slice(0, -".json".length);
    say(`  ${padEnd(name, 20)}${load(name).title}`);
  }
  say(dim("\nnpm run meta -- play <scenario>; docs/simulator.md says how to write one."));
  return 0;
}

function load(name: string): Scenario {
  const path = name.endsWith(".json") ? name : join(FOLDER, `${name}.json`);
  if (!existsSync(path)) {
    const known = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));
    throw new UsageError(`there is no scenario "${name}"; there are ${known.join(", ")}`);
  }
  const scenario = readScenario(readFileSync(path, "utf8"));
  if (!scenario.ok) throw new UsageError(`${path}: ${scenario.error}`);
  return scenario.value;
}

function positive(given: Given, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new OptionError(`--${name} must be a number above 0, not "${text}"`);
  return value;
}

/** What an earlier play or somebody else has ordered is none of this one's. */
async function behaveAgain(meta: SimulatorClient): Promise<void> {
  const { faults, outageUntil } = (await meta.status()).settings;
  const left = faults.some(({ times }) => times !== 0) || (outageUntil !== null && outageUntil > Date.now());
  await meta.endMisbehaviour();
  if (left) say(yellow("  Faults and outages that were still ordered have been ended."));
}

interface Sides {
  meta: SimulatorClient;
  /** null: the receiver is not Replyline. */
  replyline: ReplylineClient | null;
}

async function ownStack(port: number): Promise<Sides> {
  const stack = await startStack(port);
  await stack.meta.setCallback(`${stack.url}/webhooks`);
  return { meta: stack.meta, replyline: stack.replyline };
}

/** The simulator of --meta, and who answers to it; null where the play has a stack of its own. */
async function runningSimulator(given: Given): Promise<Sides | null> {
  const lonely = ["replyline", "admin-token"].find((name) => given.has(name));
  if (given.text("meta") === undefined) {
    if (lonely === undefined) return null;
    throw new UsageError(
      `--${lonely} goes with --meta: without it, a stack of its own is played against`,
      META_EXAMPLE,
    );
  }
  if (given.has("port")) throw new UsageError("--port is for a stack of its own, and --meta names one that runs");
  const meta = await needSimulator(given);
  if ((await meta.status()).callback === null) {
    throw new UsageError(
      "the simulator has no callback URL yet",
      `callback http://127.0.0.1:3000/webhooks --verify-token <token> --meta ${meta.url}`,
    );
  }
  const url = given.text("replyline");
  const token = given.text("admin-token");
  if ((url === undefined) !== (token === undefined))
    throw new UsageError("--replyline and --admin-token go together", META_EXAMPLE);
  return { meta, replyline: url === undefined ? null : new ReplylineClient(url, token ?? "") };
}

/** Makes the accounts, and connects them where the receiver is Replyline. */
async function prepare(scenario: Scenario, meta: SimulatorClient, replyline: ReplylineClient | null): Promise<void> {
  for (const { name, id, platform, automations, settings } of scenario.accounts) {
    const { accessToken } = await meta.putAccount(id, { platform, username: name });
    if (replyline === null) {
      say(`  ${name} (${id}): your receiver answers “${scenario.keyword}” and sends with`);
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

/** Lines of at most so many characters. */
function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
