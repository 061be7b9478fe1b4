import { describe, expect, it } from "vitest";
import { createOAuthClient } from "../../../src/meta/oauth/login.ts";
import type { OAuthHosts } from "../../../src/meta/oauth/login-request.ts";

const HOSTS: OAuthHosts = {
  instagramOauthUrl: "https://www.instagram.com",
  instagramApiUrl: "https://api.instagram.com",
  instagramUrl: "https://graph.instagram.com",
  facebookOauthUrl: "https://www.facebook.com",
  facebookUrl: "https://graph.facebook.com",
  version: "v26.0",
};

interface Made {
  method: string;
  url: URL;
  form: Record<string, string>;
  authorization: string | null;
}

/** A client that gets these answers in turn, and the requests that it made. */
function client(...answers: (Response | Error)[]) {
  const made: Made[] = [];
  const oauth = createOAuthClient({
    hosts: HOSTS,
    instagram: { id: "2002", secrets: ["new_secret", "old_secret"] },
    facebook: { id: "1001", secrets: ["meta_secret"] },
    timeoutMs: 50,
    formMemory: new Map(),
    proofMemory: new Map(),
    fetch: async (url, init) => {
      made.push({
        method: init.method ?? "GET",
        url: new URL(url),
        form: Object.fromEntries(new URLSearchParams(typeof init.body === "string" ? init.body : "")),
        authorization: new Headers(init.headers).get("authorization"),
      });
      const answer = answers.shift();
      if (answer === undefined) return await new Promise<Response>(() => undefined);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { oauth, made };
}

const json = (body: unknown, status = 200): Response => Response.json(body, { status });
const text = (body: string): Response => new Response(body, { headers: { "content-type": "application/json" } });
const instagramError = (message: string): Response =>
  json({ error_type: "OAuthException", code: 400, error_message: message }, 400);
const graphError = (code: number, message: string, more = {}): Response =>
  json({ error: { message, type: "OAuthException", code, ...more } }, 400);

describe("an Instagram code", () => {
  it("becomes a token, with app id, secret, address and code in the body and not in the address", async () => {
    const { oauth, made } = client(
      json({ data: [{ access_token: "IGAAshort", user_id: "1020", permissions: "a,b" }] }),
    );
    expect(await oauth.instagramCode("AQcode", "https://r.example/connect/instagram/callback")).toEqual({
      ok: true,
      value: { accessToken: "IGAAshort", userId: "1020", permissions: ["a", "b"] },
    });
    expect(made).toEqual([
      {
        method: "POST",
        url: new URL("https://api.instagram.com/oauth/access_token"),
        form: {
          client_id: "2002",
          client_secret: "new_secret",
          grant_type: "authorization_code",
          redirect_uri: "https://r.example/connect/instagram/callback",
          code: "AQcode",
        },
        authorization: null,
      },
    ]);
  });

  it("is also read from the flat form of the answer, without losing a digit of a numeric id", async () => {
    const { oauth } = client(text('{"access_token":"t","user_id":17841405822304915,"permissions":["a"]}'));
    expect(await oauth.instagramCode("c", "https://r.example/")).toEqual({
      ok: true,
      value: { accessToken: "t", userId: "17841405822304915", permissions: ["a"] },
    });
    const bare = client(text('{"access_token":"t","user_id":17841405822304915}'));
    expect(await bare.oauth.instagramCode("c", "https://r.example/")).toMatchObject({ value: { permissions: null } });
  });

  it("is tried with the next secret when the first is not the app's, and not again for any other refusal", async () => {
    const rotated = client(instagramError("Error validating client secret."), json({ access_token: "t" }));
    expect((await rotated.oauth.instagramCode("c", "https://r.example/")).ok).toBe(true);
    expect(rotated.made.map(({ form }) => form["client_secret"])).toEqual(["new_secret", "old_secret"]);

    const used = client(instagramError("Invalid authorization code"));
    expect(await used.oauth.instagramCode("c", "https://r.example/")).toEqual({
      ok: false,
      error: { reason: "code_refused", code: "400" },
    });
    expect(used.made).toHaveLength(1);
  });

  it.each([
    [instagramError("Invalid platform app"), "app_refused", "400", 2],
    [instagramError("Error validating verification code: redirect_uri differs"), "code_refused", "400", 1],
    [graphError(101, "Error validating application."), "app_refused", "101", 2],
    [graphError(190, "The session is invalid"), "refused", "190", 1],
    [graphError(4, "(#4) Application request limit reached"), "unavailable", "4", 1],
    [graphError(613, "Calls to this api have exceeded the rate limit"), "unavailable", "613", 1],
    [
      json({ error_type: "OAuthRateLimitException", code: 429, error_message: "Too many requests" }, 429),
      "unavailable",
      "429",
      1,
    ],
    [graphError(2, "Service unavailable", { is_transient: true }), "unavailable", "2", 1],
    [new Response("<html>", { status: 502 }), "unavailable", "http_502", 1],
    [json({ ok: true }), "unavailable", "unreadable_answer", 1],
    [new Error("connection lost"), "unavailable", "network", 1],
  ])("says why it did not become one (%#)", async (answer, reason, code, calls) => {
    const again = answer instanceof Response ? answer.clone() : answer;
    const { oauth, made } = client(answer, again);
    expect(await oauth.instagramCode("c", "https://r.example/")).toEqual({ ok: false, error: { reason, code } });
    expect(made).toHaveLength(calls);
  });

  it("times out", async () => {
    const { oauth } = client();
    expect(await oauth.instagramCode("c", "https://r.example/")).toEqual({
      ok: false,
      error: { reason: "unavailable", code: "timeout" },
    });
  });
});

describe("Instagram tokens", () => {
  it("are made to last, and refreshed", async () => {
    const { oauth, made } = client(
      json({ access_token: "long", token_type: "bearer", expires_in: 5_184_000 }),
      json({ access_token: "longer", token_type: "bearer", expires_in: 5_183_944 }),
    );
    expect(await oauth.instagramLongLived("short")).toEqual({
      ok: true,
      value: { accessToken: "long", expiresInMs: 5_184_000_000 },
    });
    expect(await oauth.instagramRefresh("long")).toMatchObject({ value: { accessToken: "longer" } });
    // No secret and no token in an address: addresses end up in traces.
    expect(made.map(({ method, url, form, authorization }) => [method, url.href, form, authorization])).toEqual([
      [
        "POST",
        "https://graph.instagram.com/access_token",
        { grant_type: "ig_exchange_token", client_secret: "new_secret", access_token: "short" },
        null,
      ],
      ["GET", "https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token", {}, "Bearer long"],
    ]);
  });

  it("use the documented form if Meta does not support the quiet form", async () => {
    const unsupported = (): Response => graphError(100, "Unsupported post request", { error_subcode: 33 });
    const long = { access_token: "long", expires_in: 5_184_000 };
    const { oauth, made } = client(unsupported(), json(long), unsupported(), json(long));
    expect((await oauth.instagramLongLived("short")).ok).toBe(true);
    expect((await oauth.instagramRefresh("long")).ok).toBe(true);
    expect(made.map(({ method, url }) => [method, url.searchParams.get("access_token")])).toEqual([
      ["POST", null],
      ["GET", "short"],
      ["GET", null],
      ["GET", "long"],
    ]);
  });

  it.each<[string, () => Response]>([
    ["the method is unsupported", () => graphError(100, "Unsupported request - method type: post")],
    ["the method is not allowed", () => new Response("", { status: 405 })],
    ["a parameter is missing", () => graphError(101, "Missing client_id parameter.")],
    ["the parameter is required", () => graphError(100, "(#100) The parameter access_token is required")],
    ["no token is there", () => graphError(104, "An access token is required to request this resource.")],
    ["no token was used", () => graphError(2500, "An active access token must be used to query information")],
  ])("go that way where Meta says that %s", async (_, answer) => {
    const { oauth, made } = client(answer(), json({ access_token: "long", expires_in: 1 }));
    expect((await oauth.instagramLongLived("short")).ok).toBe(true);
    expect(made).toHaveLength(2);
  });

  it.each<[string, () => Response]>([
    ["the secret is wrong", () => graphError(1, "Error validating client secret.")],
    ["the token is dead", () => graphError(190, "Error validating access token: the session has been invalidated")],
    ["the token is none", () => graphError(190, "Invalid OAuth access token - Cannot parse access token")],
    ["the token is too young", () => graphError(100, "The access token must be at least 24 hours old")],
    ["there were too many calls", () => graphError(4, "Application request limit reached")],
    ["a permission is missing", () => graphError(10, "(#10) Application does not have permission for this action")],
    [
      "something failed inside",
      () => new Response('{"error":{"code":1,"message":"Missing parameter"}}', { status: 500 }),
    ],
    ["nothing that can be read", () => new Response("<html>", { status: 400 })],
  ])("never stand in an address where Meta says that %s, once the quiet form has worked", async (_, answer) => {
    const grant = (): Response => json({ access_token: "long", expires_in: 1 });
    const answers = () => [answer(), answer(), answer(), answer()];
    const long = client(grant(), ...answers());
    expect((await long.oauth.instagramLongLived("short")).ok).toBe(true);
    expect((await long.oauth.instagramLongLived("short")).ok).toBe(false);
    const refresh = client(grant(), ...answers());
    expect((await refresh.oauth.instagramRefresh("long")).ok).toBe(true);
    expect((await refresh.oauth.instagramRefresh("long")).ok).toBe(false);
    // A code works once, so it is never tried in another form.
    const facebook = client(...answers());
    expect((await facebook.oauth.facebookCode("AQcode", "https://r.example/cb")).ok).toBe(false);
    const urls = [...long.made, ...refresh.made, ...facebook.made].map(({ url }) => url.search);
    expect(urls.filter((search) => search !== "" && search !== "?grant_type=ig_refresh_token")).toEqual([]);
  });

  it.each<[string, () => Response]>([
    ["a page that is not found", () => new Response("<html>", { status: 404 })],
    ["nothing", () => json({})],
    ["a page of its proxy", () => new Response("<html>", { status: 502 })],
    ["that it cannot parse the token", () => graphError(190, "Invalid OAuth access token - Cannot parse access token")],
    ["a code that nobody knows", () => graphError(24, "odd")],
    ["an internal code", () => graphError(1, "An unknown error has occurred.")],
    ["a passing code", () => graphError(2, "Service temporarily unavailable")],
  ])("take the documented form where the quiet one gets %s, and keep it", async (_, answer) => {
    const long = (): Response => json({ access_token: "long", expires_in: 1 });
    const { oauth, made } = client(answer(), long(), long(), answer(), long(), long());
    for (let i = 0; i < 2; i++) expect((await oauth.instagramLongLived("short")).ok).toBe(true);
    for (let i = 0; i < 2; i++) expect((await oauth.instagramRefresh("short")).ok).toBe(true);
    expect(made.map(({ url }) => url.searchParams.get("access_token"))).toEqual([
      null,
      "short",
      "short",
      null,
      "short",
      "short",
    ]);
  });

  it("are not asked for again where Meta limits calls, or the call failed inside", async () => {
    for (const answer of [graphError(4, "Application request limit reached"), new Response("", { status: 429 })]) {
      const { oauth, made } = client(answer);
      expect((await oauth.instagramRefresh("long")).ok).toBe(false);
      expect(made).toHaveLength(1);
    }
    const { oauth, made } = client(new Response('{"error":{"code":1,"message":"x"}}', { status: 500 }));
    expect((await oauth.instagramRefresh("long")).ok).toBe(false);
    expect(made).toHaveLength(1);
  });

  it("distinguish an invalid token from a failed call", async () => {
    const dead = (): Response => graphError(190, "expired", { error_subcode: 463 });
    const failed = (): Response => new Response("", { status: 500 });
    const { oauth } = client(dead(), failed(), failed());
    expect(await oauth.instagramRefresh("t")).toEqual({
      ok: false,
      error: { reason: "account", code: "190/463", problem: "token" },
    });
    expect(await oauth.instagramRefresh("t")).toMatchObject({ error: { reason: "unavailable" } });
  });

  it("name the webhooks' id and the app's own id apart", async () => {
    const { oauth, made } = client(text('{"id":"25011","user_id":17841405822304915,"username":"ana"}'));
    expect(await oauth.instagramMe("t")).toEqual({
      ok: true,
      value: { userId: "17841405822304915", appScopedId: "25011", username: "ana" },
    });
    expect(made[0]?.authorization).toBe("Bearer t");
  });
});

describe("Facebook", () => {
  it("is sent codes and secrets in the body", async () => {
    const { oauth, made } = client(json({ access_token: "short" }), json({ access_token: "long", expires_in: 1 }));
    expect((await oauth.facebookCode("AQcode", "https://r.example/cb")).ok).toBe(true);
    expect((await oauth.facebookLongLived("short")).ok).toBe(true);
    expect(made.map(({ method, url, form }) => [method, url.href, form["client_secret"], form["grant_type"]])).toEqual([
      ["POST", "https://graph.facebook.com/v26.0/oauth/access_token", "meta_secret", undefined],
      ["POST", "https://graph.facebook.com/v26.0/oauth/access_token", "meta_secret", "fb_exchange_token"],
    ]);
  });

  it("lists every Page with its token and its Instagram account, list by list", async () => {
    const first = {
      data: [
        { id: "11", name: "One", access_token: "p1", instagram_business_account: { id: "1784", username: "one" } },
        { id: "12", name: "No task here" },
      ],
      paging: { cursors: { after: "AFTER" }, next: "https://…" },
    };
    const second = { data: [{ id: "13", name: "Three", access_token: "p3" }], paging: { cursors: { after: "X" } } };
    const { oauth, made } = client(json(first), json(second));
    expect(await oauth.facebookPages("user token")).toEqual({
      ok: true,
      value: [
        { id: "11", name: "One", accessToken: "p1", instagram: { id: "1784", username: "one" } },
        { id: "13", name: "Three", accessToken: "p3", instagram: null },
      ],
    });
    expect(made.map(({ url }) => url.searchParams.get("after"))).toEqual([null, "AFTER"]);
  });

  it("goes on to the next list where only its URL has the cursor", async () => {
    const next = "https://graph.facebook.com/v26.0/1/accounts?access_token=x&limit=25&after=QVFI%3D";
    const { oauth, made } = client(
      json({ data: [{ id: "11", access_token: "p1" }], paging: { next } }),
      json({ data: [{ id: "13", access_token: "p3" }] }),
    );
    const pages = await oauth.facebookPages("user token");
    expect(pages.ok && pages.value.map(({ id }) => id)).toEqual(["11", "13"]);
    expect(made.map(({ url }) => url.searchParams.get("after"))).toEqual([null, "QVFI="]);
  });

  it("returns the owner and the permissions of a token", async () => {
    const { oauth, made } = client(
      json({ data: { is_valid: true, scopes: ["pages_messaging"], expires_at: 0, user_id: "77" } }),
    );
    expect(await oauth.debugToken("p1")).toEqual({
      ok: true,
      value: { valid: true, scopes: ["pages_messaging"], expiresAt: null, dataAccessExpiresAt: null, userId: "77" },
    });
    expect(made[0]?.authorization).toBe("Bearer 1001|meta_secret");
  });

  it("returns Meta's message about a callback without our secrets", async () => {
    const { oauth } = client(graphError(2200, "Callback failed: got meta_secret and my-verify-token"));
    const wanted = {
      object: "page",
      callbackUrl: "https://r.example/webhooks",
      fields: ["feed"],
      verifyToken: "my-verify-token",
    };
    expect(await oauth.subscribeApp(wanted)).toEqual({
      success: false,
      code: "2200",
      message: "Callback failed: got … and …",
    });
    const good = client(json({ success: true }));
    expect(await good.oauth.subscribeApp(wanted)).toEqual({ success: true, code: null, message: null });
    expect(good.made[0]).toMatchObject({ method: "POST", form: { object: "page", fields: "feed" } });
    expect([...(good.made[0]?.url.searchParams.keys() ?? [])]).toEqual(["appsecret_proof"]);
  });
});
