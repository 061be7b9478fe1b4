/** `npm run meta -- conform <url>`: the whole contract, against any receiver. */
import { seededRandom } from "../../notifications/meta-ids.ts";
import { option } from "../../notifications/kinds/notification-kind.ts";
import type { Given } from "../../notifications/kinds/notification-kind.ts";
import type { SimulatorClient } from "../api-clients.ts";
import { onlyPositional, UsageError } from "../command-options.ts";
import type { Command } from "../command-options.ts";
import { BODY_CASES } from "../conform/body-cases.ts";
import type { Case, CaseContext, Finding } from "../conform/conform-case.ts";
import { fail } from "../conform/conform-case.ts";
import { tryEffects } from "../conform/effect-cases.ts";
import { HANDSHAKE_CASES } from "../conform/handshake-cases.ts";
import { LOAD_CASES } from "../conform/load-cases.ts";
import { Probe } from "../conform/probe.ts";
import { SIGNATURE_CASES } from "../conform/signature-cases.ts";
import { localVars, needSimulator } from "../send/find-sender.ts";
import {
  bold,
  count,
  dim,
  green,
  liveLine,
  padEnd,
  red,
  say,
  showWhileWaiting,
  withProgress,
  yellow,
} from "../terminal.ts";
import { parseAppSecrets } from "../../../meta/signature.ts";

/** An account that nobody has: what it receives is kept by a good receiver, and answered by none. */
const NOBODY = "17841400000000000";

const EFFECTS_EXAMPLE =
  "conform http://127.0.0.1:8787/webhooks --meta http://127.0.0.1:8787 --account 17841460928374651";

export const CONFORM_COMMAND: Command = {
  name: "conform",
  takes: "<callback url>",
  summary: "tries a receiver against the whole contract, and says what fails and why it matters",
  examples: [
    "conform https://example.com/webhooks --secret <app secret> --verify-token <token>",
    "conform http://127.0.0.1:8787/webhooks --only signature",
    EFFECTS_EXAMPLE,
  ],
  options: {
    secret: option("the app secret (default: the first of META_APP_SECRETS in .dev.vars)"),
    "verify-token": option("the verify token (default: META_VERIFY_TOKEN of .dev.vars)"),
    account: option("the entry.id that bodies carry (default: one that nobody has); with --meta: of the effects alone"),
    only: option("one group: handshake, signature, body, load; with --meta: effects"),
    meta: option("a simulator that the receiver answers to: then its replies are looked at as well"),
    keyword: option("with --meta and --account: what the automation answers to (default: guide)"),
    wait: option("with --meta: seconds that a reply may take (default: 13)"),
    seed: option("a number: the same seed gives the same bodies"),
  },
  run: conform,
};

const CASES: readonly Case[] = [...HANDSHAKE_CASES, ...SIGNATURE_CASES, ...BODY_CASES, ...LOAD_CASES];
const GROUPS = [...new Set(CASES.map(({ group }) => group))];
const EFFECTS = "effects";

async function conform(given: Given, positionals: readonly string[]): Promise<number> {
  const url = onlyPositional(CONFORM_COMMAND, positionals);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`the callback URL must be an address, not "${url}"`);
  }
  const vars = localVars();
  const secret = given.text("secret") ?? parseAppSecrets(vars["META_APP_SECRETS"] ?? "")[0]?.secret;
  const verifyToken = given.text("verify-token") ?? vars["META_VERIFY_TOKEN"];
  if (secret === undefined) throw new UsageError("--secret <app secret> is needed to sign with");
  if (verifyToken === undefined) throw new UsageError("--verify-token <token> is needed for the handshake");
  const only = onlyGroup(given);
  const effectsOf = await effectsWanted(given, url);
  const seed = given.whole("seed") ?? Date.now() % 2 ** 31;
  const context: CaseContext = {
    probe: new Probe(url, secret, verifyToken),
    // Among all that can be notified is that Meta has blocked the account: a good receiver would then rightly stay silent.
    accountId: effectsOf === null ? (given.text("account") ?? NOBODY) : NOBODY,
    random: seededRandom(seed),
  };
  say(`${bold("Conformance")} of ${url} ${dim(`seed ${seed}`)}`);
  if (!(await reachable(context))) {
    say(red("Nothing answers there."));
    return 1;
  }

  const findings: Finding[] = [];
  const startedAt = Date.now();
  for (const group of GROUPS.filter((name) => only === undefined || name.toLowerCase() === only)) {
    say(`\n${bold(group)}`);
    for (const item of CASES.filter((candidate) => candidate.group === group)) {
      const finding = await runCase(item, context);
      findings.push(finding);
      show(item.title, item.why, finding);
    }
  }
  if (effectsOf !== null && (only === undefined || only === EFFECTS))
    findings.push(...(await effects(effectsOf, given, context)));
  return verdict(findings, Date.now() - startedAt);
}

function onlyGroup(given: Given): string | undefined {
  const asked = given.text("only")?.toLowerCase();
  const groups = [...GROUPS.map((group) => group.toLowerCase()), EFFECTS];
  if (asked === undefined || groups.includes(asked)) {
    if (asked === EFFECTS && given.text("meta") === undefined)
      throw new UsageError("--only effects needs --meta and --account", EFFECTS_EXAMPLE);
    return asked;
  }
  throw new UsageError(`--only must be one of ${groups.join(", ")}, not "${asked}"`);
}

async function reachable({ probe }: CaseContext): Promise<boolean> {
  return (await withProgress("Waiting for its first answer", probe.request("GET"))).problem !== "unreachable";
}

async function runCase(item: Case, context: CaseContext): Promise<Finding> {
  const line = liveLine();
  if (process.stdout.isTTY) line.show(dim(`  … ${item.title}`));
  const waiting = showWhileWaiting(line, `        ${item.title}`);
  try {
    return await item.run(context);
  } catch (error) {
    return fail(`the case itself failed: ${(error as Error).message}`);
  } finally {
    waiting.end();
    line.done();
  }
}

const TITLE_COLUMNS = 62;

function show(title: string, why: string, { outcome, detail }: Finding): void {
  const mark = { pass: green("pass"), fail: red("FAIL"), skip: yellow("skip"), note: yellow("note") }[outcome];
  say(`  ${mark}  ${padEnd(title, TITLE_COLUMNS)} ${outcome === "fail" ? red(detail) : dim(detail)}`);
  say(`        ${dim(why)}`);
}

interface Watched {
  simulator: SimulatorClient;
  accountId: string;
  /** Where the simulator delivers. */
  callback: string;
}

/** What --meta and --account name, looked for before anything is tried; null without --meta. */
async function effectsWanted(given: Given, url: string): Promise<Watched | null> {
  if (given.text("meta") === undefined) {
    const lonely = ["keyword", "wait"].find((name) => given.has(name));
    if (lonely !== undefined) throw new UsageError(`--${lonely} goes with --meta and --account`, EFFECTS_EXAMPLE);
    return null;
  }
  const accountId = given.text("account");
  if (accountId === undefined) {
    throw new UsageError(
      "--meta looks at replies: --account names the connected account whose automation answers",
      EFFECTS_EXAMPLE,
    );
  }
  const simulator = await needSimulator(given);
  const { callback } = await simulator.status();
  if (callback === null) {
    throw new UsageError(
      `the simulator at ${simulator.url} has no callback URL yet`,
      `callback ${url} --meta ${simulator.url}`,
    );
  }
  return { simulator, accountId, callback };
}

async function effects(
  { simulator, accountId, callback }: Watched,
  given: Given,
  context: CaseContext,
): Promise<Finding[]> {
  const waitMs = (given.whole("wait") ?? 13) * 1000;
  say(`\n${bold("Effects")}`);
  if (new URL(callback).href !== new URL(context.probe.url).href)
    say(yellow(`  The simulator delivers to ${callback}: these are the effects of what answers there.`));
  const results = await withProgress(
    "  Waiting for replies",
    tryEffects(simulator, {
      accountId,
      keyword: given.text("keyword") ?? "guide",
      waitMs,
      // Ids of this run alone, whatever --seed says: comments that were answered in a run before are answered.
      random: seededRandom(Math.floor(context.random() * 2 ** 31) + Date.now()),
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    }),
  );
  for (const { title, why, finding } of results) show(title, why, finding);
  return results.map(({ finding }) => finding);
}

function verdict(findings: readonly Finding[], tookMs: number): number {
  const failed = findings.filter(({ outcome }) => outcome === "fail").length;
  const passed = findings.filter(({ outcome }) => outcome === "pass").length;
  const rest = (["skip", "note"] as const)
    .map((kind) => ({ kind, times: findings.filter(({ outcome }) => outcome === kind).length }))
    .filter(({ times }) => times > 0)
    .map(({ kind, times }) => (kind === "skip" ? `, ${times} not tried` : `, ${count(times, "note")}`));
  const took = dim(`in ${(tookMs / 1000).toFixed(1)} s`);
  say();
  if (failed === 0) say(`${green(`${count(passed, "case")} passed, none failed`)}${rest.join("")} ${took}`);
  else say(`${red(`${failed} of ${count(findings.length, "case")} failed`)} ${took}`);
  return failed === 0 ? 0 : 1;
}
