/** `wrangler dev` with all three Workers, as a process group that can be killed with SIGKILL and started again. */
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { killGroup, spawnWrangler, spawnWranglerDev } from "../../src/simulator/cli/stack/wrangler-process.ts";
import { type ConfigFile, writeConfigs } from "./configs.ts";
import { Line, pause } from "./line.ts";

/** Test secrets that must not be in any log; the soak searches for them. */
export const APP_SECRET = "soak_app_secret_not_real";
export const ADMIN_TOKEN = "soak-admin-token-not-real-5c1d";
const VARS = {
  META_APP_SECRETS: `instagram:${APP_SECRET}`,
  META_VERIFY_TOKEN: "soak-verify-token-not-real",
  ADMIN_TOKEN,
  TOKEN_ENCRYPTION_KEY: "c29haywgbm90IHJlYWwsIDMyIGJ5dGVzIGxvbmcuLi4",
  META_APP_ID: "1184729305561827",
  INSTAGRAM_APP_ID: "1184729305561828",
};

export interface StackOptions {
  /** For configurations, state and the log. */
  folder: string;
  port: number;
  graphUrl: string;
  seed: number;
  deferSeconds: number;
  /** A queue that confirms before it stores. */
  forgetful: boolean;
}

const READY_TIMEOUT_MS = 120_000;
const GONE_TIMEOUT_MS = 20_000;
const MAX_ENDS = 20;
export class Stack {
  readonly line: Line;
  readonly logPath: string;
  readonly statePath: string;
  readonly #configs: readonly ConfigFile[];
  readonly #launchWrangler: () => ChildProcess;
  /** How often wrangler exited without a kill. */
  unexpectedExits = 0;
  /** Of the process group; null while nothing runs. */
  #pid: number | null = null;

  constructor({ folder, port, graphUrl, seed, deferSeconds, forgetful }: StackOptions) {
    this.line = new Line(`http://127.0.0.1:${port}`);
    this.logPath = join(folder, "wrangler.log");
    this.statePath = join(folder, "state");
    const varsPath = join(folder, "vars");
    const graph = { INSTAGRAM_GRAPH_URL: graphUrl, FACEBOOK_GRAPH_URL: graphUrl, REPLY_DEFER_SECONDS: deferSeconds };
    writeFileSync(
      varsPath,
      Object.entries({ ...VARS, ...graph })
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
    this.#configs = writeConfigs(folder, { seed, forgetful });
    this.#launchWrangler = () =>
      spawnWranglerDev({
        configs: this.#configs.map(({ bundledPath }) => bundledPath),
        port,
        persistTo: this.statePath,
        output: this.logPath,
        // This log level omits the line for each request.
        args: [`--env-file=${varsPath}`, "--log-level=log"],
      });
  }

  /** Bundles the Workers, once, as a deployment would. */
  async bundle(): Promise<void> {
    await Promise.all(
      this.#configs.map(async ({ path, outdir }) => {
        const child = spawnWrangler(["deploy", "--dry-run", "-c", path, "--outdir", outdir], this.logPath);
        const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
        if (code !== 0) throw new Error(`bundling ${path} ended with ${code}; see ${this.logPath}`);
      }),
    );
  }

  /** Resolves when all three Workers respond. @returns how long that took, in ms */
  async start(): Promise<number> {
    const startedAt = Date.now();
    this.#launch();
    while (Date.now() - startedAt < READY_TIMEOUT_MS) {
      const answer = await this.line.request("/api/soak/queue").catch(() => null);
      if (answer?.status === 200) return Date.now() - startedAt;
      await pause(50);
    }
    throw new Error(`wrangler dev did not respond within ${READY_TIMEOUT_MS / 1000} s; see ${this.logPath}`);
  }

  #launch(): void {
    const child = this.#launchWrangler();
    const pid = child.pid ?? null;
    this.#pid = pid;
    // wrangler exits when its proxy loses a connection (line.ts). For the Workers this is one more kill.
    child.once("exit", () => {
      if (this.#pid === null || this.#pid !== pid) return;
      this.unexpectedExits++;
      if (this.unexpectedExits > MAX_ENDS) throw new Error(`wrangler dev exits repeatedly; see ${this.logPath}`);
      this.killNow();
      this.#launch();
    });
  }

  /** SIGKILL to the whole group. Resolves when nothing of it is left. */
  async kill(): Promise<void> {
    const pid = this.#pid;
    this.killNow();
    this.#pid = null;
    const deadline = Date.now() + GONE_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (pid === null || !killGroup(pid, 0)) return;
      await pause(20);
    }
    throw new Error("a killed process still exists");
  }

  /** Sends the kill without waiting, for the end of this process. */
  killNow(): void {
    if (this.#pid !== null) killGroup(this.#pid, "SIGKILL");
  }
}
