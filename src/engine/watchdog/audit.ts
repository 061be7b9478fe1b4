/** After an outage every account's subscription is compared with what was wanted, a few hundred accounts a minute. */
import { describe, type Log } from "../log.ts";
import type { Objects } from "../objects.ts";

const ACCOUNTS = 200;
const ABREAST = 10;

/** One round. Never throws; an account that cannot be reached is compared within the day anyway. */
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
    await Promise.all(Array.from({ length: Math.min(ABREAST, count) }, worker));
  } catch (error) {
    log("watchdog_failed", { error: describe(error) });
  }
}
