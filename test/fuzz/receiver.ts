/** The shipping receiver in this process, as the function that its Worker exports. */
import { registerHooks } from "node:module";
import type { FuzzKv, FuzzQueue } from "./bindings.ts";

/** The receiver's environment, with bindings that record. */
export interface FuzzEnv {
  EVENTS: FuzzQueue;
  KV: FuzzKv;
  META_APP_SECRETS: string;
  META_VERIFY_TOKEN: string;
  MAX_BODY_BYTES: string;
  REQUIRE_MTLS: string;
}

export interface FuzzContext {
  waitUntil(work: Promise<unknown>): void;
  passThroughOnException(): void;
}

/** The subject of the oracle: the receiver, or one with a planted bug. */
export type Receiver = (request: Request, env: FuzzEnv, context: FuzzContext) => Promise<Response> | Response;

/**
 * `createApp()` under Node. It is imported by a computed name that the compiler does not follow, because the receiver
 * uses the types of Workers and this file those of Node.
 */
export async function loadReceiver(): Promise<Receiver> {
  // The Worker bundler supports `import { version } from "package.json"`; Node requires an import attribute.
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.endsWith("/package.json")) return nextLoad(url, context);
      return { format: "module", source: 'export const version = "fuzz";', shortCircuit: true };
    },
  });
  const path = "../../src/receiver/app.ts";
  const { createApp } = (await import(path)) as { createApp: () => { fetch: Receiver } };
  return createApp().fetch;
}
