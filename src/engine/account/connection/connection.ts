/** Connects the account, replaces its connection, and disconnects it. */
import { newToken } from "./token-schedule.ts";
import { armAlarm } from "../alarm.ts";
import { registerAwake, syncSummary } from "../directory-sync.ts";
import type { NewConnection } from "../contract.ts";
import type { Profile } from "../../../api/account.ts";
import type { AccountPorts } from "../ports.ts";
import { auditSubscription, wantFields } from "./subscription-repair.ts";
import { connectReconciler } from "../ingest/reconcile.ts";
import { deleteToken, putToken } from "../tables/credentials.ts";
import { getValue, markReconnected, setValue } from "../tables/settings.ts";

/** Stores the token and the profile. Replies that waited for a token can be sent again. */
export async function link(ports: AccountPorts, accountId: string, connection: NewConnection): Promise<Profile> {
  const { platform, login, accessToken, sendAs, username, tokenExpiresAt, scopes, issuedAt } = connection;
  const sealed = await ports.tokenEncryption.seal(accountId, accessToken);
  const now = ports.now();
  const known = getValue(ports.sql, "profile");
  const profile: Profile = {
    id: accountId,
    platform,
    login,
    username: username ?? null,
    sendAs: sendAs ?? null,
    tokenExpiresAt: tokenExpiresAt ?? null,
    connectedAt: known?.connectedAt ?? now,
  };
  ports.sql.transaction(() => {
    putToken(ports.sql, sealed, now);
    setValue(ports.sql, "profile", profile);
    markReconnected(ports.sql);
    setValue(ports.sql, "token", newToken(now, { tokenExpiresAt, scopes, issuedAt }));
    // Webhook field names differ between the two logins.
    if (known?.login !== login || known.platform !== platform) wantFields(ports, null);
    else auditSubscription(ports);
    // Replies that waited for a token can be sent again.
    const hold = getValue(ports.sql, "hold");
    if (hold?.problem === "token" || hold?.problem === "permission") setValue(ports.sql, "hold", null);
    connectReconciler(ports);
  });
  armAlarm(ports);
  await registerAwake(ports, accountId);
  await syncSummary(ports, accountId, true);
  return profile;
}

/** Deletes the token and the profile. Events and replies stay. Pending replies wait for a new connection, or expire. */
export async function unlink(ports: AccountPorts, accountId: string): Promise<void> {
  ports.sql.transaction(() => {
    deleteToken(ports.sql);
    if (getValue(ports.sql, "profile") !== null) markReconnected(ports.sql);
    setValue(ports.sql, "profile", null);
    setValue(ports.sql, "token", null);
    wantFields(ports, null);
    setValue(ports.sql, "hold", null);
    // What came while the account was not connected is not answered after the next connection.
    setValue(ports.sql, "reconcile", null);
  });
  armAlarm(ports);
  await syncSummary(ports, accountId, true);
}
