/** Checks that comments on a quiet post do not wait until a viral post is finished. */
import { type Prompt, receivedAt } from "../meta/history.ts";
import type { World } from "../world.ts";

const DEFER_MS = 10_000;
/** Calls by which a turn may be delayed: a burst, retries, and an event that was ingested late. */
const SLACK = 20;
/** With fewer comments, no post is viral and a median means little. */
const VIRAL = 300;
const QUIET_ENOUGH = 15;

/**
 * Counted in calls, not in time, because throttling delays all posts equally. Between the due time of a quiet comment
 * and its call, each other post may have one turn, and possibly a second one.
 */
export function judgeFairness(world: World): void {
  for (const { accountId, quiet, groups } of viralAccounts(world)) {
    const { privateArrivals } = world.history.account(accountId);
    const ahead = quiet.flatMap((prompt) => callsAhead(prompt, privateArrivals) ?? []).sort((a, b) => a - b);
    const median = ahead[Math.floor(ahead.length / 2)] ?? 0;
    if (median <= 2 * groups + SLACK) continue;
    const detail = `half of the comments on quiet posts saw ${median} or more calls go before them`;
    world.witness.report("UNFAIR", accountId, "", detail);
  }
}

/** Null: no call was made for it. */
function callsAhead(prompt: Prompt, arrivals: readonly number[]): number | null {
  const received = receivedAt(prompt);
  if (prompt.firstCallAt === null || received === null) return null;
  return before(arrivals, prompt.firstCallAt) - before(arrivals, received + DEFER_MS);
}

/** How many of these sorted times are before a given time. */
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
  const comments = [...world.history.prompts.values()].filter(({ kind }) => kind === "comment");
  return [...Map.groupBy(comments, ({ accountId }) => accountId)].flatMap(([accountId, prompts]) => {
    const groups = [...Map.groupBy(prompts, ({ mediaId }) => mediaId).values()];
    const isViral = groups.some(({ length }) => length >= VIRAL && length > prompts.length / 2);
    const quiet = groups.filter(({ length }) => length < prompts.length / 10).flat();
    return isViral && quiet.length >= QUIET_ENOUGH ? [{ accountId, quiet, groups: groups.length }] : [];
  });
}
