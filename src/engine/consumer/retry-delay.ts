/**
 * A queue deletes messages older than its retention, also with a dead-letter queue. On the free plan the retention is
 * one day. The delays of all retries together (`max_retries` in wrangler.engine.toml) are therefore less than a day.
 * After them the event becomes a dead letter, which is stored, shown and retried each hour.
 * https://developers.cloudflare.com/queues/platform/limits/
 */
const LONGEST_SECONDS = 3_600;
const FIRST_SECONDS = 2;

/**
 * How long a message waits before its next attempt. The delay doubles, up to an hour, plus up to 50 % at random, so
 * that messages that failed together are not retried together.
 *
 * @param attempts how often it was attempted, from 1
 */
export function retryDelaySeconds(attempts: number, random: number): number {
  const delay = Math.min(FIRST_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_SECONDS);
  return Math.ceil(delay * (1 + random / 2));
}
