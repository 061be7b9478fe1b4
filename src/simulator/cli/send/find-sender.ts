/**
 * Finds who delivers: a running simulator, which also has the Graph API, or this process, straight to a callback URL.
 * Both use the same dispatcher.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ShownDelivery } from "../../control/control-deliveries.ts";
import type { RetryPolicy } from "../../delivery/retry-schedule.ts";
import { parseAppSecrets } from "../../../meta/signature.ts";
import { flag, option, UsageError, type OptionValues } from "../../notifications/kinds/notification-kind.ts";
import { Simulator } from "../../simulator.ts";
import { SimulatorClient, type DeliverOptions } from "../api-clients.ts";
import { readDevVars, ROOT } from "../stack/dev-vars.ts";
import { nodeHost } from "../standalone/node-host.ts";
import { withProgress } from "../terminal.ts";

/** The ports of `npm run meta -- start` and of `npm run dev`. */
export const META_PORT = 8799;
const DEV_PORT = 8787;

/** The option of every command that needs a running simulator. */
export const META_OPTION = option(
  `the simulator's address (default: http://127.0.0.1:${META_PORT}, then :${DEV_PORT})`,
);

export const SENDER_OPTIONS = {
  to: option("sign and send straight to this callback URL, without a simulator", ["meta"]),
  meta: META_OPTION,
  secret: option("the app secret to sign with, or its label; with a simulator, any other text makes a forgery"),
  retry: flag("with --to: retry as Meta does until the delivery succeeds"),
  regime: option("with --retry: the retry policy, graph (36 h) or messenger (an hour)"),
  speed: option("with --retry: run the retry schedule this many times faster than Meta"),
};

export interface Sender {
  /** Where deliveries go, for the output. */
  target: string;
  /** The requested secret or its label; undefined: the one that Meta would use. */
  secret: string | undefined;
  /** Labels of the secrets of the running simulator; null without one. */
  secrets: readonly string[] | null;
  simulator: SimulatorClient | null;
  deliver: (bodies: readonly string[], options: DeliverOptions) => Promise<ShownDelivery[]>;
  /** The newest state of these deliveries. */
  refresh: (ids: readonly string[]) => Promise<ShownDelivery[]>;
  close: () => void;
}

/** The values of `.dev.vars`; empty if there is no such file. */
export function localVars(): Record<string, string> {
  const path = join(ROOT, ".dev.vars");
  return existsSync(path) ? readDevVars(path) : {};
}

/** @throws a UsageError that names `what`, unless `text` is an http or https address */
export function checkedUrl(what: string, text: string, example: string | null = null): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UsageError(`${what} must be an address such as http://127.0.0.1:3000/webhooks, not "${text}"`, example);
}

/** The error of a command that needs a callback URL in the simulator. */
export const noCallback = ({ url }: SimulatorClient, callback = "http://127.0.0.1:3000/webhooks"): UsageError =>
  new UsageError(
    `the simulator at ${url} has no callback URL`,
    `callback ${callback} --verify-token <token> --meta ${url}`,
  );

const DIRECT_EXAMPLE = "comment --to http://127.0.0.1:3000/webhooks --secret <app secret>";

/** Finds the sender that the options name. */
export async function findSender(values: OptionValues): Promise<Sender> {
  const to = values.text("to");
  if (to !== undefined) return direct(to, values);
  const simulator = await findSimulator(values);
  if (simulator !== null) {
    const unused = ["regime", "speed"].find((name) => values.has(name));
    if (unused !== undefined) {
      const message = `--${unused} works with --to only; the running simulator has its own setting`;
      throw new UsageError(message, `behave --${unused} ${values.text(unused) ?? ""}`);
    }
    const { callback, secrets } = await simulator.status();
    if (callback === null) throw noCallback(simulator);
    return {
      target: `${callback} (through ${simulator.url})`,
      secret: values.text("secret"),
      secrets,
      simulator,
      deliver: (bodies, options) => simulator.deliver(bodies, options),
      refresh: (ids) => simulator.deliveries(`?ids=${ids.join(",")}`),
      close: () => undefined,
    };
  }
  const local = `http://127.0.0.1:${DEV_PORT}/webhooks`;
  if (await responds(local)) return direct(local, values);
  throw new UsageError(
    "no receiver: start a simulator (`npm run meta -- start` or `npm run dev -- --simulator`), or name a callback URL with --to",
    DIRECT_EXAMPLE,
  );
}

/** The simulator that --meta names, or the one that runs on this machine. */
export async function findSimulator(values: OptionValues): Promise<SimulatorClient | null> {
  const named = values.text("meta");
  if (named !== undefined) {
    const found = URL.canParse(named) ? await simulatorAt(new URL(named).origin) : null;
    if (found === null) throw new UsageError(`no simulator responds at ${named}`, "start");
    return found;
  }
  return (await simulatorAt(`http://127.0.0.1:${META_PORT}`)) ?? (await simulatorAt(`http://127.0.0.1:${DEV_PORT}`));
}

const simulatorAt = (url: string): Promise<SimulatorClient | null> =>
  withProgress(`Looking for a simulator at ${url}`, SimulatorClient.find(url));

export async function needSimulator(values: OptionValues): Promise<SimulatorClient> {
  const found = await findSimulator(values);
  if (found === null) {
    throw new UsageError("no simulator is running: start one, or name its address with --meta", "start");
  }
  return found;
}

async function responds(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000), redirect: "manual" });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** A simulator in this process that only delivers. */
function direct(to: string, values: OptionValues): Sender {
  checkedUrl("--to", to, DIRECT_EXAMPLE);
  const unused = ["regime", "speed"].find((name) => values.has(name) && !values.flag("retry"));
  if (unused !== undefined)
    throw new UsageError(`use --${unused} with --retry`, `${DIRECT_EXAMPLE} --retry --speed 60`);
  const vars = localVars();
  const own = vars["META_APP_SECRETS"];
  const named = values.text("secret");
  // A label of `.dev.vars`, or the secret itself.
  const label = parseAppSecrets(own ?? "").find((secret) => secret.label === named)?.label;
  const appSecrets = label === undefined ? (named ?? own) : own;
  if (appSecrets === undefined) {
    throw new UsageError("--secret is missing: the app secret to sign with", DIRECT_EXAMPLE);
  }
  const { host, close } = nodeHost(() => simulator.wake());
  const simulator = new Simulator(host, {
    appId: vars["META_APP_ID"] ?? "",
    instagramAppId: vars["INSTAGRAM_APP_ID"] ?? "",
    appSecrets,
    verifyToken: "",
  });
  const regime: RetryPolicy = values.oneOf("regime", ["graph", "messenger"] as const) ?? "graph";
  simulator.set({ callback: { url: to, verifyToken: "" }, regime, speed: values.whole("speed") ?? 1 });
  const once = !values.flag("retry");
  return {
    target: to,
    secret: label,
    secrets: null,
    simulator: null,
    deliver: (bodies, options) => simulator.deliverNow(bodies, { ...options, once: options.once ?? once }),
    refresh: async (ids) => ids.map((id) => simulator.deliveries.get(id)).filter((found) => found !== undefined),
    close,
  };
}
