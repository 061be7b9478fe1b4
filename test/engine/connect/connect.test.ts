/** What the simulator cannot show: other origins, configuration, and what happens when our own objects fail. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createConnectApp } from "../../../src/engine/connect/app.tsx";
import { readConnectConfig } from "../../../src/engine/connect/config.ts";
import { inviteUrl, newInviteId, readInviteToken } from "../../../src/engine/connect/invite-link.ts";
import { wantedFields } from "../../../src/engine/connect/wanted-fields.ts";
import { hashOf } from "../../../src/engine/connect/login-secrets.ts";
import type { EngineEnv } from "../../../src/engine/env.ts";
import { scopesOf } from "../../../src/meta/oauth/permissions.ts";

const open = (url: string, vars: Partial<EngineEnv> = {}, headers: Record<string, string> = {}) =>
  createConnectApp().request(
    url,
    { headers: { Authorization: `Bearer ${env.ADMIN_TOKEN}`, ...headers } },
    { ...env, ...vars },
  );

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the start of a login", () => {
  it("sets a cookie that only https and only this host can have, and goes to Meta and nowhere else", async () => {
    const response = await open("https://r.example/connect/instagram");
    expect(response.status).toBe(302);
    const to = new URL(response.headers.get("Location") ?? "");
    expect(to.origin + to.pathname).toBe("https://www.instagram.com/oauth/authorize");
    expect(to.searchParams.get("redirect_uri")).toBe("https://r.example/connect/instagram/callback");
    expect(to.searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    expect(response.headers.get("Set-Cookie")).toMatch(
      /^__Host-replyline_connect=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  });

  it("does without on the machine itself", async () => {
    const response = await open("http://localhost:8787/connect/facebook");
    const to = new URL(response.headers.get("Location") ?? "");
    expect(to.origin + to.pathname).toBe("https://www.facebook.com/v26.0/dialog/oauth");
    expect(response.headers.get("Set-Cookie")).toMatch(/^replyline_connect=[\w-]{43}; .*HttpOnly; SameSite=Lax$/);
    expect(response.headers.get("Set-Cookie")).not.toContain("Secure");
  });

  it("takes place over no plain http but the machine's own, by the owner or by a guest", async () => {
    const invite = { id: newInviteId(), login: null, label: null, expiresAt: Date.now() + 60_000 };
    await env.DIRECTORY.getByName("directory").createInvite(invite);
    const step = `callback?code=AQ&state=${"S".repeat(43)}`;
    for (const path of [
      "",
      "/instagram",
      `/instagram/${step}`,
      `/invite/${invite.id}`,
      `/invite/${invite.id}/facebook`,
    ]) {
      const response = await open(`http://r.example/connect${path}`);
      expect([path, response.status, response.headers.get("Set-Cookie")]).toEqual([path, 400, null]);
      expect(await response.text()).toContain("The address uses http.");
    }
    expect((await open("http://127.0.0.1:8787/connect")).status).toBe(200);
    expect((await open("http://r.example/connect", { PUBLIC_URL: "https://r.example" })).status).toBe(200);
  });

  it("takes place under the public address, and ends no circle when a proxy changes names", async () => {
    const vars = { PUBLIC_URL: "https://r.example/" };
    const moved = await open("https://replyline.someone.workers.dev/connect/instagram", vars);
    expect([moved.status, moved.headers.get("Location")]).toEqual([302, "https://r.example/connect/instagram?moved=1"]);
    const behindProxy = await open("http://10.0.0.7/connect/instagram?moved=1", vars);
    const to = new URL(behindProxy.headers.get("Location") ?? "");
    expect(to.searchParams.get("redirect_uri")).toBe("https://r.example/connect/instagram/callback");
    // A tunnel ends https in front of us: the host is the same, so nothing is moved.
    const tunnel = await open("http://r.example/connect/instagram", vars);
    expect(tunnel.headers.get("Location")).toMatch(/^https:\/\/www\.instagram\.com\//);
    expect(tunnel.headers.get("Set-Cookie")).toContain("__Host-");
  });

  it("names a Facebook Login for Business configuration where there is one", async () => {
    const response = await open("https://r.example/connect/facebook", { FACEBOOK_LOGIN_CONFIG_ID: "77" });
    const { searchParams } = new URL(response.headers.get("Location") ?? "");
    expect([searchParams.get("config_id"), searchParams.get("scope")]).toEqual(["77", null]);
  });

  it("requests extra permissions with Facebook Login only, and each once", async () => {
    const vars = { FACEBOOK_EXTRA_SCOPES: " business_management, pages_messaging" };
    const scopes = async (path: string): Promise<string[]> => {
      const response = await open(`https://r.example${path}`, vars);
      return (new URL(response.headers.get("Location") ?? "").searchParams.get("scope") ?? "").split(",");
    };
    const facebook = await scopes("/connect/facebook");
    expect(facebook).toContain("business_management");
    expect(facebook.filter((scope) => scope === "pages_messaging")).toHaveLength(1);
    expect(await scopes("/connect/instagram")).not.toContain("business_management");
  });

  it("keeps hashes of what the browser holds, and not the thing itself", async () => {
    const response = await open("https://r.example/connect/instagram");
    const state = new URL(response.headers.get("Location") ?? "").searchParams.get("state") ?? "";
    const cookie = /=([\w-]{43});/.exec(response.headers.get("Set-Cookie") ?? "")?.[1] ?? "";
    const directory = env.DIRECTORY.getByName("directory");
    expect(await directory.takeStep(state, cookie)).toBeNull();
    expect(await directory.takeStep(await hashOf(state), await hashOf(cookie))).toMatchObject({ login: "instagram" });
  });

  it.each([
    { INSTAGRAM_OAUTH_URL: "http://www.instagram.com" },
    { FACEBOOK_EXTRA_SCOPES: "business_management;x" },
    { PUBLIC_URL: "r.example" },
    { ADMIN_TOKEN: "" },
  ])("does not begin when it is set up wrongly (%o)", async (vars) => {
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    const response = await open("https://r.example/connect/instagram", vars);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("Something went wrong");
  });

  it("is refused with another token", async () => {
    const response = await open(
      "https://r.example/connect/instagram",
      {},
      { Authorization: "Bearer wrong-token-wrong" },
    );
    expect(response.status).toBe(401);
    expect(response.headers.get("Set-Cookie")).toBeNull();
  });

  it("answers nothing that is not a route, and no other method", async () => {
    const unknown = await open("https://r.example/connect/twitter");
    expect([unknown.status, unknown.headers.get("Content-Type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(await unknown.text()).toContain("Page not found");
    const posted = await createConnectApp().request("https://r.example/connect/instagram", { method: "POST" }, env);
    expect(posted.status).toBe(404);
  });
});

describe("a step that is too old", () => {
  it("is refused as if it had never been", async () => {
    const state = "S".repeat(43);
    const browser = "B".repeat(43);
    await env.DIRECTORY.getByName("directory").beginStep({
      hash: await hashOf(state),
      browser: await hashOf(browser),
      step: "login",
      login: "instagram",
      redirectUri: "https://r.example/connect/instagram/callback",
      inviteId: null,
      sealed: null,
      expiresAt: Date.now() - 1,
    });
    const Cookie = `__Host-replyline_connect=${browser}`;
    const response = await open(`https://r.example/connect/instagram/callback?code=AQ&state=${state}`, {}, { Cookie });
    expect(response.status).toBe(400);
  });
});

describe("the choice of Pages", () => {
  /** Posts a form without a length, and says how much of it was taken. */
  async function posted(headers: Record<string, string>): Promise<{ status: number; read: number }> {
    let read = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const chunk = new TextEncoder().encode("x=".padEnd(65_536, "x"));
          read += chunk.byteLength;
          controller.enqueue(chunk);
          if (read > 8_000_000) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    const init = { method: "POST", body, headers: { ...type, ...headers } };
    const response = await createConnectApp().request("https://r.example/connect/facebook/choose", init, env);
    return { status: response.status, read };
  }

  it("is read no further than a form can be long, and not at all without a login under way", async () => {
    expect(await posted({})).toEqual({ status: 400, read: 0 });
    const cookie = { Cookie: `__Host-replyline_connect=${"B".repeat(43)}` };
    const { status, read } = await posted(cookie);
    expect([status, read <= 4 * 65_536]).toEqual([400, true]);
  });
});

describe("an invite's address", () => {
  const directory = env.DIRECTORY.getByName("directory");

  async function invited(more: { expiresAt?: number } = {}): Promise<string> {
    const id = newInviteId();
    await directory.createInvite({ id, login: null, label: "Ana", expiresAt: Date.now() + 60_000, ...more });
    return id;
  }

  const openInvite = async (token: string, vars: Partial<EngineEnv> = {}): Promise<number> =>
    (await createConnectApp().request(inviteUrl("https://r.example", token), {}, { ...env, ...vars })).status;

  it("is good under any key, and in the form that an earlier version gave it", async () => {
    const id = await invited();
    expect(await openInvite(id)).toBe(200);
    expect(await openInvite(id, { TOKEN_ENCRYPTION_KEY: "B".repeat(42) + "A" })).toBe(200);
    expect(await openInvite(`${id}.mhd3k1c0.${"s".repeat(43)}`)).toBe(200);
  });

  it("is good until its time, its use or its withdrawal, and made up it never is", async () => {
    const [used, revoked] = [await invited(), await invited()];
    await directory.claimInvite(used);
    await directory.revokeInvite(revoked);
    const late = await invited({ expiresAt: Date.now() - 1 });
    for (const token of [used, revoked, late, newInviteId(), "a.b.c", `${await invited()}x`]) {
      expect(await openInvite(token), token).toBe(410);
    }
  });

  it("of a form that is none of ours is not looked up", () => {
    for (const token of ["", "short", `${newInviteId()}.x`, `${newInviteId()}.mhd3k1c0`]) {
      expect(readInviteToken(token), token).toBeNull();
    }
  });
});

describe("the fields that a new connection asks for", () => {
  it("are those that its permissions allow, and then the few that matter most", () => {
    const [all = [], essential = [], certain = []] = wantedFields("instagram", "instagram", scopesOf("instagram"));
    expect(all).toEqual(expect.arrayContaining(["comments", "messages", "standby"]));
    expect(all).not.toContain("mentions");
    expect(essential).toEqual(["comments", "live_comments", "messages", "message_echoes", "messaging_postbacks"]);
    // Meta may not have echoes for this app.
    expect(certain).toEqual(["comments", "live_comments", "messages", "messaging_postbacks"]);
    const commentsOnly = ["instagram_business_basic", "instagram_business_manage_comments"];
    expect(wantedFields("instagram", "instagram", commentsOnly)).toEqual([["comments", "live_comments"]]);
    expect(wantedFields("instagram", "instagram", [])).toEqual([]);
    expect(wantedFields("instagram", "instagram", null)[0]).toEqual(all);
  });

  it("of a Page are what automations answer, and behind a Page any one of the Page's", () => {
    const [page = [], essential = []] = wantedFields("facebook", "page", scopesOf("facebook"));
    expect(page).toEqual(expect.arrayContaining(["feed", "messages", "message_echoes"]));
    expect(page).not.toContain("leadgen");
    expect(essential).toEqual(["feed", "messages", "message_echoes", "messaging_postbacks"]);
    expect(wantedFields("facebook", "instagram", [])).toEqual([["feed"]]);
  });
});

describe("the configuration of the logins", () => {
  it("has Meta's addresses where nothing is set", () => {
    expect(readConnectConfig({ PUBLIC_URL: "" })).toEqual({
      ok: true,
      value: {
        instagramOauthUrl: "https://www.instagram.com",
        instagramApiUrl: "https://api.instagram.com",
        facebookOauthUrl: "https://www.facebook.com",
        publicUrl: null,
        facebookExtraScopes: [],
        facebookLoginConfigId: null,
        verifyToken: null,
      },
    });
  });

  it.each([
    ["PUBLIC_URL", "https://r.example/path"],
    ["PUBLIC_URL", "http://r.example"],
    ["FACEBOOK_OAUTH_URL", "ftp://x"],
    ["INSTAGRAM_API_URL", "https://user:pass@api.instagram.com"],
  ] as const)("names %s when it is wrong", (variable, value) => {
    const result = readConnectConfig({ [variable]: value });
    expect(result.ok ? [] : result.error.map((problem) => problem.variable)).toEqual([variable]);
  });
});
