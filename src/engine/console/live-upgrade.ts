/** Upgrades to an account's live feed: checks who may watch; the account's object does the rest. */
import type { Context } from "hono";
import type { AppEnv } from "../api/app-env.ts";
import { objectsOf } from "../objects.ts";

/**
 * The WebSocket of one account's feed; it ends with the session. 426 without an upgrade, 403 from another site, 404 for an
 * unknown account.
 */
export async function watchAccount(c: Context<AppEnv>): Promise<Response> {
  if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") {
    return c.text("WebSocket upgrade required.", 426, { Upgrade: "websocket" });
  }
  // A page of another site can open a WebSocket here, and the browser adds the cookie: the Origin header tells.
  if (c.req.header("Origin") !== new URL(c.req.url).origin)
    return c.text("Only pages of the console may open this WebSocket.", 403);
  const id = c.req.param("id") ?? "";
  const known = await objectsOf(c.env).directory((of) => of.account(id));
  if (known === null) return c.text("Account not found.", 404);

  const principal = c.get("principal");
  const headers = new Headers({ Upgrade: "websocket" });
  if (principal.via === "session") headers.set("Replyline-Session-Until", String(principal.until));
  return await c.env.ACCOUNTS.getByName(id).fetch("https://account/live", { headers });
}
