/**
 * The single alarm of an object. It is set in the same transaction as the rows. It normally runs at least once;
 * sometimes late, twice, or not at all. A run that throws is retried six times and then dropped, unless it has set a
 * new alarm.
 * https://developers.cloudflare.com/durable-objects/api/alarms/
 */
import { note, type Sim } from "../sim.ts";
import type { Prng } from "../prng.ts";

const MAX_RETRIES = 6;
const FIRST_RETRY_MS = 2_000;

export class Alarm {
  readonly #sim: Sim;
  readonly #name: string;
  readonly #ring: () => void;
  readonly #prng: Prng;
  /** Identifies which setting a planned run belongs to. */
  #setting = 0;
  #run: { retries: number; committed: boolean; replaced: boolean } | null = null;
  /** It became due during a run, so it runs afterwards. */
  #waiting = false;
  #retries = 0;
  #stuck = false;

  constructor(sim: Sim, name: string, ring: () => void) {
    this.#sim = sim;
    this.#name = name;
    this.#ring = ring;
    this.#prng = sim.prng.fork(`alarm ${name}`);
  }

  /** A transaction became durable. `at`: the alarm that it set; null: it deleted the alarm; undefined: neither. */
  committed(at: number | null | undefined): void {
    if (this.#run !== null) this.#run.committed = true;
    if (at === undefined) return;
    if (this.#stuck) this.#sim.tally.sometimes("stuck_alarm_set_again");
    this.#stuck = false;
    if (this.#run !== null) this.#run.replaced = at !== null;
    const setting = ++this.#setting;
    this.#waiting = false;
    this.#retries = 0;
    if (at === null) return;
    const { nemesis, scheduler } = this.#sim;
    const fault = nemesis.pick("alarm.ring", ["alarm_late", "alarm_doubled", "alarm_stuck"]);
    if (fault === "alarm_stuck") {
      this.#stuck = true;
      note(this.#sim, "alarm", this.#name, "stuck");
      return;
    }
    const lateMs = fault === "alarm_late" ? this.#prng.between(1_000, 60_000) : this.#prng.latency(3);
    this.#plan(setting, Math.max(at, scheduler.now) + lateMs);
    if (fault === "alarm_doubled") {
      const againMs = this.#prng.between(0, 20_000);
      scheduler.at(Math.max(at, scheduler.now) + lateMs + againMs, () => this.#ringOrWait());
    }
  }

  begun(): void {
    this.#run = { retries: this.#retries, committed: false, replaced: false };
    note(this.#sim, "alarm", this.#name, "rings");
  }

  finished(): void {
    this.#run = null;
    this.#retries = 0;
    this.#ringWaiting();
  }

  /** The handler threw or could not be started. */
  failed(): void {
    const run = this.#run;
    this.#run = null;
    // A new alarm replaces the retries.
    if (run?.replaced === true) this.#ringWaiting();
    else this.#repeat();
  }

  /** The object died during the run. */
  died(): void {
    const run = this.#run;
    this.#run = null;
    // The commit deleted the alarm. This was seen in production, and then the run is not repeated.
    const lost = run?.committed === true ? this.#sim.nemesis.pick("alarm.died", ["alarm_lost_with_run"]) : null;
    if (lost !== null) note(this.#sim, "alarm", this.#name, lost);
    if (run?.replaced === true) this.#ringWaiting();
    else if (lost === null) this.#repeat();
  }

  #repeat(): void {
    if (this.#retries >= MAX_RETRIES) {
      this.#sim.tally.fault("alarm_dropped");
      note(this.#sim, "alarm", this.#name, "dropped");
      this.#retries = 0;
      return;
    }
    this.#retries++;
    this.#sim.tally.sometimes("alarm_retried");
    this.#plan(this.#setting, this.#sim.scheduler.now + FIRST_RETRY_MS * 2 ** (this.#retries - 1));
  }

  #plan(setting: number, at: number): void {
    this.#sim.scheduler.at(at, () => {
      if (setting === this.#setting) this.#ringOrWait();
    });
  }

  #ringOrWait(): void {
    if (this.#run !== null) {
      this.#waiting = true;
      return;
    }
    this.#ring();
  }

  #ringWaiting(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#ringOrWait();
  }
}
