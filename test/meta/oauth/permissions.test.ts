import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../../src/meta/fields.ts";
import { clientSecrets } from "../../../src/meta/oauth/app-secrets.ts";
import { permissionStates, scopesOf } from "../../../src/meta/oauth/permissions.ts";
import { facebookAuthorizeUrl, instagramAuthorizeUrl, type OAuthHosts } from "../../../src/meta/oauth/login-request.ts";

const HOSTS: OAuthHosts = {
  instagramOauthUrl: "https://www.instagram.com",
  instagramApiUrl: "https://api.instagram.com",
  instagramUrl: "https://graph.instagram.com",
  facebookOauthUrl: "https://www.facebook.com",
  facebookUrl: "https://graph.facebook.com",
  version: "v26.0",
};

describe("the permissions of a login", () => {
  it("cover every field of comments and messages that its set-up has", () => {
    const needed = (setups: Parameters<typeof fieldsOf>[0][], without: RegExp): string[] =>
      [...new Set(setups.flatMap((setup) => fieldsOf(setup).flatMap(({ permissions }) => permissions)))].filter(
        (name) => !without.test(name),
      );
    expect(scopesOf("instagram")).toEqual(expect.arrayContaining(needed(["instagram_login"], /^$/)));
    expect(scopesOf("facebook")).toEqual(
      expect.arrayContaining(needed(["facebook_login", "messenger_instagram", "page"], /insights|leads/)),
    );
  });

  it("are shown by what the account at hand uses, granted or not", () => {
    const page = permissionStates("facebook", "page", ["pages_messaging"]);
    expect(page.map(({ name }) => name)).not.toContain("instagram_basic");
    expect(page.find(({ name }) => name === "pages_messaging")).toMatchObject({ granted: true, required: false });
    expect(page.find(({ name }) => name === "pages_manage_metadata")).toMatchObject({ granted: false, required: true });
    // Private replies of an Instagram account behind a Page need it too.
    const instagram = permissionStates("facebook", "instagram", []);
    expect(instagram.find(({ name }) => name === "pages_messaging")).toMatchObject({ granted: false, required: false });
    expect(instagram.map(({ name }) => name)).not.toContain("pages_manage_engagement");
  });
});

describe("an authorize address", () => {
  const wanted = { clientId: "2002", redirectUri: "https://r.example/cb?x=1&y", state: "s t", scopes: ["a", "b"] };

  it("carries each part encoded", () => {
    const url = new URL(instagramAuthorizeUrl(HOSTS, wanted));
    expect(`${url.origin}${url.pathname}`).toBe("https://www.instagram.com/oauth/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "2002",
      redirect_uri: "https://r.example/cb?x=1&y",
      response_type: "code",
      scope: "a,b",
      state: "s t",
    });
  });

  it("names a configuration of Login for Business instead of permissions where there is one", () => {
    const plain = new URL(facebookAuthorizeUrl(HOSTS, wanted, null));
    expect(plain.pathname).toBe("/v26.0/dialog/oauth");
    expect([plain.searchParams.get("scope"), plain.searchParams.get("config_id")]).toEqual(["a,b", null]);
    const business = new URL(facebookAuthorizeUrl(HOSTS, wanted, "99"));
    expect([business.searchParams.get("scope"), business.searchParams.get("config_id")]).toEqual([null, "99"]);
  });
});

describe("the client secret of a login", () => {
  it.each([
    ["instagram:a,meta:b", ["a"], ["b"]],
    ["instagram:a,instagram-old:c,meta:b", ["a", "c"], ["b"]],
    ["a,b", ["a", "b"], ["a", "b"]],
    ["instagram:a", ["a"], ["a"]],
    ["meta:b", ["b"], ["b"]],
    ["", [], []],
  ])("is chosen from %s by label", (setting, instagram, facebook) => {
    expect(clientSecrets("instagram", setting)).toEqual(instagram);
    expect(clientSecrets("facebook", setting)).toEqual(facebook);
  });
});
