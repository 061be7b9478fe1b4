import type { Meta } from "./meta-object.ts";

/** The simulator's bindings, as src/simulator/wrangler.toml declares them. */
export interface SimulatorEnv {
  META: DurableObjectNamespace<Meta>;
  /** The Worker behind the simulator: what is not for Meta is passed on to it. */
  NEXT: Fetcher;
  META_APP_SECRETS: string;
  META_VERIFY_TOKEN: string;
  META_APP_ID: string;
  INSTAGRAM_APP_ID: string;
}
