/** All sending is stopped by hand, or the stop is lifted, and every account has to hear of it. */
import type { KillSwitch } from "../../api/kill-switch.ts";
import type { DirectoryPorts } from "./ports.ts";
import { currentKillSwitch, readKillSwitch, markAcknowledged, unacknowledgedAccounts } from "./tables/kill-switch.ts";

/** How long one round of telling the accounts of a stop may take, and how many are told at once. */
const SPREAD_MS = 10_000;
const SPREAD_ABREAST = 20;

/** Tells the accounts that do not know yet. One that cannot be reached is told by a later round. */
export async function propagateKillSwitch(ports: DirectoryPorts): Promise<KillSwitch> {
  const until = ports.now() + SPREAD_MS;
  const failed = new Set<string>();
  while (ports.now() < until) {
    const unacknowledged = unacknowledgedAccounts(ports.sql, SPREAD_ABREAST + failed.size).filter(
      (id) => !failed.has(id),
    );
    if (unacknowledged.length === 0) break;
    await Promise.all(
      unacknowledged.slice(0, SPREAD_ABREAST).map(async (id) => {
        if (!(await notifyAccount(ports, id))) failed.add(id);
      }),
    );
  }
  return readKillSwitch(ports.sql);
}

/** Tells one account the newest word. @returns false: it could not be reached, and a later round tells it */
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
