import type { Principal } from "../auth/principal.ts";
import type { EngineConfig } from "../config.ts";
import type { EngineEnv } from "../env.ts";

/** What a handler finds in Hono's context. */
export interface AppEnv {
  Bindings: EngineEnv;
  Variables: { config: EngineConfig; principal: Principal };
}
