/**
 * What the alarm does apart from sending: retention, token and subscription, the Directory's summary, the reconciler.
 */
import { describe } from "../../log.ts";
import { maintainToken } from "../connection/token-refresh.ts";
import { armAlarm } from "../alarm.ts";
import { registerAwake, syncSummary } from "../directory-sync.ts";
import type { AccountPorts } from "../ports.ts";
import { evaluateAgain } from "../ingest/evaluate.ts";
import { readPost } from "../ingest/post-identity.ts";
import { reconcile } from "../ingest/reconcile.ts";
import { prune } from "./retention.ts";
import { repairSubscription } from "../connection/subscription-repair.ts";
import { getValue, isForgotten } from "../tables/settings.ts";

/** Never throws. A failed task is retried at its next time. */
export async function runMaintenance(ports: AccountPorts, accountId: string): Promise<void> {
  // A request may have erased the account while the alarm was sending.
  if (isForgotten(ports.sql)) return;
  try {
    prune(ports);
    const noteAt = getValue(ports.sql, "chores")?.noteAt ?? null;
    if (noteAt !== null && ports.now() >= noteAt) await syncSummary(ports, accountId);
    await maintainToken(ports, accountId);
    await repairSubscription(ports, accountId);
    await readPost(ports, accountId, (event) => evaluateAgain(ports, accountId, event));
    await reconcile(ports, accountId);
    // Comments found by the reconciler are open work that the watchdog must know about.
    await registerAwake(ports, accountId);
    armAlarm(ports);
  } catch (error) {
    ports.log("alarm_failed", { accountId, error: describe(error) });
  }
}
