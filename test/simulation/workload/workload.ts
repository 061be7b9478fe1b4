import type { Weather } from "../faults.ts";
import type { Stage } from "./stage.ts";

export interface Workload {
  name: string;
  what: string;
  /** How long faults strike, counted from the start. Afterwards everything works, and all has to come to an end. */
  stormMs: number;
  /** Faults that are more or less frequent here. */
  weather: Weather;
  /** Without it, nobody looks after alarms that never ring. */
  watchdog: boolean;
  /** New code about this often; null: never. */
  deployEveryMs: number | null;
  /**
   * Plans everything that people do.
   *
   * @param prompts about so many comments and messages
   * @param from when the storm begins
   */
  plan(stage: Stage, prompts: number, from: number): void;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
