/** After an outage, checks every account's subscription, a few hundred accounts per minute. */
import { describe, type Log } from "../log.ts";
import type { Objects } from "../objects.ts";

const ACCOUNTS = 200;
const CONCURRENCY = 10;

/** Runs one round. Never throws. An unreachable account is checked by its daily check. */
export async function auditSubscriptions({ objects, log }: { objects: Objects; log: Log }): Promise<void> {
  try {
    const waiting = await objects.directory((directory) => directory.toAudit(ACCOUNTS));
    const count = waiting.length;
    const worker = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const accountId = id;
        await objects.account(accountId, (account) => account.auditSubscription());
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, worker));
  } catch (error) {
    log("watchdog_failed", { error: describe(error) });
  }
}
