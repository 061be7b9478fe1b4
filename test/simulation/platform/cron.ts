/** The engine's cron (src/engine/index.ts): once a minute the watchdog, once an hour the dead letters. */
import type { Log } from "../../../src/engine/log.ts";
import { redriveDeadLetters, visitAccounts } from "../../../src/engine/watchdog/visit.ts";
import { Process } from "../process.ts";
import type { Sim } from "../sim.ts";
import { type Hosts, objectsFor } from "./objects.ts";

const MINUTE_MS = 60_000;
/** The Directory retries dead letters an hour after the last try. Nothing else happens while no account is awake. */
const REDRIVE_MINUTE = 7;

export class Cron {
  readonly #sim: Sim;
  readonly #hosts: Hosts;
  readonly #log: Log;

  constructor(sim: Sim, hosts: Hosts, log: Log) {
    this.#sim = sim;
    this.#hosts = hosts;
    this.#log = log;
  }

  start(): void {
    const { scheduler } = this.#sim;
    const at = (Math.floor(scheduler.now / MINUTE_MS) + 1) * MINUTE_MS;
    scheduler.at(at, () => {
      this.#minute(at);
      this.start();
    });
  }

  #minute(at: number): void {
    const { scheduler, nemesis } = this.#sim;
    // Skipped, because weeks of minutes without an account to visit would take most of the time of a long run.
    if (!isRedriveTime(at) && !this.#hosts.anybodyAwake()) return;
    if (nemesis.pick("cron", ["cron_skipped"]) !== null) return;
    const process = new Process(this.#sim, "cron", String(at), "cron_killed");
    scheduler.ranCode();
    this.#run(process).catch(() => undefined);
  }

  async #run(process: Process): Promise<void> {
    const objects = objectsFor(process, this.#hosts);
    const ports = {
      toVisit: () => objects.directory((of) => of.toVisit()),
      wake: (accountId: string) => objects.account(accountId, (of) => of.wake(accountId)),
      visited: (accountId: string, answer: { open: number; generation: number }) =>
        objects.directory((of) => of.visited(accountId, answer)),
      redrive: () => objects.directory((of) => of.redrive()),
      log: this.#log,
    };
    await visitAccounts(ports);
    await redriveDeadLetters(ports);
  }
}

const isRedriveTime = (at: number): boolean => Math.floor(at / MINUTE_MS) % 60 === REDRIVE_MINUTE;
