/**
 * Wrong tokens behind `Authorization: Bearer`, on the limiter of the sign-in form. The Directory counts them by client,
 * apart from the form's: a forgotten script with last month's token must not keep its owner from signing in.
 *
 * A right token is never turned away, and costs no question to anybody: from the same server the very same script may
 * stop your backend otherwise. A token of 16 characters is not guessed; what is kept off is the noise.
 *
 * Whoever has had too many is remembered here, in memory, so that a flood reaches the Directory ten times in each of the
 * places where the Worker runs.
 */
import type { EngineConfig } from "../config.ts";
import type { Objects } from "../objects.ts";
import { clientKey } from "./client-key.ts";

/** Each is a client in the quarter of an hour for which it is turned away; the oldest make room. */
const MAX_REMEMBERED = 1_000;

/** Until when, ms since the epoch, by client. */
const turnedAway = new Map<string, number>();

/** @returns seconds for which this client's wrong tokens are not counted any more, only refused; 0: they are counted */
export async function turnedAwayFor(request: Request, { adminToken }: EngineConfig, now: number): Promise<number> {
  if (turnedAway.size === 0) return 0;
  const client = await clientKey(request, adminToken);
  const until = turnedAway.get(client) ?? 0;
  if (until > now) return Math.ceil((until - now) / 1_000);
  turnedAway.delete(client);
  return 0;
}

/** Counts one. @returns seconds for which no more of them are taken; 0: there are attempts left */
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
  turnedAway.delete(client);
  turnedAway.set(client, until);
  const [oldest] = turnedAway.keys();
  if (turnedAway.size > MAX_REMEMBERED && oldest !== undefined) turnedAway.delete(oldest);
}
