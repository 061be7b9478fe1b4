/** The one way to start Replyline locally: `npm run dev`, the demo, scenarios, the benchmark and tests all use it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WARM_PATH } from "../../http/request-router.ts";
import { ReplylineClient, SimulatorClient } from "../api-clients.ts";
import { complain, withProgress } from "../terminal.ts";
import { ensureDevVars, readDevVars, ROOT } from "./dev-vars.ts";
import { freePort } from "./free-port.ts";
import { atEnd } from "./shutdown.ts";
import { killGroup, spawnWranglerDev, stageConfigs } from "./wrangler-process.ts";

export const RECEIVER_AND_ENGINE = ["wrangler.toml", "wrangler.engine.toml"];
const SIMULATOR = "src/simulator/wrangler.toml";
export const WITH_SIMULATOR = [SIMULATOR, ...RECEIVER_AND_ENGINE];

export interface StackOptions {
  /** Configurations, relative to the repository. The first Worker owns the port. */
  configs?: readonly string[];
  /** Settings of every Worker. Without them, the Workers read the `.dev.vars` of the checkout. */
  vars?: Readonly<Record<string, string>>;
  /** Used if it is free; otherwise any free port. */
  port?: number;
  /** For configurations, state and log. The default is a temporary directory that `stop` removes. */
  directory?: string;
  /** Where state is kept. The default is in `directory`. */
  persistTo?: string;
  /** wrangler's output goes to a log file in `directory`, or to this terminal. */
  output?: "log" | "terminal";
}

export interface LocalStack {
  url: string;
  directory: string;
  logFile: string;
  /** Resolves with the exit status when `wrangler dev` ends. */
  exited: Promise<number | null>;
  stop: () => Promise<void>;
}

/** After SIGINT, wrangler gets this long to end its children. */
const STOP_GRACE_MS = 4000;

/**
 * Starts `wrangler dev` and resolves when the Workers respond. With the simulator among the configurations, the engine
 * calls the simulator, and no request can reach Meta. However this process ends, the stack ends with it.
 */
export async function startStack(options: StackOptions = {}): Promise<LocalStack> {
  const { configs = WITH_SIMULATOR, output = "log" } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "replyline-"));
  const removeDirectory = (): void => {
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  const port = await freePort(options.port);
  const url = `http://127.0.0.1:${port}`;
  const simulated = configs.includes(SIMULATOR);
  const warmPath = simulated ? WARM_PATH : "/healthz";
  const logFile = join(directory, "wrangler.log");
  const vars = { ...options.vars, ...(simulated ? metaUrls(url) : {}) };
  const child = spawnWranglerDev({
    configs:
      options.vars === undefined
        ? configs.map((config) => join(ROOT, config))
        : stageConfigs(join(directory, "config"), configs, vars),
    port,
    persistTo: options.persistTo ?? join(directory, "state"),
    // Our own requests for warm connections do not belong in the output.
    output: output === "log" ? logFile : (line) => !line.includes(`HEAD ${warmPath} `),
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", () => resolve(null));
  });
  const endNow = (): void => {
    killGroup(child.pid, "SIGKILL");
    removeDirectory();
  };
  process.once("exit", endNow);
  let stopWarming = (): Promise<unknown> => Promise.resolve();
  let stopped = false;
  const stop = async (): Promise<void> => {
    stopped = true;
    void stopWarming();
    killGroup(child.pid, "SIGINT");
    const grace = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), STOP_GRACE_MS).unref());
    if ((await Promise.race([exited, grace])) === "late") killGroup(child.pid, "SIGKILL");
    await exited;
    // workerd may outlive wrangler for a moment. The id of the group is still ours.
    endNow();
    process.removeListener("exit", endNow);
  };
  try {
    await waitUntilReady(`${url}/healthz`, exited);
  } catch (error) {
    const log = output === "log" ? `. The end of its log:\n${logTail(logFile)}` : "";
    await stop();
    throw new Error(`${(error as Error).message}${log}`, { cause: error });
  }
  stopWarming = keepWarm(() => fetch(`${url}${warmPath}`, { method: "HEAD" }));
  void exited.then(() => {
    void stopWarming();
    if (!stopped && output === "log") {
      complain(`wrangler dev ended unexpectedly. The end of its log:\n${logTail(logFile)}`);
    }
  });
  return { url, directory, logFile, exited, stop };
}

/** Every address of Meta that the engine calls or sends a browser to. */
const metaUrls = (simulator: string): Record<string, string> => ({
  INSTAGRAM_GRAPH_URL: simulator,
  FACEBOOK_GRAPH_URL: simulator,
  INSTAGRAM_OAUTH_URL: simulator,
  INSTAGRAM_API_URL: simulator,
  FACEBOOK_OAUTH_URL: simulator,
});

const WARM_EVERY_MS = 2000;
/** As many connections as are likely to be used at the same time. More would be a load of their own. */
const WARM_CONNECTIONS = 8;

/**
 * wrangler 4.124 proxies every request over connections that either side closes after five idle seconds. A request that
 * takes such a connection at that moment is lost, and wrangler ends ("Network connection lost."; two bursts of eight
 * requests 4.95 s apart are enough). So a few connections are used every two seconds.
 *
 * @returns a function that stops it, and resolves when no request is open
 */
export function keepWarm(request: () => Promise<unknown>): () => Promise<unknown> {
  let open: Promise<unknown> | null = null;
  const timer = setInterval(() => {
    // A round is never aborted: closing a connection that wrangler uses is the problem that this prevents.
    open ??= Promise.allSettled(Array.from({ length: WARM_CONNECTIONS }, request)).finally(() => {
      open = null;
    });
  }, WARM_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    return open ?? Promise.resolve();
  };
}

const READY_TIMEOUT_MS = 90_000;
const POLL_MS = 150;

async function waitUntilReady(url: string, exited: Promise<number | null>): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  while (Date.now() < deadline) {
    if (ended) throw new Error("wrangler dev ended before it was ready");
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      await response.arrayBuffer();
      if (response.status === 200) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`wrangler dev was not ready after ${READY_TIMEOUT_MS / 1000} s`);
}

function logTail(path: string): string {
  try {
    return readFileSync(path, "utf8").slice(-2000);
  } catch {
    return "(no log was written)";
  }
}

export interface SimulatedStack extends LocalStack {
  meta: SimulatorClient;
  replyline: ReplylineClient;
  adminToken: string;
  /** `.dev.vars` did not exist and was written. */
  createdVars: boolean;
}

/** Starts Replyline with the simulator and the settings of `.dev.vars`. It ends when this command ends. */
export async function startSimulatedStack(port: number): Promise<SimulatedStack> {
  const { path, created } = ensureDevVars();
  const vars = readDevVars(path);
  const adminToken = vars["ADMIN_TOKEN"] ?? "";
  const stack = await withProgress("  Starting Workers, queue, KV and Durable Objects", startStack({ vars, port }));
  atEnd(stack.stop);
  return {
    ...stack,
    meta: new SimulatorClient(stack.url),
    replyline: new ReplylineClient(stack.url, adminToken),
    adminToken,
    createdVars: created,
  };
}
