import { DurableObject } from "cloudflare:workers";
import type { EngineEnv } from "../env.ts";

export class Directory extends DurableObject<EngineEnv> {}
