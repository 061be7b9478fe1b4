import type { QueuedEvent } from "../core/event.ts";

/** The receiver's bindings, as wrangler.toml declares them. */
export interface ReceiverEnv {
  EVENTS: Queue<QueuedEvent>;
  KV: KVNamespace;
  ENGINE: Fetcher;
  META_APP_SECRETS: string;
  META_VERIFY_TOKEN: string;
  MAX_BODY_BYTES: string;
  REQUIRE_MTLS: string;
}
