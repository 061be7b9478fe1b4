/** Starts `wrangler dev` as a child of this process, and sees to it that nothing of it is left afterwards. */
import { spawn } from "node:child_process";
import type { ChildProcess, ChildProcessByStdio } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { formatDevVars, ROOT } from "./dev-vars.ts";

export interface WranglerDevOptions {
  /** Configuration files; the first one's Worker owns the port. Each reads the `.dev.vars` beside it. */
  configs: readonly string[];
  port: number;
  persistTo?: string;
  /** `terminal`: wrangler's own output on this terminal. A path: into that file. */
  output: "terminal" | { file: string };
  /** Address path that answers 200 once all is up. */
  readyPath: string;
  /** Address path that is asked again and again, see `keepWarm`. */
  warmPath: string;
  /** How many connections are kept in use: as many as are likely to be used at the same time. */
  warmConnections?: number;
}

export interface WranglerDev {
  url: string;
  /** Settles when the process ends by itself. */
  exited: Promise<number | null>;
  stop: () => Promise<void>;
}

/**
 * Copies configurations into a directory of their own, with a `.dev.vars` beside them: with several configurations,
 * wrangler 4.124 gives `--env-file` and `--var` to the first Worker only, and the others read the `.dev.vars` of their
 * configuration's directory. So a stack can have other settings than the checkout, and the checkout's stay untouched.
 */
export function stageConfigs(
  directory: string,
  configs: readonly string[],
  vars: Readonly<Record<string, string>>,
): string[] {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, ".dev.vars"), formatDevVars(vars), { mode: 0o600 });
  return configs.map((config, index) => {
    const from = join(ROOT, config);
    const staged = readFileSync(from, "utf8").replace(
      MAIN,
      (_line, main: string) => `main = ${JSON.stringify(join(dirname(from), main))}`,
    );
    const to = join(directory, `${index}-${basename(config)}`);
    writeFileSync(to, staged);
    return to;
  });
}

/** The entry point's path is relative to the configuration. */
const MAIN = /^main = "([^"]+)"$/m;

const READY_TIMEOUT_MS = 90_000;
const POLL_MS = 150;
/** wrangler ends its children on SIGINT; after this long it is killed with them. */
const STOP_GRACE_MS = 4000;

/** Resolves when the Workers answer; rejects when wrangler ends before that, or takes too long. */
export async function startWranglerDev(options: WranglerDevOptions): Promise<WranglerDev> {
  const child = launch(options);
  const url = `http://127.0.0.1:${options.port}`;
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", () => resolve(null));
  });
  // However this process ends, the group goes with it.
  const killNow = (): void => killGroup(child, "SIGKILL");
  process.once("exit", killNow);
  let warming: ReturnType<typeof setInterval> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(warming);
    killGroup(child, "SIGINT");
    const grace = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), STOP_GRACE_MS).unref());
    if ((await Promise.race([exited, grace])) === "late") killGroup(child, "SIGKILL");
    await exited;
    // workerd may outlive wrangler by a moment; the group's id is still ours.
    killGroup(child, "SIGKILL");
    process.removeListener("exit", killNow);
  };
  try {
    await waitUntilReady(`${url}${options.readyPath}`, exited);
  } catch (error) {
    await stop();
    throw error;
  }
  warming = keepWarm(`${url}${options.warmPath}`, options.warmConnections ?? WARM_CONNECTIONS);
  void exited.then(() => clearInterval(warming));
  return { url, exited, stop };
}

/**
 * wrangler 4.124 proxies every request to the Workers over connections that either side closes after five idle seconds.
 * One that is used just then is lost, and with it wrangler ends ("Network connection lost.", after two bursts of eight
 * requests 4.95 s apart). So a few connections are used every two seconds.
 */
function keepWarm(url: string, connections: number): ReturnType<typeof setInterval> {
  let busy = false;
  const ask = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    // Never given up half-way: a connection that is closed under wrangler's hands is what this is about.
    const asked = Array.from({ length: connections }, () => fetch(url, { method: "HEAD" }));
    await Promise.allSettled(asked);
    busy = false;
  };
  return setInterval(() => void ask(), WARM_EVERY_MS).unref();
}

const WARM_EVERY_MS = 2000;
/** As many as are likely to be used at the same time; more would be load of its own. */
const WARM_CONNECTIONS = 8;

function launch(options: WranglerDevOptions): ChildProcessByStdio<null, Readable, Readable> {
  const { configs, port, persistTo, output } = options;
  const args = [
    join(ROOT, "node_modules/wrangler/bin/wrangler.js"),
    "dev",
    ...configs.flatMap((config) => ["-c", config]),
    "--ip",
    "127.0.0.1",
    "--port",
    String(port),
    // A port of its own for the debugger, so that two stacks can run at once.
    "--inspector-port",
    "0",
    "--show-interactive-dev-session=false",
    ...(persistTo === undefined ? [] : ["--persist-to", persistTo]),
  ];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    // A group of its own: it can be ended as one, and ctrl-c reaches it through `stop` only.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // Custom builds call `node`: this process's, whatever the machine has.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      // Its local trace store writes the address of every outgoing request to disk, and Meta documents some of them with a
      // token or a secret in it.
      X_LOCAL_OBSERVABILITY: "false",
      // All wrangler dev of a machine share one registry, and a queue message goes to any consumer of its name in there:
      // a second stack would take the first one's events.
      ...(persistTo === undefined ? {} : { WRANGLER_REGISTRY_PATH: join(persistTo, "registry") }),
      // Its output is piped, and would lose its colours on the terminal.
      ...(output === "terminal" && process.stdout.isTTY && process.env["NO_COLOR"] === undefined
        ? { FORCE_COLOR: "1" }
        : {}),
    },
  });
  if (output === "terminal") {
    passOn(child.stdout, process.stdout, options.warmPath);
    passOn(child.stderr, process.stderr, options.warmPath);
  } else {
    const file = createWriteStream(output.file);
    child.stdout.pipe(file);
    child.stderr.pipe(file);
  }
  return child;
}

/** Everything but the lines about our own requests. */
function passOn(from: Readable, to: Writable, warmPath: string): void {
  createInterface({ input: from }).on("line", (line) => {
    if (!line.includes(`HEAD ${warmPath} `)) to.write(`${line}\n`);
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

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

/** `wanted` where it is free, else any free port of the loopback address. */
export async function freePort(wanted = 0): Promise<number> {
  const listen = (port: number): Promise<number | null> =>
    new Promise((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(null));
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        const found = typeof address === "object" && address !== null ? address.port : null;
        server.close(() => resolve(found));
      });
    });
  const port = (await listen(wanted)) ?? (await listen(0));
  if (port === null) throw new Error("no free port on 127.0.0.1");
  return port;
}
