import type { Principal } from "../auth/principal.ts";
import type { EngineConfig } from "../config.ts";
import type { EngineEnv } from "../env.ts";

/** Hono's context for the handlers. */
export interface AppEnv {
  Bindings: EngineEnv;
  Variables: { config: EngineConfig; principal: Principal };
}
