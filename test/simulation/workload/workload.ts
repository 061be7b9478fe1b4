import type { Weather } from "../faults.ts";
import type { Stage } from "./stage.ts";

export interface Workload {
  name: string;
  what: string;
  /** Duration of the storm from the start. Afterwards there are no faults, and all work must finish. */
  stormMs: number;
  /** Changed fault probabilities. */
  weather: Weather;
  /** Whether the watchdog runs. Without it, alarms that never run are not repaired. */
  watchdog: boolean;
  /** Average time between deploys; null: none. */
  deployEveryMs: number | null;
  /**
   * Plans all actions of people.
   *
   * @param prompts approximate number of comments and messages
   * @param from when the storm begins
   */
  plan(stage: Stage, prompts: number, from: number): void;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
