/**
 * Who delivers: a running simulator, which also knows the Graph API's side, or this process itself, straight to a
 * callback URL. Both with the same dispatcher.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ShownDelivery } from "../../control/control-deliveries.ts";
import type { Regime } from "../../delivery/retry-schedule.ts";
import { parseAppSecrets } from "../../../meta/signature.ts";
import { option, flag } from "../../notifications/kinds/notification-kind.ts";
import type { Given } from "../../notifications/kinds/notification-kind.ts";
import { Simulator } from "../../simulator.ts";
import { SimulatorClient } from "../api-clients.ts";
import type { DeliverOptions } from "../api-clients.ts";
import { UsageError } from "../command-options.ts";
import { readDevVars, ROOT } from "../stack/dev-vars.ts";
import { nodeHost } from "../standalone/node-host.ts";
import { withProgress } from "../terminal.ts";

/** Where `npm run meta -- start` listens, and where `npm run dev` does. */
export const META_PORT = 8799;
const DEV_PORT = 8787;

/** Of every command that needs a running simulator. */
export const META_OPTION = option(
  `the simulator's address (default: http://127.0.0.1:${META_PORT}, then :${DEV_PORT})`,
);

export const SENDER_OPTIONS = {
  to: option("a callback URL: signed and sent from here, without a simulator"),
  meta: META_OPTION,
  secret: option("the app secret to sign with, or its label; with a simulator any other makes a forgery"),
  retry: flag("with --to: try again as Meta does until it is delivered"),
  regime: option("with --retry: graph (36 h) or messenger (an hour)"),
  speed: option("with --retry: how many times faster than Meta"),
};

export interface Sender {
  /** Where deliveries go, for the screen. */
  target: string;
  /** The secret that was asked for, or its label; undefined: the one that Meta would use. */
  secret: string | undefined;
  /** Labels of the secrets that a running simulator has; null without one. */
  secrets: readonly string[] | null;
  simulator: SimulatorClient | null;
  deliver: (bodies: readonly string[], options: DeliverOptions) => Promise<ShownDelivery[]>;
  /** The newest state of these deliveries. */
  look: (ids: readonly string[]) => Promise<ShownDelivery[]>;
  close: () => void;
}

/** The values of `.dev.vars`; none where there is no such file yet. */
export function localVars(): Record<string, string> {
  const path = join(ROOT, ".dev.vars");
  return existsSync(path) ? readDevVars(path) : {};
}

const DIRECT_EXAMPLE = "comment --to http://127.0.0.1:3000/webhooks --secret <app secret>";

/** Finds the sender that the options ask for. */
export async function findSender(given: Given): Promise<Sender> {
  const to = given.text("to");
  if (to !== undefined && given.has("meta")) throw new UsageError("--to and --meta exclude each other: who sends it?");
  if (to !== undefined) return direct(to, given);
  const simulator = await findSimulator(given);
  if (simulator !== null) {
    const ladder = ["regime", "speed"].find((name) => given.has(name));
    if (ladder !== undefined) {
      const asked = given.text(ladder) ?? "";
      throw new UsageError(`--${ladder} is for --to; a simulator has its own`, `behave --${ladder} ${asked}`);
    }
    const { callback, secrets } = await simulator.status();
    if (callback === null) {
      throw new UsageError(
        `the simulator at ${simulator.url} has no callback URL yet`,
        `callback http://127.0.0.1:3000/webhooks --verify-token <token> --meta ${simulator.url}`,
      );
    }
    return {
      target: `${callback} (through ${simulator.url})`,
      secret: given.text("secret"),
      secrets,
      simulator,
      deliver: (bodies, options) => simulator.deliver(bodies, options),
      look: (ids) => simulator.deliveries(`?ids=${ids.join(",")}`),
      close: () => undefined,
    };
  }
  const local = `http://127.0.0.1:${DEV_PORT}/webhooks`;
  if (await answers(local)) return direct(local, given);
  throw new UsageError(
    "nothing to send to: no simulator runs (`npm run meta -- start`, `npm run dev -- --simulator`), and no --to names a receiver",
    DIRECT_EXAMPLE,
  );
}

/** The simulator that the options name, or the one that runs on this machine. */
export async function findSimulator(given: Given): Promise<SimulatorClient | null> {
  const named = given.text("meta");
  if (named !== undefined) {
    const found = URL.canParse(named) ? await ask(new URL(named).origin) : null;
    if (found === null) throw new UsageError(`no simulator answers at ${named}`, "start");
    return found;
  }
  return (await ask(`http://127.0.0.1:${META_PORT}`)) ?? (await ask(`http://127.0.0.1:${DEV_PORT}`));
}

const ask = (url: string): Promise<SimulatorClient | null> =>
  withProgress(`Looking for a simulator at ${url}`, SimulatorClient.find(url));

export async function needSimulator(given: Given): Promise<SimulatorClient> {
  const found = await findSimulator(given);
  if (found === null) {
    throw new UsageError("no simulator runs: start one, or name it with --meta <address>", "start");
  }
  return found;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000), redirect: "manual" });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Deliveries that are tried at the same time. */
const PARALLEL = 8;

/** A simulator in this process that only delivers. */
function direct(to: string, given: Given): Sender {
  if (!URL.canParse(to) || !/^https?:$/.test(new URL(to).protocol)) {
    throw new UsageError(`--to must be an address such as http://127.0.0.1:8787/webhooks, not "${to}"`, DIRECT_EXAMPLE);
  }
  const unused = ["regime", "speed"].find((name) => given.has(name) && !given.flag("retry"));
  if (unused !== undefined)
    throw new UsageError(`--${unused} goes with --retry`, `${DIRECT_EXAMPLE} --retry --speed 60`);
  const vars = localVars();
  const own = vars["META_APP_SECRETS"];
  const asked = given.text("secret");
  // A label of `.dev.vars`, or the secret itself.
  const label = parseAppSecrets(own ?? "").find((secret) => secret.label === asked)?.label;
  const appSecrets = label === undefined ? (asked ?? own) : own;
  if (appSecrets === undefined) {
    throw new UsageError("--secret <app secret> is needed to sign with", DIRECT_EXAMPLE);
  }
  const { host, close } = nodeHost(() => simulator.wake());
  const simulator = new Simulator(host, {
    appId: vars["META_APP_ID"] ?? "",
    instagramAppId: vars["INSTAGRAM_APP_ID"] ?? "",
    appSecrets,
    verifyToken: "",
  });
  const regime: Regime = given.oneOf("regime", ["graph", "messenger"] as const) ?? "graph";
  simulator.set({ callback: { url: to, verifyToken: "" }, regime, speed: given.whole("speed") ?? 1 });
  const once = !given.flag("retry");
  const shown = (ids: readonly string[]): ShownDelivery[] =>
    ids.map((id) => simulator.deliveries.get(id)).filter((found) => found !== undefined);
  return {
    target: to,
    secret: label,
    secrets: null,
    simulator: null,
    async deliver(bodies, options) {
      const ids = bodies.map((body) => simulator.deliver(body, { ...options, once: options.once ?? once }).id);
      const queue = ids.values();
      const worker = async (): Promise<void> => {
        for (const id of queue) await simulator.dispatcher.attemptNow(id);
      };
      await Promise.all(Array.from({ length: Math.min(PARALLEL, ids.length) }, worker));
      return shown(ids);
    },
    look: (ids) => Promise.resolve(shown(ids)),
    close,
  };
}
