/** The queue keeps a message for four days; a hundred retries an hour apart at most fill them. */
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
