import { ok, type Result } from "../../../core/result.ts";
import type { GraphProblem } from "../../../meta/graph/response.ts";
import type { OAuthClient } from "../../../meta/oauth/login.ts";
import type { Profile } from "../../../api/account.ts";
import type { TokenCheck } from "../ports.ts";

/**
 * Checks that Meta accepts the token, and which account it belongs to. `me` decides. `debug_token` adds scopes, expiry
 * and the person. A failure of `debug_token` is ignored: that call uses the app secret, which may be the wrong one.
 */
export async function checkToken(
  oauth: OAuthClient,
  profile: Profile,
  token: string,
  wantsFacts: boolean,
): Promise<Result<TokenCheck, GraphProblem>> {
  if (profile.login === "instagram") {
    const me = await oauth.instagramMe(token);
    if (!me.ok) return me;
    return ok({ accountId: me.value.userId, ownerId: me.value.appScopedId, scopes: null });
  }
  // Unified Login: the token is of a system user, and `me` is that user. The account's own id is the node.
  const isUnified = profile.platform === "instagram" && profile.sendAs === profile.id;
  const me = isUnified ? await oauth.facebookAccount(token, profile.id) : await oauth.facebookMe(token);
  if (!me.ok) return me;
  // `debug_token` takes the token in the URL, so it is called only when it is needed.
  if (!wantsFacts) return ok({ accountId: me.value, ownerId: null, scopes: null });
  const facts = await oauth.debugToken(token);
  if (!facts.ok || !facts.value.valid) return ok({ accountId: me.value, ownerId: null, scopes: null });
  const { scopes, expiresAt, dataAccessExpiresAt, userId } = facts.value;
  // For a Page token, `user_id` is the person who connected the Page.
  return ok({
    accountId: me.value,
    ownerId: isUnified || userId === me.value ? null : userId,
    scopes,
    expiresAt,
    dataAccessExpiresAt,
  });
}
