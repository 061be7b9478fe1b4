/** `npm run meta -- start`: the simulator on its own, for a receiver that runs elsewhere. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { flag, option, present } from "../../notifications/kinds/kind.ts";
import type { Given } from "../../notifications/kinds/kind.ts";
import { WARM_PATH } from "../../door.ts";
import { SimulatorClient } from "../client.ts";
import { UsageError } from "../command.ts";
import type { Command } from "../command.ts";
import { ROOT } from "../dev-vars.ts";
import { atEnd } from "../interrupt.ts";
import { namedPort } from "../port.ts";
import { localVars, META_PORT } from "../sender.ts";
import { bold, dim, duration, green, red, say, withProgress, yellow } from "../terminal.ts";
import { stageConfigs, startWranglerDev } from "../wrangler-dev.ts";
import { describeSince } from "../sending.ts";

const FIRST_ACCOUNT = { id: "17841460928374651", username: "northlight.studio" };

export const START_COMMAND: Command = {
  name: "start",
  summary: "runs the simulator alone: Graph API, login pages, deliveries",
  examples: [
    "start",
    "start --callback http://127.0.0.1:3000/webhooks --secret <app secret> --verify-token <token>",
    "start --regime messenger --speed 600",
    "start --port 8800",
  ],
  options: {
    port: option(`where it listens (default ${META_PORT})`),
    callback: option("your receiver's callback URL; `callback` sets it later"),
    secret: option("your app secret, or several: instagram:…,meta:… (default: those of .dev.vars)"),
    "verify-token": option("your verify token (default: that of .dev.vars)"),
    "app-id": option("your app's id"),
    regime: option("graph (36 h) or messenger (alert after 15 min, off after an hour)"),
    speed: option("retries so many times faster than Meta"),
    fresh: flag("forgets what an earlier start has left"),
  },
  run: start,
};

async function start(given: Given): Promise<number> {
  const behaviour = present({ regime: given.oneOf("regime", ["graph", "messenger"] as const), speed: speedOf(given) });
  const url = given.text("callback");
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new UsageError(`--callback must be an address such as http://127.0.0.1:3000/webhooks, not "${url}"`);
  const port = await namedPort(given.text("port") ?? String(META_PORT));
  // One for each port: two that run at once would take each other's state.
  const directory = `.wrangler/meta/${port}`;
  const dev = await withProgress(
    "Starting the simulator",
    startWranglerDev({
      configs: stageConfigs(join(ROOT, directory), ["src/simulator/wrangler.toml"], {
        ...settingsFrom(given),
        PASS_ON: "off",
      }),
      port,
      persistTo: join(ROOT, directory, "state"),
      output: { file: join(ROOT, directory, "wrangler.log") },
      readyPath: "/__meta",
      warmPath: WARM_PATH,
    }),
  );
  atEnd(dev.stop);
  const simulator = new SimulatorClient(dev.url);
  if (given.flag("fresh")) await simulator.control("POST", "/reset");
  await simulator.control("PUT", "/settings", behaviour);
  const { accounts, callback, settings } = await simulator.status();
  const first = accounts[0] ?? FIRST_ACCOUNT;
  const { accessToken } = await simulator.putAccount(first.id, { username: first.username });

  say(`${green("✓")} ${bold("Meta in a box")} at ${dev.url}`);
  say(`  Graph API       ${dev.url}/v26.0/me ${dim("(graph.instagram.com and graph.facebook.com)")}`);
  say(`  Login           ${dev.url}/oauth/authorize ${dim("and /v26.0/dialog/oauth")}`);
  say(`  Account         ${first.username} ${dim(`(${first.id})`)}`);
  say(`  Access token    ${accessToken}`);
  const times = settings.speed === 1 ? "" : `, ${settings.speed} times faster`;
  say(`  Retries         ${settings.regime}${times} ${dim("`behave` changes it, `status` shows all")}`);
  if (url !== undefined) await tryCallback(simulator, url);
  else if (callback !== null) say(`  Callback        ${callback} ${dim("as before")}`);
  else say(`  Callback        none yet ${dim(`npm run meta -- callback <url> --meta ${dev.url}`)}`);
  say(dim("  ctrl-c ends it; deliveries and calls show here\n"));
  const ended = new AbortController();
  void dev.exited.then(() => ended.abort());
  await watch(simulator, ended.signal);
  say(red("wrangler dev has ended by itself.") + dim(` Its log: ${directory}/wrangler.log`));
  return 1;
}

function speedOf(given: Given): number | undefined {
  const text = given.text("speed");
  if (text === undefined) return undefined;
  const speed = Number(text);
  if (!(speed > 0 && Number.isFinite(speed))) throw new UsageError(`--speed must be a number above 0, not "${text}"`);
  return speed;
}

/** A receiver that is not up yet is no reason to stop. */
async function tryCallback(simulator: SimulatorClient, url: string): Promise<void> {
  try {
    const { durationMs } = await simulator.setCallback(url);
    say(`  Callback        ${url} ${dim(`handshake in ${duration(durationMs)}`)}`);
  } catch (error) {
    say(`  Callback        ${red((error as Error).message)}`);
    say(`                  ${dim(`npm run meta -- callback ${url} --meta ${simulator.url}`)}`);
  }
}

const LETTERS = 32;

function settingsFrom(given: Given): Record<string, string> {
  const local = localVars();
  const appId = given.text("app-id") ?? local["META_APP_ID"] ?? "1184729305561827";
  const secret = given.text("secret") ?? local["META_APP_SECRETS"];
  const verifyToken = given.text("verify-token") ?? local["META_VERIFY_TOKEN"];
  const made = randomBytes(LETTERS / 2).toString("hex");
  if (secret === undefined) say(`  App secret      ${made} ${dim("made up; --secret names yours")}`);
  if (verifyToken === undefined) say(`  Verify token    ${made} ${dim("made up; --verify-token names yours")}`);
  return {
    META_APP_SECRETS: secret ?? made,
    META_VERIFY_TOKEN: verifyToken ?? made,
    META_APP_ID: appId,
    INSTAGRAM_APP_ID: given.text("app-id") ?? local["INSTAGRAM_APP_ID"] ?? appId,
  };
}

const POLL_MS = 500;

/** What Meta would write to the developer. */
const NEWS: Readonly<Record<string, string>> = {
  alert: "deliveries have been failing for 15 minutes; Meta sends an alert",
  off: "an hour of failures; webhooks are off. `subscribe` switches them on",
};

/** Writes a line for every delivery that is over or failed, and for every call. */
async function watch(simulator: SimulatorClient, ended: AbortSignal): Promise<void> {
  // What an earlier start has left is no news.
  const attempts = new Map((await simulator.deliveries()).map(({ id, attempts: made }) => [id, made.length]));
  let { lastCall } = await simulator.status();
  const standing = new Map<string, string>();
  while (!ended.aborted) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    try {
      for (const delivery of await simulator.deliveries()) {
        for (const line of describeSince(delivery, attempts.get(delivery.id) ?? 0)) say(line);
        attempts.set(delivery.id, delivery.attempts.length);
      }
      for (const { id, username, webhooks } of (await simulator.status()).accounts) {
        const before = standing.get(id) ?? "fine";
        standing.set(id, webhooks);
        const news = webhooks === before ? undefined : NEWS[webhooks];
        if (news !== undefined) say(yellow(`! ${username} (${id}): ${news}`));
      }
      for (const call of await simulator.calls(lastCall)) {
        lastCall = call.seq;
        const about = call.commentId ?? call.personId ?? call.path;
        const answer = call.status === 200 ? green("200") : red(`${call.status} ${call.code ?? ""}`);
        say(
          `${dim("Graph")} ${call.operation} ${about} ${answer}${call.fault === null ? "" : dim(` (${call.fault})`)}`,
        );
      }
    } catch {
      // It is restarting, or ending: the signal says which.
    }
  }
}
