/** Checks Meta's rate limits over every possible window. */
import type { MetaAccount } from "../meta/history.ts";
import type { World } from "../world.ts";

const HOUR_MS = 3_600_000;
const PER_HOUR = 750;
const PER_SECOND = 100;

/**
 * Between the commit of an attempt and its request, the object writes to storage and decrypts the token. After a
 * restart, the exact send times of earlier calls are lost; only the commit times are known.
 */
const COMMIT_TO_CALL_MS = 15;

export function judgePace(world: World): void {
  for (const account of world.history.accounts.values()) {
    const worst = fullest(account.privateArrivals, PER_HOUR, HOUR_MS);
    if (worst !== null)
      world.witness.report("OVER PACE", account.id, "", `${PER_HOUR + 1} private replies in ${worst} ms`);
    if (account.privateArrivals.length >= PER_HOUR) world.sim.tally.sometimes("rate_limit_full_for_an_hour");
    judgeSeconds(world, account);
  }
}

/**
 * Measured where the account sends the calls, because network delays of a tenth of a second are outside its control.
 */
function judgeSeconds(world: World, { id, handedOver }: MetaAccount): void {
  for (const rateLimit of ["live", "message"]) {
    const worst = fullest(handedOver.get(rateLimit) ?? [], PER_SECOND, 1_000 - COMMIT_TO_CALL_MS);
    if (worst !== null)
      world.witness.report("OVER PACE", id, "", `${PER_SECOND + 1} ${rateLimit} calls in ${worst} ms`);
  }
}

/** The shortest time in which more than `limit` calls arrived, if shorter than the window; null: never. */
export function fullest(times: readonly number[], limit: number, windowMs: number): number | null {
  let worst: number | null = null;
  for (let last = limit; last < times.length; last++) {
    const span = (times[last] ?? 0) - (times[last - limit] ?? 0);
    if (span < windowMs && (worst === null || span < worst)) worst = span;
  }
  return worst;
}
