/**
 * Limits wrong tokens in `Authorization: Bearer`, with the limiter of the sign-in form. The Directory counts them per
 * client, separately from the form: a forgotten script with an old token must not block its owner's sign-in.
 *
 * A right token is never refused and needs no call to the Directory: a wrong script must not block your backend on the
 * same server. A token of 16 characters cannot be guessed; the limit only reduces noise.
 *
 * Refused clients are cached in memory, so that a flood of requests reaches the Directory only ten times from each
 * location where the Worker runs.
 */
import type { EngineConfig } from "../config.ts";
import type { Objects } from "../objects.ts";
import { clientKey } from "./client-key.ts";

/** Maximum number of refused clients in the cache, each for 15 minutes; the oldest are removed. */
const MAX_REMEMBERED = 1_000;

/** End of the refusal by client, ms since the epoch. */
const refusedUntil = new Map<string, number>();

/** @returns seconds for which this client's wrong tokens are refused without counting; 0: they are counted */
export async function refusedForSeconds(request: Request, { adminToken }: EngineConfig, now: number): Promise<number> {
  if (refusedUntil.size === 0) return 0;
  const client = await clientKey(request, adminToken);
  const until = refusedUntil.get(client) ?? 0;
  if (until > now) return Math.ceil((until - now) / 1_000);
  refusedUntil.delete(client);
  return 0;
}

/**
 * Counts a wrong token.
 * @returns seconds for which further ones are refused; 0: attempts are left
 */
export async function countWrongToken(
  request: Request,
  { adminToken }: EngineConfig,
  { directory }: Pick<Objects, "directory">,
  now: number,
): Promise<number> {
  const client = await clientKey(request, adminToken);
  const { allowed, retryAfterSeconds } = await directory((of) => of.trySignIn(`bearer:${client}`));
  if (allowed) return 0;
  remember(client, now + retryAfterSeconds * 1_000);
  return retryAfterSeconds;
}

function remember(client: string, until: number): void {
  refusedUntil.delete(client);
  refusedUntil.set(client, until);
  const [oldest] = refusedUntil.keys();
  if (refusedUntil.size > MAX_REMEMBERED && oldest !== undefined) refusedUntil.delete(oldest);
}
