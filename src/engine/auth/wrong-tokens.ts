/**
 * Wrong tokens behind `Authorization: Bearer`, on the limiter of the sign-in form. The Directory counts them by client,
 * apart from the form's: a forgotten script with last month's token must not keep its owner from signing in.
 *
 * Whoever has had too many is remembered here, in memory. So a right token costs no question to anybody, and a flood of
 * wrong ones reaches the Directory ten times. The price: a Worker runs in many places, and each learns of it with the
 * first wrong token that it sees itself.
 */
import type { EngineConfig } from "../config.ts";
import type { Objects } from "../objects.ts";
import { clientKey } from "./client-key.ts";

/** Each is a client in the quarter of an hour for which it is turned away; the oldest make room. */
const MAX_REMEMBERED = 1_000;

/** Until when, ms since the epoch, by client. */
const turnedAway = new Map<string, number>();

/** @returns seconds for which this client's tokens are not looked at; 0: they are */
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
  // Without an address, somebody else's wrong tokens would turn away the right one.
  if (request.headers.has("CF-Connecting-IP")) remember(client, now + retryAfterSeconds * 1_000);
  return retryAfterSeconds;
}

function remember(client: string, until: number): void {
  turnedAway.delete(client);
  turnedAway.set(client, until);
  const [oldest] = turnedAway.keys();
  if (turnedAway.size > MAX_REMEMBERED && oldest !== undefined) turnedAway.delete(oldest);
}
