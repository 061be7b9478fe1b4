/** `/connect`: an account is connected by logging in at Meta, by the owner of the deployment or by whoever was invited. */
import { type Context, Hono } from "hono";
import type { Login } from "../../meta/graph/request.ts";
import { scopesOf } from "../../meta/oauth/permissions.ts";
import { facebookAuthorizeUrl, instagramAuthorizeUrl } from "../../meta/oauth/request.ts";
import { createVault } from "../account/vault.ts";
import { objectsOf } from "../objects.ts";
import { authenticate } from "../auth/authenticate.ts";
import { isCrossSiteChange } from "../auth/cross-site.ts";
import { type EngineConfig, readConfig } from "../config.ts";
import type { Invite } from "../directory/contract.ts";
import type { EngineEnv } from "../env.ts";
import { log } from "../log.ts";
import { page } from "./answer.ts";
import { browserOf, ensureBrowser, STEP_MS } from "./browser.ts";
import { type ConnectConfig, publicOrigin, readConnectConfig } from "./config.ts";
import {
  type Candidate,
  connectAccount,
  facebookCandidates,
  type FacebookGrant,
  facebookGrant,
  type FlowPorts,
  guarded,
  instagramCandidate,
} from "./flow.ts";
import { inviteUrl, readInviteToken } from "./invite-link.ts";
import { oauthHosts, oauthOf } from "./oauth.ts";
import { type ConnectedAccount, type ConnectFailure, FAILURE_STATUS } from "./outcome.ts";
import { ChoosePage } from "./pages/choose.tsx";
import { FailurePage } from "./pages/failure.tsx";
import { type Lost, ResultPage } from "./pages/result.tsx";
import { InvitePage, SignInPage, StartPage } from "./pages/start.tsx";
import { STYLE } from "./pages/style.ts";
import { hashOf, isRandomText, randomText } from "./random.ts";

interface ConnectEnv {
  Bindings: EngineEnv;
  Variables: { config: EngineConfig; connect: ConnectConfig; origin: string };
}

type ConnectContext = Context<ConnectEnv>;

/** Accounts that one form may connect: each takes some six requests of the fifty or thousand that an invocation has. */
const MAX_CHOSEN = 50;
/** …and so many at a time. */
const ABREAST = 3;
/** A form with fifty Pages is a few kilobytes. */
const MAX_FORM_BYTES = 65_536;

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
      // /api names what is missing, to whoever may know.
      log("connect_failed", { code: "misconfigured" });
      return fail({ reason: "unavailable" }, null, true);
    }
    c.set("config", config.value);
    c.set("connect", connect.value);
    c.set("origin", publicOrigin(connect.value, c.req.url));
    return await next();
  });

  app.get("/connect", (c) => asOwner(c, () => Promise.resolve(page(<StartPage />))));
  for (const login of ["instagram", "facebook"] as const) {
    app.get(`/connect/${login}`, (c) => asOwner(c, () => start(c, login, null)));
    app.get(`/connect/${login}/callback`, (c) => callback(c, login));
    app.get(`/connect/invite/:token/${login}`, (c) =>
      withInvite(c, (invite) => {
        if (invite.login !== null && invite.login !== login) return Promise.resolve(invitePage(c, invite));
        return start(c, login, invite.id);
      }),
    );
  }
  app.get("/connect/invite/:token", (c) => withInvite(c, (invite) => Promise.resolve(invitePage(c, invite))));
  app.post("/connect/facebook/choose", (c) => choose(c));

  app.all("/connect/*", (c) => c.body("Not found.", 404, { "X-Content-Type-Options": "nosniff" }));
  app.onError((error) => {
    log("connect_failed", { code: "internal", error: error.name });
    return fail({ reason: "unavailable" }, null, true);
  });
  return app;
}

const fail = (failure: ConnectFailure, again: string | null, guest: boolean): Response =>
  page(<FailurePage failure={failure} again={again} guest={guest} />, FAILURE_STATUS[failure.reason]);

async function asOwner(c: ConnectContext, run: () => Promise<Response>): Promise<Response> {
  const away = elsewhere(c);
  if (away !== null) return away;
  const principal = await authenticate(c.req.raw, c.get("config"));
  return principal.ok ? await run() : page(<SignInPage />, 401);
}

/**
 * Meta sends the browser back to the public address, and the cookie has to be there then: whoever came by another name
 * is sent to that one first. The mark keeps a proxy that changes names from making a circle of it.
 */
function elsewhere(c: ConnectContext): Response | null {
  const url = new URL(c.req.url);
  const origin = new URL(c.get("origin"));
  if (url.host === origin.host || url.searchParams.has("moved")) return null;
  return c.redirect(`${origin.origin}${url.pathname}?moved=1`, 302);
}

async function withInvite(c: ConnectContext, run: (invite: Invite) => Promise<Response>): Promise<Response> {
  const away = elsewhere(c);
  if (away !== null) return away;
  const id = await readInviteToken(c.req.param("token") ?? "", c.get("config").tokenEncryptionKeys, Date.now());
  if (!id.ok) return fail({ reason: "invite_gone" }, null, true);
  const found = await guarded(log, () => objectsOf(c.env).directory((directory) => directory.invite(id.value)));
  if (!found.ok) return fail(found.error, null, true);
  const invite = found.value;
  if (invite === null || invite.usedAt !== null || invite.revokedAt !== null) {
    return fail({ reason: "invite_gone" }, null, true);
  }
  return await run(invite);
}

const invitePage = (c: ConnectContext, { login, label }: Invite): Response =>
  page(<InvitePage token={c.req.param("token") ?? ""} login={login} label={label} />);

/** Sends the browser to Meta, with a `state` that only this browser can bring back, once, within ten minutes. */
async function start(c: ConnectContext, login: Login, inviteId: string | null): Promise<Response> {
  const origin = c.get("origin");
  const state = randomText();
  const browser = ensureBrowser(c, origin);
  const redirectUri = `${origin}/connect/${login}/callback`;
  const [hash, browserHash] = [await hashOf(state), await hashOf(browser)];
  const begun = await guarded(log, () =>
    objectsOf(c.env).directory((directory) =>
      directory.beginStep({
        hash,
        browser: browserHash,
        step: "login",
        login,
        redirectUri,
        inviteId,
        sealed: null,
        expiresAt: Date.now() + STEP_MS,
      }),
    ),
  );
  if (!begun.ok) return fail(begun.error, null, inviteId !== null);
  const { instagramAppId, metaAppId } = c.get("config");
  const hosts = oauthHosts(c.env);
  const wanted = { redirectUri, state, scopes: scopesOf(login) };
  c.header("Cache-Control", "no-store");
  c.header("Referrer-Policy", "no-referrer");
  return c.redirect(
    login === "instagram"
      ? instagramAuthorizeUrl(hosts, { ...wanted, clientId: instagramAppId })
      : facebookAuthorizeUrl(hosts, { ...wanted, clientId: metaAppId }, c.get("connect").facebookLoginConfigId),
    302,
  );
}

/** The browser is back from Meta. */
async function callback(c: ConnectContext, login: Login): Promise<Response> {
  const step = await takeStep(c, c.req.query("state"), "login");
  if (step === null) return fail({ reason: "state" }, null, true);
  if (step === "unavailable") return fail({ reason: "unavailable" }, null, true);
  if (step.login !== login) return fail({ reason: "state" }, null, true);
  const { inviteId, redirectUri } = step;
  const guest = inviteId !== null;
  const again = await startAddress(c, login, inviteId);
  const refused = (failure: ConnectFailure): Response => {
    log("connect_failed", { code: "code" in failure ? failure.code : failure.reason, route: `/connect/${login}` });
    return fail(failure, again, guest);
  };

  if (c.req.query("error") !== undefined || c.req.query("error_code") !== undefined) {
    const denied = c.req.query("error") === "access_denied" || c.req.query("error_reason") === "user_denied";
    return refused(denied ? { reason: "denied" } : { reason: "refused", code: errorCode(c) });
  }
  // Meta puts `#_` behind the address; browsers keep that to themselves, programs may not.
  const code = (c.req.query("code") ?? "").replace(/#_$/, "");
  if (code === "" || code.length > 4_096) return refused({ reason: "code_refused", code: "no_code" });

  const ports = flowPorts(c);
  if (login === "instagram") {
    const candidate = await instagramCandidate(ports, code, redirectUri);
    return candidate.ok ? await store(ports, [candidate.value], { inviteId, again }) : refused(candidate.error);
  }
  const granted = await facebookGrant(ports, code, redirectUri);
  if (!granted.ok) return refused(granted.error);
  const next = randomText();
  const hash = await hashOf(next);
  const sealed = await vaultOf(c).seal(`connect ${hash}`, JSON.stringify(granted.value.grant));
  const kept = await guarded(log, () =>
    ports.objects.directory((directory) =>
      directory.beginStep({
        hash,
        browser: step.browser,
        step: "choose",
        login,
        redirectUri,
        inviteId,
        sealed,
        expiresAt: Date.now() + STEP_MS,
      }),
    ),
  );
  return kept.ok ? page(<ChoosePage step={next} pages={granted.value.pages} />) : refused(kept.error);
}

/** The person has chosen Pages and Instagram accounts. */
async function choose(c: ConnectContext): Promise<Response> {
  if (isCrossSiteChange(c.req.raw)) return fail({ reason: "state" }, null, true);
  const form = await readForm(c);
  const next = form?.get("step");
  const step = await takeStep(c, typeof next === "string" ? next : undefined, "choose");
  if (step === null || form === null) return fail({ reason: "state" }, null, true);
  if (step === "unavailable") return fail({ reason: "unavailable" }, null, true);
  const { inviteId, login } = step;
  const guest = inviteId !== null;
  const again = await startAddress(c, login, inviteId);
  const opened = step.sealed === null ? null : await vaultOf(c).open(`connect ${step.hash}`, step.sealed);
  if (opened === null) return fail({ reason: "state" }, again, guest);
  const grant = JSON.parse(opened) as FacebookGrant;

  const chosen = form.getAll("target").filter((value) => typeof value === "string");
  if (chosen.length === 0) return fail({ reason: "nothing_chosen" }, again, guest);
  const ports = flowPorts(c);
  const pages = await ports.oauth.facebookPages(grant.userToken);
  if (!pages.ok) return fail({ reason: "meta_unavailable", code: pages.error.code }, again, guest);
  const candidates = facebookCandidates(pages.value, grant, Date.now());
  // Only what Meta has just listed can be connected, whatever the form says.
  const wanted = [...new Set(chosen)].flatMap((value) => candidates.get(value) ?? []).slice(0, MAX_CHOSEN);
  if (wanted.length === 0) return fail({ reason: "nothing_chosen" }, again, guest);
  return await store(ports, wanted, { inviteId, again });
}

/** Stores the accounts. An invite is used up here, and not before: a preview robot or a cancelled login costs nothing. */
async function store(
  ports: FlowPorts,
  candidates: readonly Candidate[],
  { inviteId, again }: { inviteId: string | null; again: string },
): Promise<Response> {
  const { objects } = ports;
  if (inviteId !== null) {
    const claimed = await guarded(log, () => objects.directory((directory) => directory.claimInvite(inviteId)));
    if (!claimed.ok) return fail(claimed.error, again, true);
    if (!claimed.value) return fail({ reason: "invite_gone" }, null, true);
  }
  const accounts: ConnectedAccount[] = [];
  const lost: Lost[] = [];
  // A Page and the Instagram account behind it share one subscription, so one waits for the other.
  const waiting = [...Map.groupBy(candidates, ({ id, connection }) => connection.sendAs ?? id).values()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const candidate of next) {
        const done = await guarded(log, () => connectAccount(ports, candidate));
        if (done.ok) accounts.push(done.value);
        else lost.push({ name: candidate.connection.username ?? candidate.id });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(ABREAST, waiting.length) }, worker));
  if (inviteId !== null) {
    const ids = accounts.map(({ id }) => id);
    await guarded(log, () => objects.directory((directory) => directory.settleInvite(inviteId, ids)));
  }
  if (accounts.length === 0) return fail({ reason: "unavailable" }, again, inviteId !== null);
  return page(<ResultPage accounts={accounts} lost={lost} again={again} guest={inviteId !== null} />);
}

/** The step that this browser began and has not used yet. */
async function takeStep(c: ConnectContext, secret: string | undefined, kind: "login" | "choose") {
  const browser = browserOf(c, c.get("origin"));
  if (!isRandomText(secret) || browser === null) return null;
  const [hash, browserHash] = [await hashOf(secret), await hashOf(browser)];
  const taken = await guarded(log, () =>
    objectsOf(c.env).directory((directory) => directory.takeStep(hash, browserHash)),
  );
  if (!taken.ok) return "unavailable";
  return taken.value?.step === kind ? taken.value : null;
}

/** Where this login can be begun again: the same invite, or our own page. */
async function startAddress(c: ConnectContext, login: Login, inviteId: string | null): Promise<string> {
  if (inviteId === null) return `/connect/${login}`;
  const invite = await guarded(log, () => objectsOf(c.env).directory((directory) => directory.invite(inviteId)));
  if (!invite.ok || invite.value === null) return `/connect/${login}`;
  return await inviteUrl(c.get("origin"), invite.value, c.get("config").tokenEncryptionKeys);
}

async function readForm(c: ConnectContext): Promise<FormData | null> {
  if (Number(c.req.header("Content-Length") ?? Number.NaN) > MAX_FORM_BYTES) return null;
  try {
    return await c.req.formData();
  } catch {
    return null;
  }
}

const errorCode = (c: ConnectContext): string =>
  (c.req.query("error_code") ?? c.req.query("error") ?? "error").replaceAll(/[^\w-]/g, "").slice(0, 40);

const flowPorts = (c: ConnectContext): FlowPorts => ({
  oauth: oauthOf(c.env),
  objects: objectsOf(c.env),
  now: () => Date.now(),
  log,
});

const vaultOf = (c: ConnectContext) => createVault(c.get("config").tokenEncryptionKeys);
