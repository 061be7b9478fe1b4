/**
 * The watchdog: a cron that looks after every account with open work, whatever became of its alarm. Alarms get lost or
 * stuck (docs/reliability.md); a reply must not get lost with them.
 */
import { describe, type Log } from "../log.ts";

export interface WatchdogPorts {
  toVisit(): Promise<string[]>;
  wake(accountId: string): Promise<{ open: number; generation: number }>;
  visited(accountId: string, answer: { open: number; generation: number }): Promise<void>;
  redrive(): Promise<{ redriven: number }>;
  log: Log;
}

/** Accounts visited side by side. */
const ABREAST = 10;

/** One round. Never throws: an account that cannot be reached is visited again in the next round. */
export async function visitAccounts(ports: WatchdogPorts): Promise<void> {
  try {
    const waiting = await ports.toVisit();
    const count = waiting.length;
    const visitor = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await visit(ports, id);
    };
    await Promise.all(Array.from({ length: Math.min(ABREAST, count) }, visitor));
    if (count > 0) ports.log("watchdog_visited", { count });
  } catch (error) {
    ports.log("watchdog_failed", { error: describe(error) });
  }
}

/** Dead letters get another chance; the Directory knows when. Never throws. */
export async function redriveDeadLetters(ports: WatchdogPorts): Promise<void> {
  try {
    await ports.redrive();
  } catch (error) {
    ports.log("watchdog_failed", { error: describe(error) });
  }
}

/** Accounts that have not heard of a stop, or of its end, are told. Never throws: the next round goes on. */
export async function propagateKillSwitch(ports: { propagate(): Promise<unknown>; log: Log }): Promise<void> {
  try {
    await ports.propagate();
  } catch (error) {
    ports.log("watchdog_failed", { error: describe(error) });
  }
}

async function visit(ports: WatchdogPorts, accountId: string): Promise<void> {
  try {
    await ports.visited(accountId, await ports.wake(accountId));
  } catch (error) {
    ports.log("watchdog_failed", { accountId, error: describe(error) });
  }
}
