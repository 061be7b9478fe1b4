/** The console: pages under `/console`, rendered here and made interactive by one script. */
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { HtmlEscapedString } from "hono/utils/html";
import type { AccountDetail } from "../../api/account.ts";
import type { Frame } from "../../console/model.ts";
import { AutomationsPage } from "../../console/pages/automations.tsx";
import { ConversationsPage, ThreadPage } from "../../console/pages/conversations.tsx";
import { DoctorPage } from "../../console/pages/doctor.tsx";
import { FeedPage } from "../../console/pages/feed.tsx";
import { FailedEventsPage } from "../../console/pages/failed-events.tsx";
import { BarePage, MessagePage } from "../../console/pages/message.tsx";
import { OverviewPage } from "../../console/pages/overview.tsx";
import { RepliesPage } from "../../console/pages/replies.tsx";
import { SettingsPage } from "../../console/pages/settings.tsx";
import { COMMENT_TEXT_LIMITS, MESSAGE_TEXT_LIMITS, QUICK_REPLY_LIMIT } from "../../meta/limits.ts";
import type { AppEnv } from "../api/app-env.ts";
import { authenticate } from "../auth/authenticate.ts";
import { readConfig } from "../config.ts";
import { log } from "../log.ts";
import { objectsOf } from "../objects.ts";
import { assetResponse, bareFrame, frameOf } from "./frame.ts";
import { setPageHeaders } from "./page-headers.ts";
import { watchAccount } from "./live-upgrade.ts";
import { readOverview } from "./overview-data.ts";
import { showSignIn, signIn, signInPath, signOut } from "./session-routes.tsx";

/** @returns the app, to be mounted at `/`; everything that it answers is under `/console` */
export function createConsole(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.get("/console/assets/:name", (c) => assetResponse(c.req.param("name")) ?? c.notFound());
  app.use("/console/*", pageHeaders, configured);
  app.get("/console/sign-in", showSignIn);
  app.post("/console/sign-in", signIn);
  app.post("/console/sign-out", signOut);
  app.get("/console/session", async (c) =>
    c.json({ open: (await authenticate(c.req.raw, c.get("config"), objectsOf(c.env))).ok }),
  );

  app.get("/console/", (c) => c.redirect("/console", 301));

  app.use("/console/*", signedIn);
  app.get("/console", async (c) => {
    const search = (c.req.query("search") ?? "").trim().slice(0, 200);
    const overview = await readOverview(objectsOf(c.env), search, c.req.query("cursor"));
    return c.html(<OverviewPage frame={await frameOf(c)} overview={overview} />);
  });
  app.get("/console/live/:id", watchAccount);
  app.get("/console/accounts/:id", (c) => accountPage(c, (props) => <FeedPage {...props} />));
  app.get("/console/accounts/:id/replies", (c) => accountPage(c, (props) => <RepliesPage {...props} />));
  app.get("/console/accounts/:id/automations", (c) =>
    accountPage(c, (props) => <AutomationsPage {...props} limits={limitsOf(props.account)} />),
  );
  app.get("/console/accounts/:id/conversations", (c) => accountPage(c, (props) => <ConversationsPage {...props} />));
  app.get("/console/accounts/:id/conversations/:person", (c) =>
    accountPage(c, (props) => <ThreadPage {...props} personId={c.req.param("person")} />),
  );
  app.get("/console/accounts/:id/settings", (c) => accountPage(c, (props) => <SettingsPage {...props} />));
  app.get("/console/failed-events", async (c) => c.html(<FailedEventsPage frame={await frameOf(c)} />));
  // The address until 0.1.0, for bookmarks; the browser keeps the tab behind #.
  app.get("/console/kept", (c) => c.redirect("/console/failed-events", 301));
  app.get("/console/doctor", async (c) => c.html(<DoctorPage frame={await frameOf(c)} />));
  app.all("/console/*", (c) =>
    message(c, 404, "Page not found", "Check the address. It may belong to another version of Replyline."),
  );
  app.onError((error, c) => {
    // An exception may quote a payload in its message: its class only.
    log("request_failed", { route: `${c.req.method} ${routePath(c)}`, error: error.name });
    return bare(
      c,
      500,
      "This page cannot be loaded",
      "An internal error occurred. Reload the page in a moment. The log of the engine Worker has the details.",
    );
  });
  return app;
}

type Page = Context<AppEnv>;

const pageHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  // An upgraded connection has no page, and its headers cannot be changed.
  if (c.res.status !== 101) setPageHeaders(c.res.headers);
};

const configured: MiddlewareHandler<AppEnv> = async (c, next) => {
  const config = readConfig(c.env);
  if (!config.ok) {
    return bare(c, 503, "Replyline is not set up yet", config.error.map(({ message: text }) => text).join(" "));
  }
  c.set("config", config.value);
  await next();
};

const signedIn: MiddlewareHandler<AppEnv> = async (c, next) => {
  const principal = await authenticate(c.req.raw, c.get("config"), objectsOf(c.env));
  if (!principal.ok) {
    if (c.req.header("Upgrade") !== undefined) return c.text("Sign in first.", 401);
    return c.redirect(signInPath(new URL(c.req.url)), 303);
  }
  c.set("principal", principal.value);
  await next();
};

type AccountProps = { frame: Frame; account: AccountDetail };

async function accountPage(
  c: Page,
  render: (props: AccountProps) => HtmlEscapedString | Promise<HtmlEscapedString>,
): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const objects = objectsOf(c.env);
  const item = await objects.directory((of) => of.account(id));
  if (item === null) {
    return await message(c, 404, "Account not found", "No account with this id is connected or has sent events.");
  }
  const [frame, state] = await Promise.all([frameOf(c), objects.account(id, (of) => of.state())]);
  const account: AccountDetail = {
    ...item,
    connected: state.profile !== null,
    lastEventAt: state.lastEventAt,
    lastReplyAt: state.lastReplyAt,
    hold: state.hold?.problem ?? null,
    sending: state.settings.sending,
    state,
  };
  return await c.html(render({ frame, account }));
}

function limitsOf({ platform }: AccountDetail) {
  const of = platform === "instagram" ? "instagram" : "page";
  return { message: MESSAGE_TEXT_LIMITS[of], comment: COMMENT_TEXT_LIMITS[of], quickReplies: QUICK_REPLY_LIMIT };
}

async function message(c: Page, status: 404, title: string, text: string): Promise<Response> {
  return await c.html(<MessagePage frame={await frameOf(c)} title={title} text={text} />, status);
}

async function bare(c: Page, status: 500 | 503, title: string, text: string): Promise<Response> {
  const response = await c.html(<BarePage frame={bareFrame(c)} title={title} text={text} />, status);
  setPageHeaders(response.headers);
  return response;
}
