/** Meta's limits, over every window that there is. */
import type { MetaAccount } from "../meta/story.ts";
import type { World } from "../world.ts";

const HOUR_MS = 3_600_000;
const PER_HOUR = 750;
const PER_SECOND = 100;

/**
 * Between an attempt's commit and its request lie storage and the token's cipher. A restart forgets when exactly the calls
 * before it left, and knows their commits only.
 */
const COMMIT_TO_CALL_MS = 15;

export function judgePace(world: World): void {
  for (const account of world.story.accounts.values()) {
    const worst = fullest(account.privateArrivals, PER_HOUR, HOUR_MS);
    if (worst !== null)
      world.witness.report("OVER PACE", account.id, "", `${PER_HOUR + 1} private replies in ${worst} ms`);
    if (account.privateArrivals.length >= PER_HOUR) world.sim.tally.sometimes("lane_full_for_an_hour");
    judgeSeconds(world, account);
  }
}

/** Where the account lets go of them: what the way to Meta does to a tenth of a second is out of its hands. */
function judgeSeconds(world: World, { id, handedOver }: MetaAccount): void {
  for (const rateLimit of ["live", "message"]) {
    const worst = fullest(handedOver.get(rateLimit) ?? [], PER_SECOND, 1_000 - COMMIT_TO_CALL_MS);
    if (worst !== null)
      world.witness.report("OVER PACE", id, "", `${PER_SECOND + 1} ${rateLimit} calls in ${worst} ms`);
  }
}

/** The shortest time in which more than `limit` calls came, if that is less than the window; null: never. */
export function fullest(times: readonly number[], limit: number, windowMs: number): number | null {
  let worst: number | null = null;
  for (let last = limit; last < times.length; last++) {
    const span = (times[last] ?? 0) - (times[last - limit] ?? 0);
    if (span < windowMs && (worst === null || span < worst)) worst = span;
  }
  return worst;
}
