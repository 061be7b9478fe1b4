import { describe, expect, it } from "vitest";
import { type ConfigSource, readConfig } from "../../src/engine/config.ts";
import { VARS } from "./api/fakes.ts";

const read = (change: ConfigSource) => readConfig({ ...VARS, ...change });

function problemsOf(change: ConfigSource): string[] {
  const result = read(change);
  return result.ok ? [] : result.error.map(({ message }) => message);
}

describe("the engine's configuration", () => {
  it("is one validated object", () => {
    const result = read({ INSTAGRAM_GRAPH_URL: "http://127.0.0.1:8790/", REPLY_DEFER_SECONDS: " 30 " });
    expect(result).toEqual({
      ok: true,
      value: {
        graphApiVersion: "v26.0",
        instagramGraphUrl: "http://127.0.0.1:8790",
        facebookGraphUrl: "https://graph.facebook.com",
        replyDeferSeconds: 30,
        adminToken: VARS.ADMIN_TOKEN,
        tokenEncryptionKeys: [new Uint8Array(32)],
        metaAppSecrets: VARS.META_APP_SECRETS,
        metaAppId: VARS.META_APP_ID,
        instagramAppId: VARS.INSTAGRAM_APP_ID,
        access: null,
      },
    });
  });

  it.each(["ADMIN_TOKEN", "TOKEN_ENCRYPTION_KEY", "META_APP_SECRETS", "META_APP_ID", "INSTAGRAM_APP_ID"] as const)(
    "reports %s when it is missing, and how to set it",
    (variable) => {
      for (const value of [undefined, "", "  "]) {
        const { [variable]: _left, ...others } = VARS;
        const result = readConfig(value === undefined ? others : { ...others, [variable]: value });
        expect(result.ok).toBe(false);
        if (result.ok) continue;
        expect(result.error.map((problem) => problem.variable)).toEqual([variable]);
        expect(result.error[0]?.message).toMatch(
          new RegExp(`^${variable} is missing\\. .*npx wrangler secret put ${variable} -c wrangler.engine.toml`),
        );
      }
    },
  );

  it("reports all problems at once", () => {
    const result = readConfig({});
    expect(result.ok ? [] : result.error.map(({ variable }) => variable).toSorted()).toEqual([
      "ADMIN_TOKEN",
      "INSTAGRAM_APP_ID",
      "META_APP_ID",
      "META_APP_SECRETS",
      "TOKEN_ENCRYPTION_KEY",
    ]);
  });

  it("has defaults for optional variables of wrangler.engine.toml", () => {
    const {
      GRAPH_API_VERSION: _a,
      INSTAGRAM_GRAPH_URL: _b,
      FACEBOOK_GRAPH_URL: _c,
      REPLY_DEFER_SECONDS: _d,
      ...secrets
    } = VARS;
    expect(readConfig(secrets)).toEqual(readConfig(VARS));
  });

  it("never contains a value in an error", () => {
    const secret = "c2VjcmV0LXRoYXQtaXMtd3Jvbmc";
    const messages = problemsOf({
      ADMIN_TOKEN: "short-secret",
      TOKEN_ENCRYPTION_KEY: secret,
      INSTAGRAM_GRAPH_URL: `http://${secret}.example`,
      GRAPH_API_VERSION: secret,
    }).join("\n");
    expect(messages).toContain("ADMIN_TOKEN is too short");
    expect(messages).not.toContain(secret);
    expect(messages).not.toContain("short-secret");
  });

  it("accepts several encryption keys, of which the first encrypts", () => {
    const second = `${"A".repeat(42)}8`;
    const result = read({ TOKEN_ENCRYPTION_KEY: `${second}=, ${VARS.TOKEN_ENCRYPTION_KEY}` });
    expect(result.ok && result.value.tokenEncryptionKeys.map((key) => key[31])).toEqual([15, 0]);
  });

  it.each(["A".repeat(42), "A".repeat(44), `${"A".repeat(42)}+`, `${"A".repeat(43)},`, "not a key"])(
    "refuses the encryption key %s",
    (TOKEN_ENCRYPTION_KEY) => {
      expect(problemsOf({ TOKEN_ENCRYPTION_KEY }).join()).toContain("is not 32 bytes in base64url");
    },
  );

  it.each([
    "http://graph.example",
    "graph.instagram.com",
    "https://user@graph.example",
    "https://a.example?x=1",
    "ftp://localhost",
  ])("refuses %s as a Graph API URL: a token would be sent there", (FACEBOOK_GRAPH_URL) => {
    expect(problemsOf({ FACEBOOK_GRAPH_URL })).toEqual([expect.stringMatching(/^FACEBOOK_GRAPH_URL is not an https/)]);
  });

  it.each(["-1", "1.5", "86401", "ten", "1e9"])("refuses a delay of %s seconds", (REPLY_DEFER_SECONDS) => {
    expect(problemsOf({ REPLY_DEFER_SECONDS })).toEqual([expect.stringContaining("from 0 to 86400")]);
  });

  it.each(["26.0", "v26", "latest", "v26.0/me"])("refuses the Graph version %s", (GRAPH_API_VERSION) => {
    expect(problemsOf({ GRAPH_API_VERSION })).toEqual([expect.stringContaining("such as v26.0")]);
  });

  it("accepts Cloudflare Access's team domain with or without https://", () => {
    for (const domain of ["Team.cloudflareaccess.com", "https://team.cloudflareaccess.com/"]) {
      const result = read({ ACCESS_TEAM_DOMAIN: domain, ACCESS_AUD: "aud-tag" });
      expect(result.ok && result.value.access).toEqual({
        issuer: "https://team.cloudflareaccess.com",
        audience: "aud-tag",
      });
    }
  });

  it("refuses only one variable of Cloudflare Access: it would look like protection but protect nothing", () => {
    expect(problemsOf({ ACCESS_AUD: "aud-tag" })).toEqual([expect.stringMatching(/^ACCESS_TEAM_DOMAIN is not a host/)]);
    expect(problemsOf({ ACCESS_TEAM_DOMAIN: "team.cloudflareaccess.com" })).toEqual([
      expect.stringMatching(/^ACCESS_AUD is missing/),
    ]);
    expect(problemsOf({ ACCESS_TEAM_DOMAIN: "team/../evil", ACCESS_AUD: "aud-tag" })).toHaveLength(1);
  });
});
