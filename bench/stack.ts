/** The local stack that is measured: fresh, in a folder of its own, and gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { complain } from "../src/simulator/cli/terminal.ts";
import { stageConfigs, startWranglerDev, type WranglerDev } from "../src/simulator/cli/stack/wrangler-process.ts";

export const SECRET = "bench_app_secret_not_real";
export const ADMIN_TOKEN = "bench-admin-token-not-real";

export interface StackOptions {
  /** The configuration of the Worker in front of the engine. */
  receiver: string;
  port: number;
  /** Where the engine finds the Graph API; Meta's own address, which is never called, where absent. */
  graphUrl?: string;
}

/** wrangler's own proxy ends `wrangler dev` when a request meets a connection that is just being dropped. */
const TRIES = 4;

/**
 * Runs `use` against `wrangler dev`, and stops it whatever happens. A stack that breaks off is started anew and measured
 * from the beginning; what was measured of it must not count, so `use` gives its figures back at its end.
 */
export async function withStack<T>(options: StackOptions, use: (url: string) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await onStack(options, use);
    } catch (error) {
      if (tried === TRIES || !isBrokenOff(error)) throw error;
      complain("  … wrangler dev broke off; again");
    }
  }
}

const isBrokenOff = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "ECONNREFUSED");

async function onStack<T>(options: StackOptions, use: (url: string) => Promise<T>): Promise<T> {
  const { receiver, port, graphUrl } = options;
  const dir = mkdtempSync(join(tmpdir(), "replyline-bench-"));
  const graph = graphUrl === undefined ? {} : { INSTAGRAM_GRAPH_URL: graphUrl, FACEBOOK_GRAPH_URL: graphUrl };
  const vars = {
    META_APP_SECRETS: SECRET,
    META_VERIFY_TOKEN: "bench-verify-token",
    ADMIN_TOKEN,
    TOKEN_ENCRYPTION_KEY: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    META_APP_ID: "1",
    INSTAGRAM_APP_ID: "2",
    ...graph,
  };
  let dev: WranglerDev | null = null;
  try {
    dev = await startWranglerDev({
      configs: stageConfigs(join(dir, "configs"), [receiver, "wrangler.engine.toml"], vars),
      port,
      persistTo: join(dir, "state"),
      output: { file: join(dir, "wrangler.log") },
      readyPath: "/healthz",
      warmPath: "/healthz",
    });
    return await use(dev.url);
  } finally {
    await dev?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
