/** Forms of Meta's responses at a login that the simulator does not give. */
import { describe, expect, it } from "vitest";
import type { AccountRpc } from "../../../src/engine/object-rpc.ts";
import type { SubscribedAppsError } from "../../../src/engine/account/contract.ts";
import { page as pageOf } from "../../../src/engine/connect/responses.tsx";
import { connectAccount, facebookGrant, type FlowPorts, instagramCandidate } from "../../../src/engine/connect/flow.ts";
import { ResultPage } from "../../../src/engine/connect/pages/result.tsx";
import { wantedFields } from "../../../src/engine/connect/wanted-fields.ts";
import type { Objects } from "../../../src/engine/objects.ts";
import { createOAuthClient } from "../../../src/meta/oauth/login.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const BACK = "https://r.example/connect/instagram/callback";

type Answer = { status?: number; body: unknown };

/** A login at a Meta that answers each path with what is given here. */
function loginAt(answers: Record<string, Answer | ((url: URL) => Answer)>): FlowPorts {
  const oauth = createOAuthClient({
    hosts: {
      instagramOauthUrl: "https://www.instagram.com",
      instagramApiUrl: "https://api.instagram.com",
      facebookOauthUrl: "https://www.facebook.com",
      instagramUrl: "https://graph.instagram.com",
      facebookUrl: "https://graph.facebook.com",
      version: "v26.0",
    },
    instagram: { id: "1002", secrets: ["instagram-secret"] },
    facebook: { id: "1001", secrets: ["meta-secret"] },
    fetch: async (address) => {
      const url = new URL(address);
      const answer = answers[url.hostname.split(".").slice(0, 2).join(".") + url.pathname.replace("/v26.0", "")];
      if (answer === undefined) throw new Error(`unexpected request: ${url.pathname}`);
      const { status = 200, body } = typeof answer === "function" ? answer(url) : answer;
      return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
    },
  });
  const unused = () => Promise.reject(new Error("no object is needed for this"));
  return { oauth, objects: { account: unused, directory: unused }, now: () => NOON, log: () => undefined };
}

const LIVED: Answer = { body: { access_token: "IGAAlived", token_type: "bearer", expires_in: 5_183_944 } };
const GRANT = { access_token: "IGAAshort", permissions: "instagram_business_basic" };
const INSTAGRAM = {
  "api.instagram/oauth/access_token": { body: { data: [{ ...GRANT, user_id: "7001" }] } },
  "graph.instagram/access_token": LIVED,
  "graph.instagram/me": { body: { id: "7002", user_id: "17841400000000001", username: "ana" } },
} satisfies Record<string, Answer>;

describe("an Instagram login", () => {
  it.each<[string, Record<string, Answer>]>([
    ["as it is documented", {}],
    [
      "with a flat answer, and ids as numbers",
      {
        "api.instagram/oauth/access_token": {
          body: '{"access_token":"IGAAshort","user_id":7001,"permissions":["instagram_business_basic"]}',
        },
        "graph.instagram/me": { body: '{"id":7002,"user_id":17841400000000001,"username":"ana"}' },
      },
    ],
    ["with a list for `me`", { "graph.instagram/me": { body: { data: [INSTAGRAM["graph.instagram/me"].body] } } }],
  ])("gives the account under its entry.id and keeps every id of the person, %s", async (_, answers) => {
    const candidate = await instagramCandidate(loginAt({ ...INSTAGRAM, ...answers }), "AQ", BACK);
    expect(candidate).toEqual({
      ok: true,
      value: {
        id: "17841400000000001",
        ownerIds: ["7002", "7001"],
        connection: {
          platform: "instagram",
          login: "instagram",
          accessToken: "IGAAlived",
          issuedAt: NOON,
          tokenExpiresAt: NOON + 5_183_944_000,
          username: "ana",
          scopes: ["instagram_business_basic"],
        },
      },
    });
  });

  it("keeps every digit of an id that no number can hold", async () => {
    const me = { body: '{"id":1,"user_id":17841405793187218123}' };
    const candidate = await instagramCandidate(loginAt({ ...INSTAGRAM, "graph.instagram/me": me }), "AQ", BACK);
    expect(candidate).toMatchObject({ ok: true, value: { id: "17841405793187218123" } });
  });

  it.each<[string, Record<string, Answer>, object]>([
    [
      "a code that was used before",
      {
        "api.instagram/oauth/access_token": {
          status: 400,
          body: { error_type: "OAuthException", code: 400, error_message: "This authorization code has been used" },
        },
      },
      { reason: "code_refused", code: "400" },
    ],
    [
      "a secret of another app",
      {
        "api.instagram/oauth/access_token": {
          status: 400,
          body: { error_type: "OAuthException", code: 400, error_message: "Error validating client secret." },
        },
      },
      { reason: "app_refused", code: "400" },
    ],
    [
      "more logins than Meta takes at a time",
      {
        "graph.instagram/access_token": {
          status: 400,
          body: { error: { code: 4, message: "(#4) Application request limit reached" } },
        },
      },
      { reason: "meta_unavailable", code: "4" },
    ],
    [
      "a person without a professional account",
      { "graph.instagram/me": { body: { id: "7002", username: "ana" } } },
      { reason: "no_account" },
    ],
    [
      "a page of HTML where an answer should be",
      { "api.instagram/oauth/access_token": { status: 502, body: "<html>" } },
      { reason: "meta_unavailable", code: "http_502" },
    ],
    [
      "a token that dies on the way",
      { "graph.instagram/me": { status: 400, body: { error: { code: 190, error_subcode: 460 } } } },
      { reason: "refused", code: "190/460" },
    ],
  ])("ends with its own page for %s", async (_, answers, error) => {
    const candidate = await instagramCandidate(loginAt({ ...INSTAGRAM, ...answers }), "AQ", BACK);
    expect(candidate).toEqual({ ok: false, error });
  });
});

describe("a Facebook login", () => {
  const page = (id: string) => ({ id, name: `Page ${id}`, access_token: `EAA${id}` });
  const FACEBOOK = {
    "graph.facebook/oauth/access_token": { body: { access_token: "EAAuser", token_type: "bearer" } },
    "graph.facebook/me": { body: { id: "9001", name: "Ana" } },
    "graph.facebook/debug_token": { body: { data: { is_valid: true, scopes: ["pages_show_list"] } } },
  } satisfies Record<string, Answer>;

  it("follows Meta's lists of Pages to their end, and leaves out those without a token", async () => {
    const accounts = (url: URL): Answer =>
      url.searchParams.get("after") === "c1"
        ? { body: { data: [page("102")], paging: { cursors: { after: "c2" } } } }
        : {
            body: {
              data: [page("101"), { id: "103", name: "no task on it" }],
              paging: { cursors: { after: "c1" }, next: "https://graph.facebook.com/v26.0/me/accounts?after=c1" },
            },
          };
    const granted = await facebookGrant(loginAt({ ...FACEBOOK, "graph.facebook/me/accounts": accounts }), "AQ", BACK);
    expect(granted).toMatchObject({
      ok: true,
      value: {
        grant: { userToken: "EAAuser", userId: "9001", scopes: ["pages_show_list"] },
        pages: [{ id: "101" }, { id: "102" }],
      },
    });
  });

  it("of a person without a Page ends with a page of its own", async () => {
    const none = { "graph.facebook/me/accounts": { body: { data: [] } } };
    expect(await facebookGrant(loginAt({ ...FACEBOOK, ...none }), "AQ", BACK)).toEqual({
      ok: false,
      error: { reason: "no_pages" },
    });
  });
});

describe("the events of an account that has just logged in", () => {
  const LISTS = wantedFields("instagram", "instagram", null);
  const connection = { platform: "instagram", login: "instagram", accessToken: "token-not-real" } as const;

  /** Connects it at a Meta that answers each subscription with the next of these. */
  async function connected(...errors: SubscribedAppsError[]) {
    const asked: string[][] = [];
    const account: Pick<AccountRpc, "link" | "subscribedApps"> = {
      link: async (id) => ({
        id,
        platform: "instagram",
        login: "instagram",
        username: "ana",
        sendAs: null,
        tokenExpiresAt: null,
        connectedAt: NOON,
      }),
      subscribedApps: async (_id, request) => {
        if (request.method === "POST") asked.push(request.fields);
        const error = errors.shift();
        return error === undefined ? { ok: true, value: { apps: [] } } : { ok: false, error };
      },
    };
    const objects: Objects = {
      account: (_id, ask) => ask(account as AccountRpc),
      directory: (ask) => ask({ own: async () => undefined } as unknown as Parameters<typeof ask>[0]),
    };
    const made = await connectAccount({ objects, log: () => undefined }, { id: "1", connection, ownerIds: [] });
    const shown = pageOf(ResultPage({ accounts: [made], lost: [], again: "/connect/instagram", guest: false }));
    return { asked, subscription: made.subscription, words: await shown.text() };
  }

  const refusal = (
    problem: Extract<SubscribedAppsError, { reason: "refused" }>["problem"],
    code: string,
  ): SubscribedAppsError => ({ reason: "refused", problem, code, message: "" });

  it("are asked for in a shorter list where Meta does not accept something in the whole one", async () => {
    const { asked, subscription } = await connected(...LISTS.slice(1).map(() => refusal("refused", "100")));
    expect(asked.length).toBeGreaterThan(1);
    expect(asked).toEqual(LISTS);
    expect(subscription).toEqual({ ok: true, fields: LISTS.at(-1) });
  });

  it.each<[string, SubscribedAppsError, object, RegExp, boolean]>([
    [
      "comes too fast for Meta",
      refusal("throttled", "4"),
      { code: "4", again: "soon" },
      /rate limit\. \(4\) Replyline retries automatically in about ten minutes/,
      false,
    ],
    [
      "is refused for the account's sake",
      refusal("account", "200"),
      { code: "200", again: "daily" },
      /Check the permissions .* Replyline retries automatically once a day/,
      true,
    ],
    [
      "is refused for a reason that is new",
      refusal("refused", "4242"),
      { again: "daily" },
      /Meta error code|4242/,
      true,
    ],
    [
      "gets no answer",
      { reason: "unreachable", message: "" },
      { code: "unreachable", again: "soon" },
      /ten min/,
      false,
    ],
  ])("stay wanted as a whole where the call %s", async (_, error, outcome, words, button) => {
    const { asked, subscription, words: shown } = await connected(error);
    expect(asked).toEqual([LISTS[0]]);
    expect(subscription).toMatchObject({ ok: false, ...outcome });
    expect(shown).toMatch(words);
    expect(shown.includes("Connect again")).toBe(button);
  });
});
