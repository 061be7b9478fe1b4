/** Stops or resumes sending for all accounts, and sends each change to every account. */
import type { KillSwitch } from "../../api/kill-switch.ts";
import type { DirectoryPorts } from "./ports.ts";
import { currentKillSwitch, readKillSwitch, markAcknowledged, unacknowledgedAccounts } from "./tables/kill-switch.ts";

/** Duration of one round of propagation. */
const PROPAGATE_MS = 10_000;
const PROPAGATE_CONCURRENCY = 20;

/** Sends the kill switch to accounts that do not have it. An unreachable account gets it in a later round. */
export async function propagateKillSwitch(ports: DirectoryPorts): Promise<KillSwitch> {
  const until = ports.now() + PROPAGATE_MS;
  const failed = new Set<string>();
  while (ports.now() < until) {
    const unacknowledged = unacknowledgedAccounts(ports.sql, PROPAGATE_CONCURRENCY + failed.size).filter(
      (id) => !failed.has(id),
    );
    if (unacknowledged.length === 0) break;
    await Promise.all(
      unacknowledged.slice(0, PROPAGATE_CONCURRENCY).map(async (id) => {
        if (!(await notifyAccount(ports, id))) failed.add(id);
      }),
    );
  }
  return readKillSwitch(ports.sql);
}

/**
 * Sends the current kill switch to one account.
 * @returns false: the account was unreachable; a later round tries again
 */
export async function notifyAccount(ports: DirectoryPorts, accountId: string): Promise<boolean> {
  const { generation, stop } = currentKillSwitch(ports.sql);
  try {
    await ports.setStop?.(accountId, stop);
    markAcknowledged(ports.sql, accountId, generation);
    return true;
  } catch {
    return false;
  }
}
