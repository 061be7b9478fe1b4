/** All sending is stopped by hand, or the stop is lifted, and every account has to hear of it. */
import type { Incident } from "./contract.ts";
import type { DirectoryPorts } from "./ports.ts";
import { currentIncident, readIncident, setTold, untoldAccounts } from "./tables/kill-switch.ts";

/** How long one round of telling the accounts of a stop may take, and how many are told at once. */
const SPREAD_MS = 10_000;
const SPREAD_ABREAST = 20;

/** Tells the accounts that do not know yet. One that cannot be reached is told by a later round. */
export async function spreadIncident(ports: DirectoryPorts): Promise<Incident> {
  const until = ports.now() + SPREAD_MS;
  const failed = new Set<string>();
  while (ports.now() < until) {
    const untold = untoldAccounts(ports.sql, SPREAD_ABREAST + failed.size).filter((id) => !failed.has(id));
    if (untold.length === 0) break;
    await Promise.all(
      untold.slice(0, SPREAD_ABREAST).map(async (id) => {
        if (!(await tellAccount(ports, id))) failed.add(id);
      }),
    );
  }
  return readIncident(ports.sql);
}

/** Tells one account the newest word. @returns false: it could not be reached, and a later round tells it */
export async function tellAccount(ports: DirectoryPorts, accountId: string): Promise<boolean> {
  const { generation, stop } = currentIncident(ports.sql);
  try {
    await ports.setStop?.(accountId, stop);
    setTold(ports.sql, accountId, generation);
    return true;
  } catch {
    return false;
  }
}
