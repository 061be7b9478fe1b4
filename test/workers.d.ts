/// <reference types="@cloudflare/vitest-pool-workers/types" />
import type { EngineEnv } from "../src/engine/env.ts";
import type { ReceiverEnv } from "../src/receiver/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends ReceiverEnv, EngineEnv {}
  }
}
