/** A quiet post beside a viral one is answered in its turn, not behind it. */
import { type Prompt, receivedAt } from "../meta/story.ts";
import type { World } from "../world.ts";

const DEFER_MS = 10_000;
/** Calls that a turn may lose to a burst, to attempts made again, and to an event that took its time to get in. */
const SLACK = 20;
/** Below this nothing is viral, and medians mean little. */
const VIRAL = 300;
const QUIET_ENOUGH = 15;

/**
 * Counted in calls, not in time: while Meta throttles, everybody waits alike. Between the moment at which a quiet comment
 * is due and its call, each other post may have its turn, and perhaps another one.
 */
export function judgeFairness(world: World): void {
  for (const { accountId, quiet, groups } of viralAccounts(world)) {
    const { privateArrivals } = world.story.account(accountId);
    const ahead = quiet.flatMap((prompt) => callsAhead(prompt, privateArrivals) ?? []).sort((a, b) => a - b);
    const median = ahead[Math.floor(ahead.length / 2)] ?? 0;
    if (median <= 2 * groups + SLACK) continue;
    const detail = `half of the comments on quiet posts saw ${median} or more calls go before them`;
    world.witness.report("UNFAIR", accountId, "", detail);
  }
}

/** Null: there was no call for it. */
function callsAhead(prompt: Prompt, arrivals: readonly number[]): number | null {
  const received = receivedAt(prompt);
  if (prompt.firstCallAt === null || received === null) return null;
  return before(arrivals, prompt.firstCallAt) - before(arrivals, received + DEFER_MS);
}

/** How many of these times, which are in order, come before a time. */
function before(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function viralAccounts(world: World): { accountId: string; quiet: Prompt[]; groups: number }[] {
  const comments = [...world.story.prompts.values()].filter(({ kind }) => kind === "comment");
  return [...Map.groupBy(comments, ({ accountId }) => accountId)].flatMap(([accountId, prompts]) => {
    const groups = [...Map.groupBy(prompts, ({ mediaId }) => mediaId).values()];
    const isViral = groups.some(({ length }) => length >= VIRAL && length > prompts.length / 2);
    const quiet = groups.filter(({ length }) => length < prompts.length / 10).flat();
    return isViral && quiet.length >= QUIET_ENOUGH ? [{ accountId, quiet, groups: groups.length }] : [];
  });
}
