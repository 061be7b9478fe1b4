/**
 * A queue deletes what is older than its retention, dead-letter queue or not, and the free plan's is a day. So the waits of
 * all retries together (`max_retries` in wrangler.engine.toml) stay below one; then the event is a dead letter, which is
 * kept, shown and tried again each hour.
 * https://developers.cloudflare.com/queues/platform/limits/
 */
const LONGEST_SECONDS = 3_600;
const FIRST_SECONDS = 2;

/**
 * How long a message waits before its next try: doubling, up to an hour, with up to half as much again by chance, so
 * that messages that failed together do not come back together.
 *
 * @param attempts how often it has been tried, from 1
 */
export function retryDelaySeconds(attempts: number, random: number): number {
  const delay = Math.min(FIRST_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_SECONDS);
  return Math.ceil(delay * (1 + random / 2));
}
