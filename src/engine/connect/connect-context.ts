/** What a request to `/connect` carries once it has passed the door. */
import type { Context } from "hono";
import { createTokenEncryption } from "../account/connection/token-encryption.ts";
import type { EngineConfig } from "../config.ts";
import type { EngineEnv } from "../env.ts";
import { log } from "../log.ts";
import { objectsOf } from "../objects.ts";
import type { ConnectConfig } from "./config.ts";
import type { FlowPorts } from "./flow.ts";
import { oauthOf } from "./oauth.ts";

export interface ConnectEnv {
  Bindings: EngineEnv;
  Variables: { config: EngineConfig; connect: ConnectConfig; origin: string };
}

export type ConnectContext = Context<ConnectEnv>;

export const flowPorts = (c: ConnectContext): FlowPorts => ({
  oauth: oauthOf(c.env),
  objects: objectsOf(c.env),
  now: () => Date.now(),
  log,
});

/** What seals the user token while Pages are chosen. */
export const tokenEncryptionOf = (c: ConnectContext) => createTokenEncryption(c.get("config").tokenEncryptionKeys);
