import { ok, type Result } from "../../../core/result.ts";
import type { GraphProblem } from "../../../meta/graph/response.ts";
import type { OAuthClient } from "../../../meta/oauth/login.ts";
import type { Profile } from "../../../api/account.ts";
import type { TokenCheck } from "../ports.ts";

/**
 * Whether Meta accepts the token, and whose it is. `me` decides; what `debug_token` adds (scopes, expiry, the person) is
 * welcome, and its failure says nothing: it is asked with the app's own secret, which may be the wrong one.
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
  const me = await oauth.facebookMe(token);
  if (!me.ok) return me;
  // Meta takes the token in the address there, so it is asked no more often than it must be.
  if (!wantsFacts) return ok({ accountId: me.value, ownerId: null, scopes: null });
  const facts = await oauth.debugToken(token);
  if (!facts.ok || !facts.value.valid) return ok({ accountId: me.value, ownerId: null, scopes: null });
  const { scopes, expiresAt, userId } = facts.value;
  // Of a Page's token, `user_id` is the person who connected it.
  return ok({ accountId: me.value, ownerId: userId === me.value ? null : userId, scopes, expiresAt });
}
