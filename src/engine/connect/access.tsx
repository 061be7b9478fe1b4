/** Access to the connect pages: for the owner of the deployment and for invited guests. */
import { authenticate } from "../auth/authenticate.ts";
import type { Invite } from "../../api/connect.ts";
import { log } from "../log.ts";
import { objectsOf } from "../objects.ts";
import { failed, page } from "./responses.tsx";
import type { ConnectContext } from "./connect-context.ts";
import { guarded } from "./flow.ts";
import { readInviteToken } from "./invite-link.ts";
import { SignInPage } from "./pages/connect-start.tsx";

const isOwner = async (c: ConnectContext): Promise<boolean> =>
  (await authenticate(c.req.raw, c.get("config"), objectsOf(c.env))).ok;

/** Runs for a signed-in owner; others get 401 and a link to the sign-in. */
export async function asOwner(c: ConnectContext, run: () => Promise<Response>): Promise<Response> {
  const moved = toPublicOrigin(c);
  if (moved !== null) return moved;
  return (await isOwner(c)) ? await run() : page(<SignInPage />, 401);
}

const isOpen = ({ usedAt, revokedAt, expiresAt }: Invite): boolean =>
  usedAt === null && revokedAt === null && expiresAt > Date.now();

/** Runs with an invite that is neither used, revoked nor expired. Opening the link does not consume it. */
export async function withInvite(c: ConnectContext, run: (invite: Invite) => Promise<Response>): Promise<Response> {
  const moved = toPublicOrigin(c);
  if (moved !== null) return moved;
  const id = readInviteToken(c.req.param("token") ?? "");
  if (id === null) return failed({ reason: "invite_gone" }, null, true);
  const found = await guarded(log, () => objectsOf(c.env).directory((directory) => directory.invite(id)));
  if (!found.ok) return failed(found.error, null, true);
  const invite = found.value;
  return invite !== null && isOpen(invite) ? await run(invite) : failed({ reason: "invite_gone" }, null, true);
}

/** The login cannot go on, and nothing says any more whose it was; the owner may begin another. */
export const refuseState = async (c: ConnectContext): Promise<Response> =>
  failed({ reason: "state" }, (await isOwner(c)) ? "/connect" : null, true);

/**
 * Meta sends the browser back to the public address, and the cookie must exist there: a visitor who used another host
 * name is redirected first. The mark `moved` prevents a loop with a proxy that changes host names.
 */
function toPublicOrigin(c: ConnectContext): Response | null {
  const url = new URL(c.req.url);
  const origin = new URL(c.get("origin"));
  if (url.host === origin.host || url.searchParams.has("moved")) return null;
  return c.redirect(`${origin.origin}${url.pathname}?moved=1`, 302);
}
