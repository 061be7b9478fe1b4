import { describe, expect, it, vi } from "vitest";
import { checkToken } from "../../../../src/engine/account/connection/token-check.ts";
import { createOAuthClient } from "../../../../src/meta/oauth/login.ts";
import { profile } from "../../api/fakes.ts";

const IG = "17841460928374651";

/** A Graph where the token is of a system user that can read the Instagram account. */
function client() {
  const fetch = vi.fn(async (url: string) =>
    Response.json({ id: new URL(url).pathname.endsWith(`/${IG}`) ? IG : "900900" }),
  );
  const app = { id: "1", secrets: [] };
  const oauth = createOAuthClient({
    hosts: {
      instagramOauthUrl: "https://www.instagram.com",
      instagramApiUrl: "https://api.instagram.com",
      instagramUrl: "https://graph.instagram.com",
      facebookOauthUrl: "https://www.facebook.com",
      facebookUrl: "https://graph.facebook.com",
      version: "v26.0",
    },
    instagram: app,
    facebook: app,
    fetch,
  });
  return { oauth, fetch };
}

describe("the check of a token", () => {
  it("reads the account itself with Unified Login, because `me` is a system user", async () => {
    const { oauth, fetch } = client();
    const unified = profile({ id: IG, login: "facebook", sendAs: IG });
    expect(await checkToken(oauth, unified, "t", false)).toMatchObject({ ok: true, value: { accountId: IG } });
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([`https://graph.facebook.com/v26.0/${IG}?fields=id`]);
  });

  it("reads `me` for an Instagram account behind a Page, to recognize another account's token", async () => {
    const { oauth } = client();
    const behindPage = profile({ id: IG, login: "facebook", sendAs: "104958372615049" });
    expect(await checkToken(oauth, behindPage, "t", false)).toMatchObject({ value: { accountId: "900900" } });
  });
});
