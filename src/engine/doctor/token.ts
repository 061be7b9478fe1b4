/** The account's token: whether Meta accepts it, its account, its expiry and its permissions. Pure. */
import { permissionStates } from "../../meta/oauth/permissions.ts";
import { TOKEN_UNREADABLE, UNREADABLE_REASON } from "../account/connection/token-schedule.ts";
import { ago, fail, good, note, warn } from "./finding.ts";
import type { AccountFacts } from "./facts.ts";
import type { Finding } from "../../api/doctor.ts";
import { LINKS } from "./links.ts";

export const WRONG_ACCOUNT_FIX =
  "Connect the account under the id in Meta's events (entry.id), with the token of that account.";

export const UNREADABLE_FIX =
  "Add the old key after the new one in TOKEN_ENCRYPTION_KEY and deploy, or connect the account again.";

/** Whether Meta accepts the token, and until when. */
export function examineToken({ state, now }: AccountFacts): Finding {
  const { token: known } = state;
  const again = "Connect the account again.";
  if (known === null) return fail("token", "No token is stored.", again, LINKS.businessLogin);
  switch (known.warning) {
    case "expired":
      return fail("token", "The token has expired.", again, LINKS.businessLogin);
    case "wrong_account":
      return fail(
        "token",
        `The token belongs to another account${known.belongsTo === null ? "" : `: ${known.belongsTo}`}.`,
        WRONG_ACCOUNT_FIX,
        LINKS.instagramWebhooks,
      );
    case "refused":
      if (known.failure === TOKEN_UNREADABLE) return fail("token", UNREADABLE_REASON, UNREADABLE_FIX, LINKS.secrets);
      return fail(
        "token",
        `Meta rejects the token${known.failure === null ? "" : ` (${known.failure})`}.`,
        again,
        LINKS.longLived,
      );
    case "expires_soon":
      return warn("token", "The token expires within seven days.", again, LINKS.businessLogin);
    case "data_access_ends": {
      const left = (known.dataAccessExpiresAt ?? now) - now;
      const when = left > 0 ? `ends in ${ago(left)}` : "has ended";
      return warn(
        "token",
        `The app's access to the data of the person who connected the account ${when}. The token itself stays valid.`,
        "The same person logs in again: connect the account again. Meta ends data access 90 days after each login.",
        LINKS.dataAccess,
      );
    }
    case null:
  }
  if (known.checkedAt === null) {
    return known.failure === null
      ? note("token", "The token has not been checked yet.")
      : warn(
          "token",
          `Meta did not respond when the token was checked (${known.failure}).`,
          "Run the checks again in a moment.",
          null,
        );
  }
  const end = known.expiresAt === null ? "does not expire" : `expires in ${ago(known.expiresAt - now)}`;
  return good("token", `Meta accepts the token; it ${end}.`);
}

/** Missing permissions: `fail` where nothing works without, else `warn`. A pasted token may not say which it has. */
export function examineScopes({ state }: AccountFacts): Finding {
  const { profile, token: known } = state;
  if (profile === null || known?.scopes == null) {
    return note(
      "scopes",
      "The permissions of this token are not known.",
      "Connect the account through /connect instead of with a pasted token. The permissions are then checked.",
      LINKS.permissions,
    );
  }
  const missing = permissionStates(profile.login, profile.platform, known.scopes).filter(({ granted }) => !granted);
  if (missing.length === 0) return good("scopes", "All permissions are granted.");
  const names = missing.map(({ name }) => name).join(", ");
  const fix = "Connect again and leave every permission on. Accounts of other people also need Advanced Access.";
  const required = missing.some((permission) => permission.required);
  return (required ? fail : warn)("scopes", `Missing permissions: ${names}.`, fix, LINKS.permissions);
}
