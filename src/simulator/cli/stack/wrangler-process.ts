/** `wrangler` as a child process in a process group of its own, so that nothing of it is left afterwards. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { formatDevVars, ROOT } from "./dev-vars.ts";

/** Arguments of every `wrangler dev`. The debugger gets a free port, so that two stacks can run at the same time. */
const DEV_ARGS = ["dev", "--ip=127.0.0.1", "--inspector-port=0", "--show-interactive-dev-session=false"];

export interface WranglerDevOptions {
  /** Configuration files. The Worker of the first one owns the port. */
  configs: readonly string[];
  port: number;
  persistTo: string;
  /** The path of a log file to append to, or a filter for the lines on this terminal. */
  output: string | ((line: string) => boolean);
  /** More arguments for `wrangler dev`. */
  args?: readonly string[];
}

/** Starts `wrangler dev`. Returns before it is ready. */
export function spawnWranglerDev({ configs, port, persistTo, output, args = [] }: WranglerDevOptions): ChildProcess {
  const files = configs.flatMap((config) => ["-c", config]);
  return spawnWrangler([...DEV_ARGS, ...files, `--port=${port}`, `--persist-to=${persistTo}`, ...args], output, {
    // One signal can end the whole group, and Ctrl-C reaches it only through `killGroup`.
    detached: true,
    // All `wrangler dev` processes of a machine share one registry, and any consumer with the queue's name gets its
    // messages: without its own registry, a second stack would take the events of the first one.
    env: { WRANGLER_REGISTRY_PATH: join(persistTo, "registry") },
  });
}

/** Starts any wrangler command. `detached`: in a process group of its own, which `killGroup` can end. */
export function spawnWrangler(
  args: readonly string[],
  output: WranglerDevOptions["output"],
  { detached = false, env = {} }: { detached?: boolean; env?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  const log = typeof output === "string" ? openSync(output, "a") : "pipe";
  const child = spawn(process.execPath, [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd: ROOT,
    detached,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      // Custom builds call `node`. They must get the version of this process.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      // wrangler's local trace store writes the URL of every outgoing request to disk, and some of Meta's documented URLs
      // contain a token or a secret.
      X_LOCAL_OBSERVABILITY: "false",
      // Piped output would lose its colors on the terminal.
      ...(log === "pipe" && process.stdout.isTTY && process.env["NO_COLOR"] === undefined ? { FORCE_COLOR: "1" } : {}),
      ...env,
    },
  });
  if (typeof log === "number") closeSync(log);
  else if (typeof output === "function") {
    passOn(child.stdout, process.stdout, output);
    passOn(child.stderr, process.stderr, output);
  }
  return child;
}

function passOn(from: Readable | null, to: Writable, wanted: (line: string) => boolean): void {
  if (from === null) return;
  createInterface({ input: from }).on("line", (line) => {
    if (wanted(line)) to.write(`${line}\n`);
  });
}

/** Sends a signal to the process group of `pid`. @returns whether the group exists; signal 0 only asks */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/**
 * Copies configurations into `directory`, with a `.dev.vars` next to them. With several configurations, wrangler 4.124
 * gives `--env-file` and `--var` to the first Worker only, and the others read the `.dev.vars` in the directory of their
 * configuration. So a stack can have its own settings, and the `.dev.vars` of the checkout stays unchanged.
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
