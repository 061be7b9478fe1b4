/**
 * The login pages, where a tester chooses who logs in (documentation: Business Login for Instagram; Facebook Login,
 * Manually build a login flow).
 */
import { textParam, type GraphResponse, type GraphCall, type GraphContext } from "./graph-call.ts";
import type { Account } from "./graph-state.ts";
import { FACEBOOK_LOGIN_SCOPES, INSTAGRAM_LOGIN_SCOPES } from "./access-token.ts";

/** An authorization code is valid for an hour, once. */
const CODE_LIVES_MS = 3600 * 1000;

const text = (value: string): string =>
  value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const html = (status: number, body: string): GraphResponse => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Simulated login</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}a{display:block;margin:.5rem 0}</style>
${body}</html>`,
  effects: [],
});

const redirect = (to: string): GraphResponse => ({ status: 302, headers: { location: to }, body: "", effects: [] });

/** `GET /oauth/authorize` (Instagram) and `GET /dialog/oauth` (Facebook): choose who logs in, or cancel. */
export function authorize(call: GraphCall, login: "instagram" | "facebook", context: GraphContext): GraphResponse {
  const { state, app, now, random } = context;
  const redirectUri = textParam(call, "redirect_uri");
  const clientId = textParam(call, "client_id");
  const expected = login === "instagram" ? app.instagramAppId : app.appId;
  if (clientId !== expected) {
    return html(400, `<h1>Invalid platform app</h1><p>client_id must be the ${login} app id, ${text(expected)}.</p>`);
  }
  if (redirectUri === null || !URL.canParse(redirectUri)) {
    return html(400, "<h1>Invalid redirect_uri</h1><p>redirect_uri must be an absolute URL.</p>");
  }
  const back = (params: Record<string, string>): string => {
    const url = new URL(redirectUri);
    const stateParam = textParam(call, "state");
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
    if (stateParam !== null) url.searchParams.set("state", stateParam);
    return `${url.href}#_`;
  };
  const choice = textParam(call, "choose");
  if (choice === "cancel") {
    return redirect(
      back({ error: "access_denied", error_reason: "user_denied", error_description: "The user denied your request." }),
    );
  }
  if (choice !== null) {
    const code = `AQ${Array.from({ length: 4 }, () => Math.floor(random() * 36 ** 8).toString(36)).join("")}`;
    const scope = textParam(call, "scope")
      ?.split(/[\s,]+/)
      .filter(Boolean);
    const scopes = scope ?? (login === "instagram" ? INSTAGRAM_LOGIN_SCOPES : FACEBOOK_LOGIN_SCOPES);
    state.codes.put(code, {
      code,
      login,
      ownerId: choice,
      redirectUri,
      scopes: [...scopes],
      expiresAt: now + CODE_LIVES_MS,
    });
    return redirect(back({ code }));
  }
  const choices =
    login === "instagram"
      ? [...state.accounts.values()].filter(isInstagramLogin)
      : [{ id: "facebook-user", username: "the person who manages every Page" }];
  const link = (id: string): string => {
    const query = new URLSearchParams({ choose: id });
    for (const [name, value] of Object.entries(call.params)) if (typeof value === "string") query.set(name, value);
    return text(`?${query.toString()}`);
  };
  const list = choices.map(({ id, username }) => `<a href="${link(id)}">Allow as ${text(username)}</a>`).join("\n");
  return html(
    200,
    `<h1>Simulated login</h1><p>The app asks for: ${text(textParam(call, "scope") ?? "everything")}.</p>
${list === "" ? "<p>There is no account. Create one with <code>npm run meta -- account</code>.</p>" : list}
<a href="${link("cancel")}">Cancel</a>`,
  );
}

const isInstagramLogin = (account: Account): boolean =>
  account.platform === "instagram" && account.login === "instagram";
