/** `npm run meta -- conform <url>`: tests any receiver against the webhook contract. */
import { seededRandom } from "../../notifications/meta-ids.ts";
import { option, UsageError, type OptionValues } from "../../notifications/kinds/notification-kind.ts";
import type { SimulatorClient } from "../api-clients.ts";
import type { CliCommand } from "../cli-command.ts";
import { CASES } from "../conform/all-cases.ts";
import { fail, type Case, type CaseContext, type Finding } from "../conform/conform-case.ts";
import { tryEffects } from "../conform/effect-cases.ts";
import { Probe } from "../conform/probe.ts";
import { checkedUrl, localVars, needSimulator, noCallback } from "../send/find-sender.ts";
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

/** An account that does not exist: a correct receiver stores its events and sends no reply. */
const UNKNOWN_ACCOUNT = "17841400000000000";

const EFFECTS_EXAMPLE =
  "conform http://127.0.0.1:8787/webhooks --meta http://127.0.0.1:8787 --account 17841460928374651";

export const CONFORM_COMMAND: CliCommand = {
  name: "conform",
  argument: "<callback-url>",
  summary: "test a receiver against the webhook contract; shows what fails and why it matters",
  examples: [
    "conform https://example.com/webhooks --secret <app secret> --verify-token <token>",
    "conform http://127.0.0.1:8787/webhooks --only signature",
    EFFECTS_EXAMPLE,
  ],
  options: {
    secret: option("the app secret (default: the first one of META_APP_SECRETS in .dev.vars)"),
    "verify-token": option("the verify token (default: META_VERIFY_TOKEN of .dev.vars)"),
    account: option("the entry.id in the bodies (default: an unknown account); with --meta: in the effect cases only"),
    only: option("run one group: handshake, signature, body or load; with --meta also effects"),
    meta: option("a simulator that the receiver uses as its Graph API: tests the replies too"),
    keyword: option("with --meta and --account: the keyword of the automation (default: guide)"),
    wait: option("with --meta: how many seconds a reply may take (default: 13)"),
    seed: option("a whole number; the same seed gives the same bodies"),
  },
  run: conform,
};

const GROUPS = [...new Set(CASES.map(({ group }) => group))];
const EFFECTS = "effects";

async function conform(values: OptionValues, argument: string): Promise<number> {
  const url = checkedUrl("the callback URL", argument);
  const vars = localVars();
  const secret = values.text("secret") ?? parseAppSecrets(vars["META_APP_SECRETS"] ?? "")[0]?.secret;
  const verifyToken = values.text("verify-token") ?? vars["META_VERIFY_TOKEN"];
  if (secret === undefined) throw new UsageError("--secret is missing: the app secret to sign with");
  if (verifyToken === undefined) throw new UsageError("--verify-token is missing: the token for the handshake");
  const only = onlyGroup(values);
  const effectsOf = await effectsWanted(values, url);
  const seed = values.whole("seed") ?? Date.now() % 2 ** 31;
  const context: CaseContext = {
    probe: new Probe(url, secret, verifyToken),
    // One of the kinds says that Meta blocked the account, and then a correct receiver sends no replies.
    accountId: effectsOf === null ? (values.text("account") ?? UNKNOWN_ACCOUNT) : UNKNOWN_ACCOUNT,
    random: seededRandom(seed),
  };
  say(`${bold("Conformance test")} of ${url} ${dim(`seed ${seed}`)}`);
  if (!(await reachable(context))) {
    say(red("No response from this address. Is the receiver running?"));
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
    findings.push(...(await effects(effectsOf, values, context)));
  return printSummary(findings, Date.now() - startedAt);
}

function onlyGroup(values: OptionValues): string | undefined {
  const only = values.text("only")?.toLowerCase();
  const groups = [...GROUPS.map((group) => group.toLowerCase()), EFFECTS];
  if (only === undefined || groups.includes(only)) {
    if (only === EFFECTS && values.text("meta") === undefined)
      throw new UsageError("--only effects needs --meta and --account", EFFECTS_EXAMPLE);
    return only;
  }
  throw new UsageError(`--only must be one of ${groups.join(", ")}, not "${only}"`);
}

async function reachable({ probe }: CaseContext): Promise<boolean> {
  return (await withProgress("Waiting for the first response", probe.request("GET"))).problem !== "unreachable";
}

async function runCase(item: Case, context: CaseContext): Promise<Finding> {
  const line = liveLine();
  if (process.stdout.isTTY) line.show(dim(`  … ${item.title}`));
  const waiting = showWhileWaiting(line, `        ${item.title}`);
  try {
    return await item.run(context);
  } catch (error) {
    return fail(`the test case failed: ${(error as Error).message}`);
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

interface EffectTarget {
  simulator: SimulatorClient;
  accountId: string;
  /** The callback URL of the simulator. */
  callback: string;
}

/** The simulator and account of --meta and --account, found before any case runs; null without --meta. */
async function effectsWanted(values: OptionValues, url: string): Promise<EffectTarget | null> {
  if (values.text("meta") === undefined) {
    const alone = ["keyword", "wait"].find((name) => values.has(name));
    if (alone !== undefined) throw new UsageError(`use --${alone} with --meta and --account`, EFFECTS_EXAMPLE);
    return null;
  }
  const accountId = values.text("account");
  if (accountId === undefined) {
    throw new UsageError("--meta needs --account: the connected account with the automation", EFFECTS_EXAMPLE);
  }
  const simulator = await needSimulator(values);
  const { callback } = await simulator.status();
  if (callback === null) throw noCallback(simulator, url);
  return { simulator, accountId, callback };
}

async function effects(
  { simulator, accountId, callback }: EffectTarget,
  values: OptionValues,
  context: CaseContext,
): Promise<Finding[]> {
  const waitMs = (values.whole("wait") ?? 13) * 1000;
  say(`\n${bold("Effects")}`);
  if (new URL(callback).href !== new URL(context.probe.url).href)
    say(yellow(`  The simulator delivers to ${callback}. These results are about the receiver at that address.`));
  const results = await withProgress(
    "  Waiting for replies",
    tryEffects(simulator, {
      accountId,
      keyword: values.text("keyword") ?? "guide",
      waitMs,
      // New ids in each run, also with --seed: a comment from an earlier run already has its reply.
      random: seededRandom(Math.floor(context.random() * 2 ** 31) + Date.now()),
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    }),
  );
  for (const { title, why, finding } of results) show(title, why, finding);
  return results.map(({ finding }) => finding);
}

function printSummary(findings: readonly Finding[], tookMs: number): number {
  const failed = findings.filter(({ outcome }) => outcome === "fail").length;
  const passed = findings.filter(({ outcome }) => outcome === "pass").length;
  const rest = (["skip", "note"] as const)
    .map((kind) => ({ kind, times: findings.filter(({ outcome }) => outcome === kind).length }))
    .filter(({ times }) => times > 0)
    .map(({ kind, times }) => (kind === "skip" ? `, ${times} skipped` : `, ${count(times, "note")}`));
  const took = dim(`in ${(tookMs / 1000).toFixed(1)} s`);
  say();
  if (failed === 0) say(`${green(`${count(passed, "case")} passed, none failed`)}${rest.join("")} ${took}`);
  else say(`${red(`${failed} of ${count(findings.length, "case")} failed`)} ${took}`);
  return failed === 0 ? 0 : 1;
}
