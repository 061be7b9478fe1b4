/** `/connect`: the owner of the deployment, or an invited guest, connects an account by logging in at Meta. */
import { Hono } from "hono";
import { canHoldSession } from "../auth/session.ts";
import { readConfig } from "../config.ts";
import type { Invite } from "../../api/connect.ts";
import { log } from "../log.ts";
import { failed, page } from "./responses.tsx";
import { callback } from "./login-callback.tsx";
import { connectChosen } from "./chosen-pages.ts";
import { publicOrigin, readConnectConfig } from "./config.ts";
import type { ConnectContext, ConnectEnv } from "./connect-context.ts";
import { redirectToMeta } from "./authorize-redirect.ts";
import { asOwner, withInvite } from "./access.tsx";
import { InvitePage, StartPage } from "./pages/connect-start.tsx";
import { STYLE } from "./pages/style.ts";

/** @returns the app, to be mounted at `/`; everything that it answers is under `/connect` */
export function createConnectApp(): Hono<ConnectEnv> {
  const app = new Hono<ConnectEnv>();

  app.get("/connect/style.css", () => {
    const headers = { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=3600" };
    return new Response(STYLE, { headers: { ...headers, "X-Content-Type-Options": "nosniff" } });
  });

  app.use("/connect/*", async (c, next) => {
    const [config, connect] = [readConfig(c.env), readConnectConfig(c.env)];
    if (!config.ok || !connect.ok) {
      // /api names what is missing, to signed-in callers only.
      log("connect_failed", { code: "misconfigured" });
      return failed({ reason: "unavailable" }, null, true);
    }
    c.set("config", config.value);
    c.set("connect", connect.value);
    const origin = publicOrigin(connect.value, c.req.url);
    c.set("origin", origin);
    // As the console's session. By the public address: https may end in front of us, in a tunnel or proxy.
    return canHoldSession(new URL(origin)) ? await next() : failed({ reason: "insecure" }, null, true);
  });

  app.get("/connect", (c) => asOwner(c, () => Promise.resolve(page(<StartPage />))));
  for (const login of ["instagram", "facebook"] as const) {
    app.get(`/connect/${login}`, (c) => asOwner(c, () => redirectToMeta(c, login, null)));
    app.get(`/connect/${login}/callback`, (c) => callback(c, login));
    app.get(`/connect/invite/:token/${login}`, (c) =>
      withInvite(c, (invite) => {
        if (invite.login !== null && invite.login !== login) return Promise.resolve(invitePage(c, invite));
        return redirectToMeta(c, login, invite.id);
      }),
    );
  }
  app.get("/connect/invite/:token", (c) => withInvite(c, (invite) => Promise.resolve(invitePage(c, invite))));
  app.post("/connect/facebook/choose", (c) => connectChosen(c));

  app.all("/connect/*", () => failed({ reason: "no_such_page" }, null, true));
  app.onError((error) => {
    log("connect_failed", { code: "internal", error: error.name });
    return failed({ reason: "unavailable" }, null, true);
  });
  return app;
}

const invitePage = (c: ConnectContext, { login, label }: Invite): Response =>
  page(<InvitePage token={c.req.param("token") ?? ""} login={login} label={label} />);
