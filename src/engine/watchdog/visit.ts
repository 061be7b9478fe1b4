/**
 * The watchdog: a cron that visits every account with open work, in any state of its alarm. Alarms may be lost or stuck
 * (docs/reliability.md); no reply may be lost with them.
 */
import { describe, type Log } from "../log.ts";

export interface WatchdogPorts {
  toVisit(): Promise<string[]>;
  wake(accountId: string): Promise<{ open: number; generation: number }>;
  visited(accountId: string, answer: { open: number; generation: number }): Promise<void>;
  redrive(): Promise<{ redriven: number }>;
  log: Log;
}

/** Accounts visited concurrently. */
const CONCURRENCY = 10;

/** Runs one round. Never throws: an unreachable account is visited again in the next round. */
export async function visitAccounts(ports: WatchdogPorts): Promise<void> {
  try {
    const waiting = await ports.toVisit();
    const count = waiting.length;
    const visitor = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await visit(ports, id);
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, visitor));
    if (count > 0) ports.log("watchdog_visited", { count });
  } catch (error) {
    ports.log("watchdog_failed", { error: describe(error) });
  }
}

/** Retries dead letters; the Directory decides when. Never throws. */
export async function redriveDeadLetters(ports: WatchdogPorts): Promise<void> {
  try {
    await ports.redrive();
  } catch (error) {
    ports.log("watchdog_failed", { error: describe(error) });
  }
}

/** Sends the kill switch to accounts that do not have its current state. Never throws: the next round continues. */
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
