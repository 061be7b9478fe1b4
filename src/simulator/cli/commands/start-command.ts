/** `npm run meta -- start`: the simulator on its own, for a receiver that runs elsewhere. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { flag, option, present } from "../../notifications/kinds/notification-kind.ts";
import type { Given } from "../../notifications/kinds/notification-kind.ts";
import type { SimulatorConfig } from "../../simulator.ts";
import { SimulatorClient } from "../api-clients.ts";
import { UsageError } from "../command-options.ts";
import type { Command } from "../command-options.ts";
import { ROOT } from "../stack/dev-vars.ts";
import { atEnd } from "../stack/shutdown.ts";
import { startMeta } from "../standalone/simulator-server.ts";
import { namedPort, portTaken } from "../stack/free-port.ts";
import { localVars, META_PORT } from "../send/find-sender.ts";
import { bold, dim, duration, green, red, say, withProgress } from "../terminal.ts";
import { watcher } from "../standalone/live-log.ts";

/** How often is looked for what to show. */
const POLL_MS = 500;

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
  const meta = await startMeta({
    port,
    // One for each port: two that run at once would take each other's state.
    directory: join(ROOT, `.wrangler/meta/${port}`),
    config: configFrom(given),
    fresh: given.flag("fresh"),
  }).catch((error: unknown) => {
    // Taken since it was looked at: by another start of the same moment.
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw portTaken(port);
    throw error;
  });
  atEnd(meta.stop);
  const simulator = new SimulatorClient(meta.url);
  await simulator.control("PUT", "/settings", behaviour);
  const { accounts, callback, settings } = await simulator.status();
  const first = accounts[0] ?? FIRST_ACCOUNT;
  const { accessToken } = await simulator.putAccount(first.id, { username: first.username });

  say(`${green("✓")} ${bold("Meta in a box")} at ${meta.url}`);
  say(`  Graph API       ${meta.url}/v26.0/me ${dim("(graph.instagram.com and graph.facebook.com)")}`);
  say(`  Login           ${meta.url}/oauth/authorize ${dim("and /v26.0/dialog/oauth")}`);
  say(`  Account         ${first.username} ${dim(`(${first.id})`)}`);
  say(`  Access token    ${accessToken}`);
  const times = settings.speed === 1 ? "" : `, ${settings.speed} times faster`;
  say(`  Retries         ${settings.regime}${times} ${dim("`behave` changes it, `status` shows all")}`);
  if (url !== undefined) await tryCallback(simulator, url);
  else if (callback !== null) say(`  Callback        ${callback} ${dim("as before")}`);
  else say(`  Callback        none yet ${dim(`npm run meta -- callback <url> --meta ${meta.url}`)}`);
  say(dim("  ctrl-c ends it; deliveries and calls show here\n"));
  const look = await watcher(simulator, say);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    // A machine that is too busy for one look is no reason to end.
    await look().catch(() => undefined);
  }
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
    const { durationMs } = await withProgress("  The handshake", simulator.setCallback(url));
    say(`  Callback        ${url} ${dim(`handshake in ${duration(durationMs)}`)}`);
  } catch (error) {
    say(`  Callback        ${red((error as Error).message)}`);
    say(`                  ${dim(`npm run meta -- callback ${url} --meta ${simulator.url}`)}`);
  }
}

const LETTERS = 32;

function configFrom(given: Given): SimulatorConfig {
  const local = localVars();
  const appId = given.text("app-id") ?? local["META_APP_ID"] ?? "1184729305561827";
  const secret = given.text("secret") ?? local["META_APP_SECRETS"];
  const verifyToken = given.text("verify-token") ?? local["META_VERIFY_TOKEN"];
  const made = randomBytes(LETTERS / 2).toString("hex");
  if (secret === undefined) say(`  App secret      ${made} ${dim("made up; --secret names yours")}`);
  if (verifyToken === undefined) say(`  Verify token    ${made} ${dim("made up; --verify-token names yours")}`);
  return {
    appSecrets: secret ?? made,
    verifyToken: verifyToken ?? made,
    appId,
    instagramAppId: given.text("app-id") ?? local["INSTAGRAM_APP_ID"] ?? appId,
  };
}
