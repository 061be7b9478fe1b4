/** `npm run meta -- start`: runs the simulator alone, for a receiver that is already running. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { flag, option, present, type OptionValues } from "../../notifications/kinds/notification-kind.ts";
import type { SimulatorConfig } from "../../simulator.ts";
import { SimulatorClient } from "../api-clients.ts";
import type { CliCommand } from "../cli-command.ts";
import { ROOT } from "../stack/dev-vars.ts";
import { atEnd } from "../stack/shutdown.ts";
import { startMeta } from "../standalone/simulator-server.ts";
import { namedPort, portInUse } from "../stack/free-port.ts";
import { checkedUrl, localVars, META_PORT } from "../send/find-sender.ts";
import { bold, dim, duration, green, red, say, withProgress } from "../terminal.ts";
import { liveLog } from "../standalone/live-log.ts";

/** How often the log of deliveries and calls is refreshed. */
const POLL_MS = 500;

const FIRST_ACCOUNT = { id: "17841460928374651", username: "northlight.studio" };

export const START_COMMAND: CliCommand = {
  name: "start",
  summary: "run the simulator: Graph API, login pages, deliveries",
  examples: [
    "start",
    "start --callback http://127.0.0.1:3000/webhooks --secret <app secret> --verify-token <token>",
    "start --regime messenger --speed 600",
    "start --port 8800",
  ],
  options: {
    port: option(`the port to listen on (default: ${META_PORT})`),
    callback: option("your receiver's callback URL; you can also set it later with `callback`"),
    secret: option("your app secret, or several: instagram:…,meta:… (default: META_APP_SECRETS in .dev.vars)"),
    "verify-token": option("your verify token (default: META_VERIFY_TOKEN in .dev.vars)"),
    "app-id": option("your app's id"),
    regime: option("the retry policy: graph (36 h) or messenger (alert after 15 min, off after an hour)"),
    speed: option("run the retry schedule this many times faster than Meta"),
    fresh: flag("delete the state of an earlier start on this port"),
  },
  run: start,
};

async function start(values: OptionValues): Promise<number> {
  const settingsChange = present({
    regime: values.oneOf("regime", ["graph", "messenger"] as const),
    speed: values.positive("speed"),
  });
  const named = values.text("callback");
  const url = named === undefined ? undefined : checkedUrl("--callback", named);
  const port = await namedPort(values.text("port") ?? String(META_PORT));
  const meta = await startMeta({
    port,
    // One directory for each port, so that two simulators do not share state.
    directory: join(ROOT, `.wrangler/meta/${port}`),
    config: configFrom(values),
    fresh: values.flag("fresh"),
  }).catch((error: unknown) => {
    // Another process took the port after the check.
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw portInUse(port);
    throw error;
  });
  atEnd(meta.stop);
  const simulator = new SimulatorClient(meta.url);
  await simulator.control("PUT", "/settings", settingsChange);
  const { accounts, callback, settings } = await simulator.status();
  const first = accounts[0] ?? FIRST_ACCOUNT;
  const { accessToken } = await simulator.putAccount(first.id, { username: first.username });

  say(`${green("✓")} ${bold("Meta simulator")} at ${meta.url}`);
  say(`  Graph API       ${meta.url}/v26.0/me ${dim("(graph.instagram.com and graph.facebook.com)")}`);
  say(`  Login           ${meta.url}/oauth/authorize ${dim("and /v26.0/dialog/oauth")}`);
  say(`  Account         ${first.username} ${dim(`(${first.id})`)}`);
  say(`  Access token    ${accessToken}`);
  const times = settings.speed === 1 ? "" : `, ${settings.speed} times faster`;
  say(
    `  Retries         ${settings.regime}${times} ${dim("(change it with `behave`, see all settings with `status`)")}`,
  );
  if (url !== undefined) await tryCallback(simulator, url);
  else if (callback !== null) say(`  Callback        ${callback} ${dim("(from the earlier start)")}`);
  else say(`  Callback        not set ${dim(`npm run meta -- callback <url> --meta ${meta.url}`)}`);
  say(dim("  Deliveries and Graph calls appear below. Press Ctrl-C to stop.\n"));
  const showNew = await liveLog(simulator, say);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    // One failed poll on a busy machine is no reason to stop.
    await showNew().catch(() => undefined);
  }
}

/** If the receiver is not up yet, the simulator still starts. */
async function tryCallback(simulator: SimulatorClient, url: string): Promise<void> {
  try {
    const { durationMs } = await withProgress("  Handshake", simulator.setCallback(url));
    say(`  Callback        ${url} ${dim(`(handshake in ${duration(durationMs)})`)}`);
  } catch (error) {
    say(`  Callback        ${red((error as Error).message)}`);
    say(`                  ${dim(`npm run meta -- callback ${url} --meta ${simulator.url}`)}`);
  }
}

const LETTERS = 32;

function configFrom(values: OptionValues): SimulatorConfig {
  const local = localVars();
  const appId = values.text("app-id") ?? local["META_APP_ID"] ?? "1184729305561827";
  const secret = values.text("secret") ?? local["META_APP_SECRETS"];
  const verifyToken = values.text("verify-token") ?? local["META_VERIFY_TOKEN"];
  const made = randomBytes(LETTERS / 2).toString("hex");
  if (secret === undefined) say(`  App secret      ${made} ${dim("generated; set yours with --secret")}`);
  if (verifyToken === undefined) say(`  Verify token    ${made} ${dim("generated; set yours with --verify-token")}`);
  return {
    appSecrets: secret ?? made,
    verifyToken: verifyToken ?? made,
    appId,
    instagramAppId: values.text("app-id") ?? local["INSTAGRAM_APP_ID"] ?? appId,
  };
}
