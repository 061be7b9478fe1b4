/** The local stack that the benchmark measures. Each one is new, and is removed afterwards. */
import { complain } from "../src/simulator/cli/terminal.ts";
import { RECEIVER_AND_ENGINE, startStack, type LocalStack } from "../src/simulator/cli/stack/local-stack.ts";

export const SECRET = "bench_app_secret_not_real";
export const ADMIN_TOKEN = "bench-admin-token-not-real";

export interface StackOptions {
  /** The configuration of the Worker in front of the engine. */
  receiver: string;
  port: number;
  /** URL of the Graph API for the engine. Absent: Meta's URL, which is never called. */
  graphUrl?: string;
}

/** wrangler's proxy ends `wrangler dev` if a request uses a connection that is being closed. */
const TRIES = 4;

/**
 * Runs `use` against `wrangler dev`, and always stops it. If a stack exits, a new one is measured from the start.
 * Figures of the failed stack must not count, so `use` returns its figures only at its end.
 */
export async function withStack<T>(options: StackOptions, use: (url: string) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await onStack(options, use);
    } catch (error) {
      if (tried === TRIES || !isBrokenOff(error)) throw error;
      complain("  … wrangler dev exited unexpectedly; starting again");
    }
  }
}

const isBrokenOff = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "ECONNREFUSED");

async function onStack<T>({ receiver, port, graphUrl }: StackOptions, use: (url: string) => Promise<T>): Promise<T> {
  const stack = await startBenchStack(
    { port, configs: [receiver, "wrangler.engine.toml"] },
    graphUrl === undefined ? {} : { INSTAGRAM_GRAPH_URL: graphUrl, FACEBOOK_GRAPH_URL: graphUrl },
  );
  try {
    return await use(stack.url);
  } finally {
    await stack.stop();
  }
}

/** Starts the stack with the benchmark's settings. */
export const startBenchStack = (
  options: Parameters<typeof startStack>[0],
  vars: Readonly<Record<string, string>> = {},
): Promise<LocalStack> =>
  startStack({
    configs: RECEIVER_AND_ENGINE,
    ...options,
    vars: {
      META_APP_SECRETS: SECRET,
      META_VERIFY_TOKEN: "bench-verify-token",
      ADMIN_TOKEN,
      TOKEN_ENCRYPTION_KEY: "A".repeat(43),
      META_APP_ID: "1",
      INSTAGRAM_APP_ID: "2",
      ...vars,
    },
  });
